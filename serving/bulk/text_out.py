"""Write CSV and JSON lines. The whole is the parts' bytes, after the header if there is one."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from serving.bulk.output import Output, Record, as_json
from serving.bulk.safe import safe


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes records to `out`."""

    out: BinaryIO
    output: Output

    def write(self, records: Iterable[Record]) -> None:
        """Append `records`."""
        if self.output.form == "jsonl":
            self.out.writelines((as_json(record) + "\n").encode() for record in records)
            return
        names = self.output.columns.names
        rows = ([record.get(name) for name in names] for record in records)
        self.out.write(_csv(rows, self.output))


@contextmanager
def part(path: Path, output: Output) -> Iterator[Writer]:
    """A part to write to."""
    with path.open("wb") as out:
        yield Writer(out, output)


def join(parts: Iterable[Path], out: BinaryIO, output: Output) -> list[str]:
    """Write the header, then copy the parts."""
    if output.form == "csv":
        out.write(BOM_UTF8 if output.bom else b"")
        out.write(_csv([output.columns.names], output))
    for path in parts:
        with path.open("rb") as finished:
            copyfileobj(finished, out)
    return []


def _csv(rows: Iterable[Iterable[object]], output: Output) -> bytes:
    cell, text = _safe if output.escape else _text, StringIO()
    csv.writer(text, delimiter=output.delimiter or ",").writerows(map(cell, row) for row in rows)
    return text.getvalue().encode(errors="backslashreplace")


def _safe(value: object) -> str:
    return safe(value) if isinstance(value, str) else _text(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else as_json(value)
