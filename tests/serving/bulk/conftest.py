"""Small tables, and runs over them that hear what they are told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from serving.bulk.request import Request
from serving.bulk.run import run
from serving.bulk.tally import Tally

AD = "Leave next week, visa and ticket paid. Easy money, no contract needed."


class Heard:
    """Keeps all that a run tells."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.begun = Tally()
        self.ticks: list[tuple[Tally, float]] = []
        self.outputs: dict[str, str] = {}

    def note(self, text: str) -> None:
        self.notes.append(text)

    def begin(self, tally: Tally) -> None:
        self.begun = tally

    def tick(self, tally: Tally, share: float) -> None:
        self.ticks.append((tally, share))

    def end(self, _: Tally, outputs: dict[str, str]) -> None:
        self.outputs = outputs


@pytest.fixture(scope="session")
def ads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 ads as JSON lines: one that is blank, and one line that is no JSON."""
    lines = [json.dumps({"id": n, "text": f"{AD} Ask for number {n}."}) for n in range(60)]
    lines[7], lines[33] = json.dumps({"id": 7, "text": " "}), '{"id": 33, "text": "open'
    path = tmp_path_factory.mktemp("ads") / "ads.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def score(models: Path) -> Callable[..., tuple[Tally, Heard]]:
    """Run with units of 10 rows; gives the count, and what was heard."""

    def score(*places: object, output: object, heard: Heard | None = None, **asked: object):
        heard = heard or Heard()
        stopped = asked.pop("stopped", lambda: False)
        options = {"model": str(models), "rows": 10, "processes": 2, **asked}
        request = Request(places=tuple(map(str, places)), output=str(output), **options)
        return run(request, heard, stopped=stopped), heard

    return score


def records(path: Path) -> list[dict[str, object]]:
    """The records of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
