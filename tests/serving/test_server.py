import json
import re
import socket
from http.client import HTTPConnection
from threading import Thread
from time import monotonic, sleep

import pytest
import uvicorn

from serving.keys import Keys
from serving.server import configure, listen, opened, run
from serving.settings import BadSettings, Settings
from serving.store import engine, people


@pytest.fixture(scope="module")
def running(scorer):
    """A real server, and its address."""
    server = uvicorn.Server(configure(scorer, Settings(port=0)))
    with listen("127.0.0.1", 0) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = monotonic() + 10
        while not server.started and monotonic() < until:
            sleep(0.01)
        yield server, listening.getsockname()
        server.should_exit = True
        thread.join()


@pytest.fixture
def connection(running):
    connection = HTTPConnection(*running[1], timeout=10)
    yield connection
    connection.close()


def post(connection, body, **options):
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/score", body, headers, **options)
    answer = connection.getresponse()
    return answer, json.loads(answer.read())


def test_a_real_server_scores_and_does_not_name_itself(connection, scorer):
    answer, score = post(connection, json.dumps({"text": "Cook wanted"}))
    assert (answer.status, score["model"]) == (200, scorer.version)
    assert answer.getheader("server") is None


def test_answers_on_one_connection_are_sent_at_once(running, connection):
    answers = [post(connection, json.dumps({"text": "Cook wanted"}))[0] for _ in range(20)]
    accepted = [
        each.transport.get_extra_info("socket") for each in running[0].server_state.connections
    ]
    assert {answer.status for answer in answers} == {200}
    assert accepted
    assert all(each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for each in accepted)


@pytest.mark.parametrize("chunked", [False, True], ids=["at once", "in chunks"])
def test_a_client_learns_that_its_body_is_too_large(connection, chunked):
    body = b"[" * 1_100_000
    chunks = (body[i : i + 65_536] for i in range(0, len(body), 65_536))
    answer, problem = post(connection, chunks if chunked else body, encode_chunked=chunked)
    assert answer.status == problem["status"] == 413
    assert post(connection, json.dumps({"text": "Cook wanted"}))[0].status == 200


def test_a_port_in_use_names_a_free_one():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSettings, match=f"Port {port} on 127.0.0.1 is in use.") as said:
            listen("127.0.0.1", port)
    free = int(re.search(r"--port (\d+), or LUREWATCH_PORT=\1\.$", str(said.value))[1])
    assert free > port
    listen("127.0.0.1", free).close()


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_a_free_port_is_said_aloud(scorer, monkeypatch, capsys, host, shown):
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: None)
    try:
        run(scorer, Settings(host=host, port=0))
    except BadSettings:
        pytest.skip(f"this machine has no {host}")
    said = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert re.fullmatch(rf"Listening on http://{re.escape(shown)}:[1-9]\d+", said[0])


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(BadSettings, match=r"Cannot listen on 192\.0\.2\.1 port 8000"):
        listen("192.0.2.1", 8000)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_others_reach_a_service_only_by_password_or_key(tmp_path, host):
    settings = Settings(host=host, database=f"sqlite:///{tmp_path}/ads.db")
    with pytest.raises(BadSettings, match="nobody has a password"), opened(settings):
        pass
    store = engine.open(settings.database)
    people.add(store, "boss", "four words that differ", "admin")
    store.close()
    with opened(settings) as found:
        assert people.there_are(found)


def test_a_service_that_opens_by_keys_alone_makes_no_database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keys = Keys.of(["a-key-of-sixteen-or-more"])
    with opened(Settings(host="0.0.0.0", keys=keys)) as store:
        assert store is None
    assert list(tmp_path.iterdir()) == []
    with opened(
        Settings(host="0.0.0.0", keys=keys, database=f"sqlite:///{tmp_path}/ads.db")
    ) as kept:
        assert kept is not None
    with opened(Settings(host="127.0.0.1", database=f"sqlite:///{tmp_path}/ads.db")) as kept:
        assert kept is not None
