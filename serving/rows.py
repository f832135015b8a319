"""Rows of a CSV or JSONL file, one by one: as many come out as went in.

A row that cannot be trusted (too many cells, broken quotes, not JSON) is a row with an `error`,
which names its number as a spreadsheet or editor shows it and holds what found no column.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain, islice
from math import isfinite
from pathlib import PurePath
from typing import BinaryIO, Literal

from model.errors import LurewatchError
from serving.lines import BadFile, Lines

Form = Literal["csv", "jsonl"]
DELIMITERS = ",;\t|"
MAX_CELL = 1_000_000
MAX_DEPTH = 100
HEAD = 100
_SAMPLE = 65_536
_FORMS: dict[str, Form] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


class BadFormat(LurewatchError):
    """A format that is not said, or that we do not read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, or what is wrong with it."""

    number: int
    cells: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file being read: `rows` holds every row, `head` the first ones for a look ahead."""

    form: Form
    columns: tuple[str, ...]
    head: tuple[Row, ...]
    rows: Iterator[Row]
    delimiter: str = ","


def form_of(name: str) -> Form:
    """The format that a file's name tells."""
    form = _FORMS.get(PurePath(name).suffix.lower())
    if form is None:
        raise BadFormat(
            f"{name} does not tell its format by an ending ({', '.join(_FORMS)}). "
            "Give it one, or read it with --format csv or --format jsonl."
        )
    return form


def read(stream: BinaryIO, *, form: Form, name: str) -> Table:
    """Start reading `stream`; `name` is what errors call it."""
    lines = Lines(stream, name)
    return _read_csv(lines, name) if form == "csv" else _read_jsonl(lines, name)


def _read_csv(lines: Lines, name: str) -> Table:
    # The limit belongs to the whole process; the default (131,072) is less than long adverts need.
    csv.field_size_limit(MAX_CELL)
    delimiter = _delimiter(lines.peek(_SAMPLE))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        number, header = next((pair for pair in enumerate(reader, 1) if pair[1]), (0, []))
    except csv.Error as error:
        raise BadFile(f"{name} has a header that is not readable CSV: {error}.") from error
    if not header:
        raise BadFile(f"{name} is empty. Its first row must name the columns.")
    columns = _unique(header)
    rows = _csv_rows(lines, reader, columns, number)
    head = tuple(islice(rows, HEAD))
    return Table("csv", columns, head, chain(head, rows), delimiter)


def _csv_rows(
    lines: Lines, reader: Iterator[list[str]], columns: tuple[str, ...], number: int
) -> Iterator[Row]:
    while True:
        number += 1
        lines.begin(number)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # An open quote swallows the rows after it: they are read again.
            first = lines.give_back()
            yield Row(number, error=f"Row {number} is not readable CSV ({error}): {_quoted(first)}")
            continue
        if cells:
            yield _csv_row(number, columns, cells)


def _csv_row(number: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    row = dict(zip(columns, cells, strict=False))
    if len(cells) == len(columns):
        return Row(number, row)
    error = f"Row {number} has {len(cells)} cells where the header has {len(columns)}"
    extra = cells[len(columns) :]
    return Row(number, row, f"{error}; without a column: {_quoted(extra)}" if extra else error)


def _delimiter(sample: str) -> str:
    """The delimiter that cuts most rows into as many cells as the header, and into most cells."""

    def fit(delimiter: str) -> tuple[bool, float, int]:
        try:
            rows = [row for row in csv.reader(StringIO(sample, ""), delimiter=delimiter) if row]
        except csv.Error:
            return False, 0, 0
        width = len(rows[0]) if rows else 0
        return width > 1, sum(len(row) == width for row in rows) / max(len(rows), 1), width

    return max(DELIMITERS, key=fit)


def _unique(header: list[str]) -> tuple[str, ...]:
    """The column names, a repeated one numbered: `a, a` becomes `a, a.2`."""
    names: dict[str, None] = {}
    for name in header:
        numbered = (f"{name}.{count}" for count in range(2, len(header) + 2))
        names[next(free for free in chain([name], numbered) if free not in names)] = None
    return tuple(names)


def _read_jsonl(lines: Lines, name: str) -> Table:
    rows = _jsonl_rows(lines)
    head = tuple(islice(rows, HEAD))
    if all(row.error for row in head):
        why = head[0].error if head else "It is empty."
        raise BadFile(f"{name} begins with no JSON object. {why}")
    columns = tuple(dict.fromkeys(name for row in head for name in row.cells))
    return Table("jsonl", columns, head, chain(head, rows))


def _jsonl_rows(lines: Lines) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        lines.begin(number)
        line = next(lines, None)
        if line is None:
            return
        if line.strip():
            yield _jsonl_row(number, line)


def _jsonl_row(number: int, line: str) -> Row:
    try:
        cells = json.loads(line, parse_float=_finite, parse_constant=_finite)
        if not isinstance(cells, dict):
            raise ValueError("it is another JSON value")
        _check_depth(cells, line)
    except (ValueError, RecursionError) as error:
        return Row(number, error=f"Row {number} is not a JSON object ({error}): {_quoted(line)}")
    return Row(number, cells)


def _finite(number: str) -> float:
    if not isfinite(value := float(number)):
        raise ValueError(f"{number} is not a number that JSON can hold")
    return value


def _check_depth(value: object, line: str) -> None:
    # What nests about as deep as Python's stack can be read and then not be written.
    level: list[object] = [value] if line.count("[") + line.count("{") > MAX_DEPTH else []
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise ValueError(f"it nests more than {MAX_DEPTH} deep")


def _inside(value: object) -> list[object]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict | list)]


def _quoted(raw: object) -> str:
    return json.dumps(raw.rstrip("\r\n") if isinstance(raw, str) else raw, ensure_ascii=False)
