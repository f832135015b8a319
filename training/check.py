"""Check files of labelled rows before anything is trained on them.

Files are read line by line, not through `datasets`, so that every problem has its line number.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import BadData
from model.indicators import load
from training.likeness import alike
from training.rows import LABELS, Fault, faults, marked

NEAR = 0.8  # the share of common pieces from which two texts are one text with changes


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and how to mend it; `id` is empty where none is known."""

    file: Path
    line: int
    id: str
    what: str
    mend: str

    def __str__(self) -> str:
        name = f" {self.id}:" if self.id else ""
        return f"{self.file}:{self.line}:{name} {self.what} {self.mend}"


def check(paths: Sequence[Path]) -> list[Problem]:
    """Everything wrong with the rows of these files (of a folder: its *.jsonl), in their order.

    All files are one corpus: an id, a text or a pair is looked for in all of them.
    """
    indicators = [indicator.name for indicator in load()]
    lines = [line for file in _files(paths) for line in _lines(file)]
    found = [(line, fault) for line in lines for fault in line.faults(indicators)]
    rows = [line for line in lines if line.row is not None]
    found += [*_same_ids(rows), *_pairs(rows), *_same_texts(rows), *_near_texts(rows)]
    order = {line: number for number, line in enumerate(lines)}
    found.sort(key=lambda pair: order[pair[0]])
    return [Problem(line.file, line.number, line.id, each.what, each.mend) for line, each in found]


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    file: Path
    number: int
    row: dict[str, Any] | None
    fault: Fault | None = None

    @property
    def id(self) -> str:
        value = (self.row or {}).get("id")
        return value if isinstance(value, str) else ""

    @property
    def place(self) -> str:
        return f"{self.id} at {self.file.name}:{self.number}"

    def faults(self, indicators: Sequence[str]) -> Iterable[Fault]:
        return [self.fault] if self.fault else faults(self.row or {}, indicators)


_Found = Iterator[tuple[_Line, Fault]]


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not files or not files[0].is_file():
            raise BadData(f"{path} is no file and no folder of *.jsonl. Name one that is.")
        yield from files


def _lines(file: Path) -> Iterator[_Line]:
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if raw.strip():
                yield _line(file, number, raw)


def _line(file: Path, number: int, raw: bytes) -> _Line:
    try:
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        fault = Fault(f"Byte {error.start} of the line is not UTF-8.", "Save the file as UTF-8.")
    except (ValueError, RecursionError) as error:
        fault = Fault(f"The line is not JSON: {error}.", "Write one object on one line.")
    else:
        if isinstance(row, dict):
            return _Line(file, number, row)
        fault = Fault(f"The line is {str(row)[:40]!r}, not an object.", "Write {…} on one line.")
    return _Line(file, number, None, fault)


def _same_ids(lines: Sequence[_Line]) -> _Found:
    first: dict[str, _Line] = {}
    for line in lines:
        other = first.setdefault(line.id, line)
        if line.id and other is not line:
            yield line, Fault(f"The id was used for {other.place}.", "Give the row another id.")


def _pairs(lines: Sequence[_Line]) -> _Found:
    known = {line.id: line for line in reversed(lines)}
    for line in lines:
        name = (line.row or {}).get("pair")
        if isinstance(name, str) and name.strip():
            fault = _pair_fault(line, known.get(name), name)
            if fault:
                yield line, fault


def _pair_fault(line: _Line, twin: _Line | None, name: str) -> Fault | None:
    row, other = line.row or {}, (twin and twin.row) or {}
    if twin is None:
        return Fault(f"The pair {name} does not exist.", "Name the twin's id, or write null.")
    if other.get("pair") != line.id or name == line.id:
        return Fault(
            f"The pair {twin.place} has the pair {other.get('pair')!r}.",
            "Let the twins name each other.",
        )
    if (twin.file, twin.number) < (line.file, line.number):
        return None  # what both share was said at the first
    if row.get("label") == other.get("label"):
        return Fault(f"The pair {twin.place} has the same label.", "Twins differ in their label.")
    if row.get("language") != other.get("language"):
        return Fault(
            f"The pair {twin.place} is in another language.", "Pair it with one in its own."
        )
    return None


def _same_texts(lines: Sequence[_Line]) -> _Found:
    first: dict[str, _Line] = {}
    for line in lines:
        text = _folded(line)
        other = first.setdefault(text, line)
        if text and other is not line:
            yield line, Fault(f"The text is the same as {other.place}.", "Take one of them out.")


def _near_texts(lines: Sequence[_Line]) -> _Found:
    sides = [[line for line in lines if (line.row or {}).get("label") == each] for each in LABELS]
    left, right = [[_folded(line) for line in side] for side in sides]
    for one, two, likeness in alike(left, right, least=NEAR):
        if left[one] and left[one] != right[two]:
            yield (
                sides[1][two],
                Fault(
                    f"The text is {likeness:.0%} the same as {sides[0][one].place}, "
                    "which has the other label.",
                    "Write it in other words, or take one of them out.",
                ),
            )


def _folded(line: _Line) -> str:
    """The text without what a copy may change: case and white space; empty if it has faults."""
    read = marked(line.row or {})
    return " ".join(read.text.casefold().split()) if read else ""
