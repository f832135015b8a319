"""Read XLSX: every sheet with the columns of the first, row by row, as lines of JSON."""

import datetime
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import IO, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from serving.bulk.errors import BadFile
from serving.bulk.heads import unique
from serving.bulk.limits import MIB, Limits

#: Below it, every whole number is exact.
_EXACT = 1 << 53
_COLUMN = re.compile(rb'r="([A-Z]{1,3})[0-9]')
_ROW = re.compile(rb'<row[^>]* r="([0-9]{1,7})"')
_OVERLAP = 64


def convert(book: Path, path: Path, name: str, limits: Limits) -> tuple[str, ...]:
    """Write the rows of `book` to `path`; returns what is to be said aloud.

    A line stands for each row, blank for a blank one and for those up to the header, so that a
    line's number is the row's; further sheets go on counting. `name` is what messages call it.
    """
    _check(book, name, limits)
    try:
        with CalamineWorkbook.from_path(str(book)) as opened, path.open("wb") as out:
            return _write(opened, out, name)
    except (CalamineError, OSError) as error:
        raise BadFile(f"{name} cannot be read as XLSX: {error}.") from error


def _check(book: Path, name: str, limits: Limits) -> None:
    """Refuse what would not fit in memory: calamine holds a sheet as a full rectangle."""
    try:
        with zipfile.ZipFile(book) as parts:
            infos = parts.infolist()
            size = sum(info.file_size for info in infos)
            if size > limits.sheet:
                raise BadFile(
                    f"{name} unpacks to {size:,} bytes; {limits.sheet:,} are the limit for XLSX. "
                    "Save it as CSV."
                )
            for info in infos:
                with parts.open(info) as part:
                    cells = _rectangle(part)
                if cells > limits.cells:
                    raise BadFile(
                        f"{name} has a sheet of {cells:,} cells, counting empty ones; "
                        f"{limits.cells:,} are the limit. Save it as CSV."
                    )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error) as error:
        raise BadFile(f"{name} is damaged, or no XLSX file: {error}.") from error


def _rectangle(part: IO[bytes]) -> int:
    """Rows times columns of the sheet that `part` holds; reading it checks its size and sum."""
    columns, rows, kept = set[bytes](), 1, b""
    while block := part.read(MIB):
        block = kept + block
        columns.update(_COLUMN.findall(block))
        rows = max(rows, *map(int, _ROW.findall(block)), 1)
        kept = block[-_OVERLAP:]
    widths = (xl_cell_to_rowcol(f"{column.decode()}1")[1] + 1 for column in columns)
    return rows * max(widths, default=1)


def _write(book: CalamineWorkbook, out: BinaryIO, name: str) -> tuple[str, ...]:
    header: tuple[str, ...] = ()
    notes = []
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        rows = book.get_sheet_by_name(sheet.name).iter_rows()
        above, names = next(
            ((n, _names(row)) for n, row in enumerate(rows, 1) if any(row)), (0, ())
        )
        header = header or names
        if names == header:
            out.write(b"\n" * above)
            out.writelines(_line(header, row) for row in rows)
        elif names:
            notes.append(
                f"Sheet {sheet.name!r} of {name} has other columns than the first, and is not read."
            )
    if not header:
        raise BadFile(f"{name} is empty. Its first row must name the columns.")
    return tuple(notes)


def _names(row: Sequence[object]) -> tuple[str, ...]:
    """The column names in a header; what has none is called by its letters."""
    width = max(i for i, cell in enumerate(row, 1) if cell != "")
    return unique([str(_value(row[i])) if row[i] != "" else _letters(i) for i in range(width)])


def _line(header: Sequence[str], row: Sequence[object]) -> bytes:
    if all(cell == "" for cell in row):
        return b"\n"
    cells = {name: _value(cell) for name, cell in zip(header, row, strict=False)}
    beyond = enumerate(row[len(header) :], len(header))
    cells |= {_letters(i): _value(cell) for i, cell in beyond if cell != ""}
    return (json.dumps(cells, ensure_ascii=False) + "\n").encode()


def _letters(index: int) -> str:
    return f"column {xl_col_to_name(index)}"


def _value(cell: object) -> object:
    """A cell as JSON holds it: whole numbers without a point, dates and times as ISO 8601."""
    if cell == "":
        return None
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _EXACT
        return int(cell) if whole else cell if isfinite(cell) else str(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return cell if isinstance(cell, str | bool | int) else str(cell)
