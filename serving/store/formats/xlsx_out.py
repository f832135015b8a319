"""XLSX: the table of CSV, for Excel. Text is text there, never a formula or a link."""

from collections.abc import Iterator
from tempfile import TemporaryFile

from serving.bulk import xlsx_out
from serving.store.formats.cells import COLUMNS, cells
from serving.store.formats.rows import Form, Row

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 1 << 16
_CUT = (
    f"Excel holds {xlsx_out.CELL:,} characters in a cell. These cells had more and were cut: "
    "{cut:,}. Take JSON lines to have them whole."
)


def _write(rows: Iterator[Row]) -> Iterator[bytes]:
    # A workbook is written from its end, so it is whole before its first piece goes out.
    with TemporaryFile() as file:
        xlsx_out.write(file, COLUMNS, map(cells, rows), notice=_CUT)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


XLSX = Form(MEDIA, "ads.xlsx", _write)
