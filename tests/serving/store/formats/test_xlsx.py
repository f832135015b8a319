import io
from zipfile import ZipFile

import pytest
from python_calamine import load_workbook

from model.ad import MAX_CHARS
from serving.bulk.xlsx_out import CELL
from serving.store.formats.cells import COLUMNS
from serving.store.formats.xlsx_out import XLSX


def sheets(*rows):
    book = load_workbook(io.BytesIO(b"".join(XLSX.write(iter(rows)))))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_row_for_each_ad(row):
    [[head, *told]] = sheets(
        row("One"), row("Two", number=2, choice="unsure", note="look")
    ).values()
    assert tuple(head) == COLUMNS
    read = [dict(zip(COLUMNS, each, strict=True)) for each in told]
    assert [each["text"] for each in read] == ["One", "Two"]
    assert [each["risk"] for each in read] == [0.75, 0.75]
    assert [(each["verdict"], each["note"]) for each in read] == [("", ""), ("unsure", "look")]


@pytest.mark.parametrize("text", ["=1+1", "{=1+1}", "+48 600", "-1", "@x", "https://a.b/c", "007"])
def test_text_is_text(row, text):
    pieces = b"".join(XLSX.write(iter([row(text)])))
    [[head, told]] = sheets(row(text)).values()
    assert told[head.index("text")] == text
    with ZipFile(io.BytesIO(pieces)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_what_excel_cannot_hold_is_cut_and_said(row):
    told = sheets(row("a" * MAX_CHARS), row("b" * CELL, number=2))
    assert [len(each[COLUMNS.index("text")]) for each in told["Sheet1"][1:]] == [CELL, CELL]
    assert told["Sheet1"][1][COLUMNS.index("text")].endswith("[cut]")
    assert told["Notice"][0][0].startswith(f"Excel holds {CELL:,} characters in a cell.")
    assert "cut: 1." in told["Notice"][0][0]


def test_no_ads_are_a_head():
    assert sheets() == {"Sheet1": [list(COLUMNS)]}
