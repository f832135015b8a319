import gzip
import zipfile
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pytest
from xlsxwriter import Workbook

from serving.bulk.errors import BadFile
from serving.bulk.limits import LIMITS
from serving.bulk.rows import Row
from tests.serving.bulk.tables import everything, head, records

RAW = b"id,text\n1,a\n2,b\n"
ROWS = [{"id": "1", "text": "a"}, {"id": "2", "text": "b"}]


def zstd(raw):
    return pa.compress(raw, codec="zstd", asbytes=True)


def book(path, *sheets):
    """A workbook with these sheets, each a list of rows."""
    with Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as made:
        for rows in sheets:
            sheet = made.add_worksheet()
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return path


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("ads.csv.gz", gzip.compress(RAW), id="gzip"),
        pytest.param("ads.csv.gz", gzip.compress(RAW[:9]) + gzip.compress(RAW[9:]), id="members"),
        pytest.param("ads.csv.zst", zstd(RAW), id="zstd"),
        pytest.param("ads.csv.zst", zstd(RAW[:9]) + zstd(RAW[9:]), id="frames"),
        pytest.param("ads.TXT.GZ", gzip.compress(RAW), id="capitals"),
    ],
)
def test_packed_table_is_read(tmp_path, name, raw):
    table = head(tmp_path / name, raw)
    assert records(table) == ROWS
    assert str(table.source) == str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        pytest.param("a.csv.gz", gzip.compress(RAW)[:-9], "is damaged or cut off", id="cut gzip"),
        pytest.param("a.csv.zst", zstd(RAW)[:-9], "is damaged or cut off", id="cut zstd"),
        pytest.param("a.csv.gz", RAW, "is damaged or cut off", id="no gzip"),
        pytest.param("a.csv.zst", RAW, "is damaged or cut off", id="no zstd"),
        pytest.param("a.xlsx", RAW, "is damaged, or no XLSX file", id="no XLSX"),
        pytest.param("a.xlsx.gz", gzip.compress(RAW), "is damaged, or no XLSX", id="packed"),
    ],
)
def test_damage_is_said(tmp_path, name, raw, message):
    with pytest.raises(BadFile, match=message):
        head(tmp_path / name, raw)


BOMB = gzip.compress(bytes(50_000_000))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        pytest.param(replace(LIMITS, free=1 << 20), "more than 200 times its 48,", id="ratio"),
        pytest.param(replace(LIMITS, unpacked=1 << 20), "more than 1,048,576 bytes", id="size"),
    ],
)
def test_bomb_is_refused(tmp_path, limits, message):
    with pytest.raises(BadFile, match=message):
        head(tmp_path / "ads.csv.gz", BOMB, limits=limits)
    assert (tmp_path / "unpacked").stat().st_size < 20_000_000


def test_every_type_of_a_spreadsheet_is_read_as_json_holds_it(tmp_path):
    values = ["a", 1, 0.5, True, datetime(2024, 1, 2, 3, 4), "=1+1", 1e300]
    with Workbook(tmp_path / "a.xlsx", {"default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(1, 0, ["text", "n", "x", "b", "d", "f", "big", "", 7])
        for i, value in enumerate(values):
            sheet.write(2, i, value)
        sheet.write_row(4, 0, ["b"])
        sheet.write(4, 7, "unnamed")
        sheet.write(4, 9, "beyond")
    first, second = everything(head(tmp_path / "a.xlsx"))
    named = {"text": "a", "n": 1, "x": 0.5, "b": True, "d": "2024-01-02 03:04:00", "f": 0}
    assert first.cells == {**named, "big": 1e300, "column H": None, "7": None}
    assert (first.number, second.number) == (3, 5)
    assert (second.cells["column H"], second.cells["column J"]) == ("unnamed", "beyond")


def test_sheets_with_the_same_columns_are_read_and_others_named(tmp_path):
    rows = [["id", "text"], [1, "a"]]
    path = book(tmp_path / "a.xlsx", [], rows, [["x"], [1]], [["id", "text"], [2, "b"]])
    table = head(path)
    assert records(table) == [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]
    note = f"Sheet 'Sheet3' of {path} has other columns than the first, and is not read."
    assert table.notes == (note,)


def test_packed_spreadsheet_is_read(tmp_path):
    made = book(tmp_path / "a.xlsx", [["text"], ["a"]])
    assert everything(head(tmp_path / "b.xlsx.gz", gzip.compress(made.read_bytes()))) == [
        Row(2, {"text": "a"})
    ]
    assert not (tmp_path / "unpacked.xlsx").exists()


@pytest.mark.parametrize("sheets", [[[]], [[["text"]]]], ids=["nothing", "header alone"])
def test_empty_spreadsheet_is_refused(tmp_path, sheets):
    with pytest.raises(BadFile, match="is empty"):
        head(book(tmp_path / "a.xlsx", *sheets))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        pytest.param(replace(LIMITS, sheet=1000), "1,000 are the limit for XLSX", id="size"),
        pytest.param(replace(LIMITS, cells=1000), "a sheet of 30,000 cells", id="cells"),
    ],
)
def test_spreadsheet_over_a_limit_is_refused(tmp_path, limits, message):
    path = book(tmp_path / "a.xlsx", [["id", "text", "x"], *[[]] * 9_998, [1, "a", "x"]])
    with pytest.raises(BadFile, match=message):
        head(path, limits=limits)


def test_two_far_cells_do_not_fill_memory(tmp_path):
    with Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "text")
        sheet.write(1_048_575, 16_383, "far")
    with pytest.raises(BadFile, match="a sheet of 17,179,869,184 cells"):
        head(tmp_path / "a.xlsx")


def test_false_dimension_loses_no_row(tmp_path):
    path = book(tmp_path / "a.xlsx", [["text"], *[[f"row {i}"] for i in range(500)]])
    rewrite(path, "xl/worksheets/sheet1.xml", b'ref="A1:A501"', b'ref="A1"')
    assert len(records(head(path))) == 500


def test_damaged_sheet_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", [["text"], *[[f"row {i}"] for i in range(500)]])
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"xl/worksheets/sheet1.xml") + 200] ^= 1
    with pytest.raises(BadFile, match="is damaged, or no XLSX file"):
        head(path, bytes(raw))


def rewrite(path, name, old, new):
    """Replace a piece of one part of a workbook."""
    with zipfile.ZipFile(path) as parts:
        held = {info.filename: parts.read(info) for info in parts.infolist()}
    assert old in held[name]
    held[name] = held[name].replace(old, new)
    with zipfile.ZipFile(path, "w") as parts:
        for each, raw in held.items():
            parts.writestr(each, raw)
