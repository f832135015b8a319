"""CSV: a row for each ad, and no text that a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Iterator

from serving.bulk.safe import safe
from serving.store.formats.cells import COLUMNS, cells
from serving.store.formats.rows import Form, Row


def _write(rows: Iterator[Row]) -> Iterator[bytes]:
    yield ("\N{BYTE ORDER MARK}" + _line(COLUMNS)).encode()  # so that Excel reads it as UTF-8
    for row in rows:
        yield _line(map(_cell, cells(row))).encode()


def _cell(value: object) -> object:
    return safe(value) if isinstance(value, str) else value


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


CSV = Form("text/csv; charset=utf-8", "ads.csv", _write)
