"""Write CSV and JSON lines. The whole is the parts' bytes, after the header if there is one."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, cast

from serving.bulk.limits import MIB
from serving.bulk.output import Output, Rows, Table, as_json
from serving.bulk.safe import safe

_EMPTY = '""'  # a row of one empty cell, which would be a blank line


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes records to `out`."""

    out: BinaryIO
    output: Output

    def write(self, rows: Rows) -> None:
        """Append rows."""
        if self.output.form == "jsonl":
            assert not isinstance(rows, Table)
            lines = (as_json(record) + "\n" for record in rows)
            self.out.writelines(line.encode() for line in lines)
            return
        table = Table.of(rows, self.output.columns.names)
        self.out.write(_csv(list(table.columns.values()), self.output))


@contextmanager
def part(path: Path, output: Output) -> Iterator[Writer]:
    """A part to write to."""
    with path.open("wb") as out:
        yield Writer(out, output)


def join(parts: Iterable[Path], out: BinaryIO, output: Output) -> list[str]:
    """Write the header, then copy the parts."""
    if output.form == "csv":
        out.write(BOM_UTF8 if output.bom else b"")
        out.write(_csv([[name] for name in output.columns.names], output))
    for path in parts:
        with path.open("rb") as finished:
            copyfileobj(finished, out, MIB)
    return []


def _csv(columns: Sequence[Sequence[object]], output: Output) -> bytes:
    # The standard library's writer goes letter by letter, and took four times as long.
    delimiter, escape = output.delimiter or ",", output.escape
    written = [_column(column, delimiter, escape) for column in columns]
    lines = map(delimiter.join, zip(*written, strict=True))
    return "".join([f"{line or _EMPTY}\r\n" for line in lines]).encode(errors="backslashreplace")


def _column(values: Sequence[object], delimiter: str, escape: bool) -> list[str]:
    """The cells of a column. What all are is found out first, since mostly it is one thing."""
    kinds = set(map(type, values))
    if kinds == {float} and all(map(isfinite, cast("Sequence[float]", values))):
        return list(map(repr, values))  # as JSON has it, in a third of the time
    if kinds == {str}:  # often the same few: a band, a language, a model
        made = {each: _cell(each, delimiter, escape) for each in set(values)}
        return [made[each] for each in values]
    return [_cell(each, delimiter, escape) for each in values]


def _cell(value: object, delimiter: str, escape: bool) -> str:
    if isinstance(value, str):
        return _quoted(safe(value) if escape else value, delimiter)
    return "" if value is None else _quoted(as_json(value), delimiter)


def _quoted(text: str, delimiter: str) -> str:
    # Spelt out: a loop took five times as long, and there are ten cells in a row.
    if '"' in text or delimiter in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
