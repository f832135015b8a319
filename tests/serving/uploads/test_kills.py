"""A real service that is killed, and whose database is stopped: nothing acknowledged is lost."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from sqlalchemy import select

from serving.store import engine
from serving.store.tables import ads
from serving.store.tables import decisions as table
from tests.serving.store.postgres import Server

ROWS = 16_000
BAD = {n for n in range(ROWS) if n % 50 == 7}


class Service:
    """`lurewatch serve` as a process of its own, to be killed and started again."""

    def __init__(self, folder: Path, database: str, models: Path) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self._folder = folder
        self._environment = {name: v for name, v in os.environ.items() if "LUREWATCH" not in name}
        self._environment |= {
            "LUREWATCH_DATABASE_URL": database,
            "LUREWATCH_DATA": str(folder / "data"),
            "LUREWATCH_MODEL": str(models),
        }

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "serving", "serve", "--port", str(self.port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, env=self._environment)
        while True:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                sleep(0.1)

    def kill(self) -> None:
        """End it without a warning, as the kernel would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in good order."""
        self._process.terminate()
        self._process.wait()

    def purge(self, *, days: int) -> str:
        """What `lurewatch purge` says."""
        command = [sys.executable, "-m", "serving", "purge", "--older-than", str(days)]
        result = subprocess.run(command, env=self._environment, capture_output=True, text=True)
        return result.stdout

    def workers(self) -> list[int]:
        """The processes that it has started."""
        children = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        pids = [int(pid) for each in children for pid in each.read_text().split()]
        names = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids}
        return [pid for pid in pids if b"spawn_main" in names[pid]]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str):
        """One request: its status, and its JSON."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def send(self, path: str, content: object):
        """One request with JSON."""
        body = json.dumps(content).encode()
        return self.ask("POST", path, body, **{"Content-Type": "application/json"})

    def wait(self, id: str, *statuses: str):
        """The upload once it has one of these statuses."""
        while True:
            status, upload = self.ask("GET", f"/v1/uploads/{id}")
            if status == 200 and upload["status"] in statuses:
                return upload
            assert status == 503 or upload["status"] not in ("done", "failed"), upload
            sleep(0.1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ads.db"
    return request.getfixturevalue("server").new_url()


@pytest.fixture
def service(tmp_path, database, models) -> Iterator[Service]:
    service = Service(tmp_path, database, models)
    service.start()
    yield service
    service.stop()


def csv() -> bytes:
    rows = (f"{n},{'' if n in BAD else f'Cook wanted in house {n}'}\n" for n in range(ROWS))
    return ("id,text\n" + "".join(rows)).encode()


def begin(service) -> str:
    """Upload the file and have it scored into the queue."""
    _, sent = service.ask("POST", "/v1/uploads?name=ads.csv", csv())
    service.wait(sent["id"], "ready")
    assert service.send(f"/v1/uploads/{sent['id']}/start", {"id": "id"})[0] == 200
    return sent["id"]


class Analyst:
    """Decides about the newest ads all the time, and knows what was acknowledged."""

    def __init__(self, service: Service) -> None:
        self.given: list[str] = []
        self._service = service
        self._over = Event()
        self._thread = Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.wait(0.02):
            try:
                status, page = self._service.ask("GET", "/v1/ads?status=open&limit=1")
                if status != 200 or not page["ads"]:
                    continue
                place = f"/v1/ads/{page['ads'][0]['id']}/decisions"
                status, made = self._service.send(place, {"choice": "unsure"})
            except (OSError, HTTPException, ValueError):
                continue  # the service is away
            if status == 200:
                self.given.append(made["id"])


def check(database: str, upload, given: list[str]) -> None:
    """All rows are in the queue once or among the rejects, and all decisions are there."""
    so_far = upload["progress"]
    assert (so_far["rows"], so_far["rejects"]) == (ROWS, len(BAD))
    assert so_far["scored"] == ROWS - len(BAD)
    with closing(engine.open(database)) as store, store.read() as connection:
        names = list(connection.scalars(select(ads.c.external_id)))
        kept = set(connection.scalars(select(table.c.id)))
    assert sorted(names, key=int) == [str(n) for n in range(ROWS) if n not in BAD]
    assert set(given) <= kept


def move_on(service: Service, id: str) -> None:
    """Wait until a worker has the job and has done some more of it."""
    before = service.wait(id, "running")["progress"]["rows"]
    while service.wait(id, "running")["progress"]["rows"] <= before:
        sleep(0.02)


def test_kills_lose_nothing_and_double_nothing(service, database):
    chance = random.Random(7)
    id = begin(service)
    with Analyst(service) as analyst:
        move_on(service, id)
        for pid in service.workers():
            sleep(chance.random() / 2)
            os.kill(pid, signal.SIGKILL)
            assert service.send("/v1/score", {"text": "Cook wanted"})[0] == 200
        service.wait(id, "waiting", "running")
        move_on(service, id)
        sleep(chance.random() / 2)
        service.kill()
        service.start()
        assert service.wait(id, "running", "done")["status"] == "running"
        done = service.wait(id, "done")
    assert analyst.given
    check(database, done, analyst.given)


def test_a_file_that_a_kill_cuts_off_is_no_upload_and_is_swept(service, tmp_path):
    body, place = csv(), "/v1/uploads?name=ads.csv"
    head = f"POST {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    data = tmp_path / "data"
    with socket.create_connection(("127.0.0.1", service.port)) as half:
        half.sendall(head.encode() + body[: len(body) // 2])
        while not any(each.stat().st_size for each in data.rglob("input*")):
            sleep(0.02)
        service.kill()
    service.start()
    assert service.ask("GET", "/v1/uploads")[1]["uploads"] == []
    [left] = (each.parent for each in data.rglob("input*"))
    _, sent = service.ask("POST", place, body)
    service.wait(sent["id"], "ready")
    os.utime(left, (0, 0))  # long ago: a younger one may still be on its way in
    assert "0 ads and 0 uploads deleted." in service.purge(days=1)
    assert not left.exists()
    assert service.ask("GET", f"/v1/uploads/{sent['id']}/columns")[0] == 200


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_is_away_stops_no_score(service, database, server: Server):
    id = begin(service)
    with Analyst(service) as analyst:
        move_on(service, id)
        server.stop()
        try:
            for _ in range(30):
                assert service.send("/v1/score", {"text": "Cook wanted"})[0] == 200
                sleep(0.1)
            assert service.ask("GET", f"/v1/uploads/{id}")[0] == 503
        finally:
            server.start()
        done = service.wait(id, "done")
    assert analyst.given
    check(database, done, analyst.given)
