"""`python -m bench.away`: a service whose database is stopped for a minute, and what it answers.

First without passwords, with an upload under way and an analyst who decides; then with a key. Needs
PostgreSQL's own programs, as the tests do.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console

from serving.store import api_keys, engine, people
from tests.serving.store import postgres
from tests.serving.uploads.test_kills import Analyst, Service, begin, check, move_on

ROOT = Path(__file__).parents[1]
AD = b'{"text": "Cook wanted, your passport stays with us."}'
JSON = {"Content-Type": "application/json"}
PAUSE = 0.02  # seconds between two questions


def main(arguments: Sequence[str] | None = None) -> int:
    """Stop the database twice, and print what was answered meanwhile."""
    parser = argparse.ArgumentParser(prog="python -m bench.away", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long it is away")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="folder of a model")
    asked = parser.parse_args(arguments)
    with postgres.running() as server, tempfile.TemporaryDirectory() as folder:
        url = server.new_url()
        service = Service(Path(folder), url, asked.model)
        service.start()
        upload = begin(service)
        with Analyst(service) as analyst:
            move_on(service, upload)
            server.stop()
            _report("open to this machine", _ask(service, asked.seconds, {}))
            server.start()
            done = service.wait(upload, "done")
        check(url, done, analyst.given)
        Console().print(f"the upload went on; {len(analyst.given)} decisions, none lost")
        with closing(engine.open(url)) as store:
            people.add(store, "boss", "four words that differ", "admin")
            _, key = api_keys.add(store, "bench", "score", a_minute=1_000_000)
        time.sleep(1)
        service.ask("POST", "/v1/score", AD, **JSON, **{"X-API-Key": key})
        server.stop()
        _report("with a key", _ask(service, asked.seconds, {"X-API-Key": key}))
        server.start()
        service.stop()
    return 0


def _ask(service: Service, seconds: float, key: dict[str, str]) -> list[tuple[int, float]]:
    """The status of each answer and how many milliseconds it took."""
    answers, until = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        status, _ = service.ask("POST", "/v1/score", AD, **JSON, **key)
        answers.append((status, 1_000 * (time.perf_counter() - began)))
        time.sleep(PAUSE)
    return answers


def _report(name: str, answers: Sequence[tuple[int, float]]) -> None:
    took = [each for _, each in answers]
    failed = sum(status != 200 for status, _ in answers)
    Console().print(
        f"{name}: {len(answers):,} answers, {failed} failed, median "
        f"{statistics.median(took):.1f} ms, slowest {max(took):.1f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
