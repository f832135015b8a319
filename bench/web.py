"""The service over HTTP: requests per second of the server's processor time, and its start."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path

from bench import machine, names
from bench.rounds import Figure
from serving import server

SHORT = 500
#: Seconds of the server's processor time that one figure of one round takes at most.
ENOUGH = 1.5
#: Seconds by the clock after which it is taken as it is, and requests between two looks.
PATIENCE, STEP = 5, 25
STARTS = 5
JSON = {"Content-Type": "application/json"}

ROUTES = {
    "long": {
        names.SCORE_LONG: "/v1/score",
        names.FIXED_LONG: "/fixed/long",
        names.PARSED_LONG: "/parsed/long",
    },
    "short": {
        names.SCORE_SHORT: "/v1/score",
        names.FIXED_SHORT: "/fixed/short",
        names.PARSED_SHORT: "/parsed/short",
    },
}
HOW = {
    "/v1/score": "one connection, the same texts over and over, the server's own settings",
    "/fixed": "the same app and request, an answer of the same size; the request is not read",
    "/parsed": "the same, the request is read and checked",
}


def requests(
    model: Path,
    rounds: Sequence[Sequence[str]],
    folder: Path,
    *,
    most: int,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Figure]:
    """CPU microseconds of the server for a request, long ads and short, scored and fixed."""
    texts = {
        "long": [list(texts) for texts in rounds],
        "short": [[text[:SHORT] for text in texts] for texts in rounds],
    }
    values: dict[str, list[float]] = {name: [] for each in ROUTES.values() for name in each}
    answers = [_answer(model, texts[size][0][0], folder / f"{size}.json") for size in ROUTES]
    with _server([sys.executable, "-m", "bench.serve", str(model), *map(str, answers)]) as child:
        connection = HTTPConnection("127.0.0.1", int(child.stdout.readline()), timeout=60)
        machine.pin(machine.FIRST, child.pid)
        for number in range(len(rounds)):
            for size, routes in ROUTES.items():
                for name, path in routes.items():
                    progress(f"round {number + 1}: {name}")
                    spent = _spend(child.pid, connection, path, texts[size][number], most)
                    values[name].append(spent)
        connection.close()
    return [
        Figure(name, f"{len(answer):,} B answer; {_how(path)}", "µs CPU", tuple(values[name]))
        for size, answer in zip(ROUTES, (each.read_bytes() for each in answers), strict=True)
        for name, path in ROUTES[size].items()
    ]


def starts(model: Path, *, count: int = STARTS) -> Figure:
    """Seconds from `lurewatch serve` to a 200 of /readyz; a first start is not counted."""
    with machine.pinned(machine.CORES):
        seconds = [_start(model) for _ in range(count + 1)]
    settings = "`lurewatch serve` to 200 of /readyz, all cores"
    return Figure(names.START, settings, "s", tuple(seconds[1:]))


def _answer(model: Path, text: str, file: Path) -> Path:
    from pydantic_core import to_json

    from model import artifact
    from model.ad import Ad
    from serving.results import result

    scorer = artifact.load(model)
    (score,) = scorer.score([Ad(text)])
    file.write_bytes(to_json(result(score, scorer.indicators, text)))
    return file


def _how(path: str) -> str:
    return next(said for start, said in HOW.items() if path.startswith(start))


def _spend(
    pid: int, connection: HTTPConnection, path: str, texts: Sequence[str], most: int
) -> float:
    """Send the texts over and over; CPU microseconds of the server for one request."""
    bodies = [json.dumps({"text": text}, ensure_ascii=False).encode() for text in texts]
    for body in bodies[:10]:
        _post(connection, path, body)
    before, spent, done = machine.cpu_seconds(pid), 0.0, 0
    until = time.perf_counter() + PATIENCE
    while done < most and spent < ENOUGH and time.perf_counter() < until:
        for body in islice(cycle(bodies), done, done + STEP):
            _post(connection, path, body)
        done += STEP
        spent = machine.cpu_seconds(pid) - before
    return spent / done * 1e6


def _post(connection: HTTPConnection, path: str, body: bytes) -> None:
    connection.request("POST", path, body, JSON)
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}: {content[:200]!r}")


@contextmanager
def _server(command: Sequence[str], **environ: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environ},
    ) as child:
        try:
            yield child
        finally:
            child.terminate()
            child.communicate()


def _start(model: Path) -> float:
    with server.listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "serving", "serve", "--port", str(port)]
    began = time.perf_counter()
    with _server(command, LUREWATCH_MODEL=str(model)) as child:
        while not _ready(port):
            if child.poll() is not None or time.perf_counter() - began > 120:
                raise RuntimeError(f"{' '.join(command)} was not ready after 120 s, or stopped.")
            time.sleep(0.01)
        return time.perf_counter() - began


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
