"""Write CSV and JSON lines. The whole is the parts' bytes, after the header if there is one."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

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
            copyfileobj(finished, out)
    return []


def _csv(columns: Sequence[Sequence[object]], output: Output) -> bytes:
    # The standard library's writer goes letter by letter, and took four times as long.
    delimiter, escape = output.delimiter or ",", output.escape
    written = [[_cell(value, delimiter, escape) for value in column] for column in columns]
    lines = map(delimiter.join, zip(*written, strict=True))
    return "".join([f"{line or _EMPTY}\r\n" for line in lines]).encode(errors="backslashreplace")


def _cell(value: object, delimiter: str, escape: bool) -> str:
    if isinstance(value, str):
        return (_short if len(value) <= _SHORT else _written)(value, delimiter, escape)
    if type(value) is float and isfinite(value):
        return repr(value)  # as JSON has it, in a third of the time
    return "" if value is None else _quoted(as_json(value), delimiter)


def _written(text: str, delimiter: str, escape: bool) -> str:
    return _quoted(safe(text) if escape else text, delimiter)


#: What is short is mostly what other rows have too: a band, a language, a model.
_SHORT = 40
_short = lru_cache(maxsize=4096)(_written)


def _quoted(text: str, delimiter: str) -> str:
    # Spelt out: a loop took five times as long, and there are ten cells in a row.
    if '"' in text or delimiter in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
