"""What every format is written from: an ad, and the decision on it that stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from serving.bulk.output import as_json
from serving.store.values import Decision, Stored

Name = Literal["csv", "xlsx", "jsonl", "marked", "labelstudio", "misp"]
Row = tuple[Stored, Decision | None]


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its media type, its file name, and how rows become pieces of a file."""

    media: str
    name: str
    write: Callable[[Iterator[Row]], Iterator[bytes]]


def json_list(items: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """A JSON list, written as its items come, so that it may be of any length."""
    before = "[\n"
    for item in items:
        yield (before + as_json(item)).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"
