import json
import logging
from http.client import HTTPConnection
from threading import Thread
from time import monotonic, sleep

import pytest
import uvicorn

from serving.server import PathOnly, configure, listen
from serving.settings import BadSettings, Settings


@pytest.fixture(scope="module")
def address(scorer):
    server = uvicorn.Server(configure(scorer, Settings(port=0)))
    with listen("127.0.0.1", 0) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = monotonic() + 10
        while not server.started and monotonic() < until:
            sleep(0.01)
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


@pytest.fixture
def connection(address):
    connection = HTTPConnection(*address, timeout=10)
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
        with pytest.raises(BadSettings, match=f"Port {port} on 127.0.0.1 is in use. Port ") as said:
            listen("127.0.0.1", port)
    free = int(str(said.value).rstrip(".").rpartition("=")[2])
    assert free > port
    listen("127.0.0.1", free).close()


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(BadSettings, match=r"Cannot listen on 192\.0\.2\.1 port 8000"):
        listen("192.0.2.1", 8000)


def test_the_access_log_leaves_queries_out():
    args = ("127.0.0.1:5", "GET", "/v1/model?text=secret", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", 20, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)
    assert PathOnly().filter(record)
    assert record.getMessage() == '127.0.0.1:5 - "GET /v1/model HTTP/1.1" 200'
