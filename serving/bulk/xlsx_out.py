"""Write XLSX. A part holds a JSON list of cells for each row, since XLSX cannot be put together."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from serving.bulk.errors import BadFile
from serving.bulk.output import Output, Rows, Table, as_json, plain

ROWS = 1 << 20
COLUMNS = 1 << 14
CELL = 32_767
_CUT = " [cut]"
_NOTICE = "{cut:,} cells were longer than XLSX holds, and were cut. Write CSV to keep them whole."
#: Whole numbers above have more digits than a spreadsheet keeps, and are written as text.
_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes records to `out`."""

    out: BinaryIO
    output: Output

    def write(self, rows: Rows) -> None:
        """Append rows."""
        table = Table.of(rows, self.output.columns.names)
        cells = (
            [_cell(value) for value in row] for row in zip(*table.columns.values(), strict=True)
        )
        self.out.writelines((as_json(row) + "\n").encode() for row in cells)


@contextmanager
def part(path: Path, output: Output) -> Iterator[Writer]:
    """A part to write to."""
    with path.open("wb") as out:
        yield Writer(out, output)


def join(parts: Iterable[Path], out: BinaryIO, output: Output, *, limit: int = ROWS) -> list[str]:
    """Write the rows of the parts, on a further sheet when one is full at `limit` rows."""
    cut = write(out, output.columns.names, _rows(parts), limit=limit)
    return [_NOTICE.format(cut=cut)] if cut else []


def write(
    out: BinaryIO,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    notice: str = "",
    limit: int = ROWS,
) -> int:
    """Write a workbook with `names` above `rows`; gives how many cells had to be cut.

    If any had, a last sheet says `notice`, where it is given, with their number as `{cut}`.
    """
    if len(names) > COLUMNS:
        raise BadFile(f"XLSX holds {COLUMNS:,} columns and not {len(names):,}. Write CSV instead.")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    cut = 0
    with Workbook(out, options) as book:
        at, sheet = limit, None
        for row in rows:
            if sheet is None or at == limit:
                sheet = book.add_worksheet()
                _write(sheet, 0, names)
                at = 1
            cut += _write(sheet, at, row)
            at += 1
        if sheet is None:
            _write(book.add_worksheet(), 0, names)
        if cut and notice:
            _write(book.add_worksheet("Notice"), 0, [notice.format(cut=cut)])
    return cut


def _rows(parts: Iterable[Path]) -> Iterator[list[Any]]:
    for path in parts:
        with path.open("rb") as lines:
            yield from map(json.loads, lines)


def _cell(value: object) -> object:
    if isinstance(value, bool | float | str | None):
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    return as_json(value)


def _write(sheet: Worksheet, row: int, cells: Iterable[Any]) -> int:
    """Write a row; returns how many cells had to be cut."""
    cut = 0
    for column, cell in enumerate(cells):
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, str):
            text = plain(cell)
            if len(text) > CELL:
                text, cut = text[: CELL - len(_CUT)] + _CUT, cut + 1
            sheet.write_string(row, column, text)
        elif cell is not None:
            sheet.write_number(row, column, cell)
    return cut
