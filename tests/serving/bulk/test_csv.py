import csv
import io
import tracemalloc
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.bulk import records as records_module
from serving.bulk.cut import cut
from serving.bulk.errors import BadFile
from serving.bulk.limits import LIMITS
from serving.bulk.read import read
from serving.bulk.rows import Reject, Row
from tests.serving.bulk.tables import everything, head, records

NASTY = st.text(st.sampled_from("a,;\t|\"'\r\n\0 \u2028é😀=\ufeff") | st.characters(codec="utf-8"))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("csv") / "ads.csv"


def found(path, raw):
    return everything(head(path, raw))


def place_of(row):
    return replace(row, raw="", reason="") if isinstance(row, Reject) else row


def kept(row):
    return row.raw if isinstance(row, Reject) else "".join(map(str, row.cells.values()))


@given(
    st.lists(st.tuples(NASTY, NASTY), min_size=1),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_table_comes_back(path, rows, delimiter, encoding):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("id", "text"), *rows])
    raw = text.getvalue().encode(encoding)
    assert [tuple(row.values()) for row in records(head(path, raw))] == rows


@given(st.text('жщ,"\n\r'), st.integers(1, 5))
@settings(max_examples=200)
def test_units_are_the_whole_and_no_letter_is_lost(path, body, size):
    table = head(path, f"id,text\n{body}".encode())
    whole = everything(table)
    assert everything(table, size=size) == whole
    assert Counter("".join(map(kept, whole)))["ж"] == body.count("ж")
    numbers = [row.number for row in whole]
    assert numbers == sorted(set(numbers))


@given(
    st.text('жщab,"\n\r').filter(str.strip),
    st.sampled_from([4, 8, 12, 20]),
    st.integers(1, 5),
    st.sampled_from(["utf-8", "utf-16"]),
)
@settings(max_examples=300)
def test_it_does_not_matter_how_the_bytes_come(path, body, block, size, encoding):
    table = head(path, f"id,text\n{body}".encode(encoding))
    limits = replace(LIMITS, cell=6, row=16, columns=4)
    whole = everything(table, limits=limits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records_module, "BLOCK", block)
        found = everything(table, size=size, limits=limits)
    # Of a line over the limit, what is kept, and which fault is named, depends on how it came.
    assert list(map(place_of, found)) == list(map(place_of, whole))


@given(st.lists(st.tuples(NASTY, NASTY), min_size=1))
@settings(max_examples=200)
def test_it_agrees_with_the_standard_library(path, rows):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    expected = list(csv.reader(io.StringIO(text.getvalue(), newline=""), strict=True))[1:]
    raw = text.getvalue().encode()
    assert [list(row.values()) for row in records(head(path, raw))] == expected


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        pytest.param(b"id,text\n1,a\n", {"id": "1", "text": "a"}, id="comma"),
        pytest.param(b"id;text\n1;a, b\n", {"id": "1", "text": "a, b"}, id="semicolon"),
        pytest.param(b"id\ttext\n1\ta, b\n", {"id": "1", "text": "a, b"}, id="tab"),
        pytest.param(b"id|text\n1|a\n", {"id": "1", "text": "a"}, id="bar"),
        pytest.param(b"sep=;\r\na,b;text\r\n1;a\r\n", {"a,b": "1", "text": "a"}, id="declared"),
        pytest.param(b"text\na, b; c\n", {"text": "a, b; c"}, id="one column"),
        pytest.param(b"\xef\xbb\xbfid,text\n1,a\n", {"id": "1", "text": "a"}, id="BOM"),
        pytest.param(b'id,text\n1,"a\nb"\n', {"id": "1", "text": "a\nb"}, id="quoted newline"),
        pytest.param(b'id,text\n1,"a ""b"""\n', {"id": "1", "text": 'a "b"'}, id="doubled quotes"),
        pytest.param(b'id,text\n1,6" pipe\n', {"id": "1", "text": '6" pipe'}, id="inches"),
        pytest.param(b"id,text\r1,a\r", {"id": "1", "text": "a"}, id="old Mac"),
        pytest.param(b"id,text\n1,a\0b\n", {"id": "1", "text": "a\0b"}, id="NUL"),
        pytest.param(b"\nid,text\n\n1,a\n", {"id": "1", "text": "a"}, id="blank lines"),
        pytest.param(b"a,a\n1,2\n", {"a": "1", "a.2": "2"}, id="repeated name"),
        pytest.param(b"id,text\n1,a,,\n", {"id": "1", "text": "a"}, id="empty cells too many"),
        pytest.param(b"a,b\n1," + b"x" * 200_000, {"a": "1", "b": "x" * 200_000}, id="long cell"),
        pytest.param(
            "a,b\n1,Ищем няню в Дубай".encode("cp1251"),
            {"a": "1", "b": "Ищем няню в Дубай"},
            id="Windows-1251",
        ),
        pytest.param(
            "a,b\n1,招聘信息，包吃住".encode("gb18030"),
            {"a": "1", "b": "招聘信息，包吃住"},
            id="GB 18030",
        ),
        pytest.param(
            "a,b\n1,Ищем няню в Дубай".encode("utf-16-le"),
            {"a": "1", "b": "Ищем няню в Дубай"},
            id="UTF-16 without BOM",
        ),
        pytest.param(
            "a,b\r\n1,Ищем".encode("utf-16-be"), {"a": "1", "b": "Ищем"}, id="UTF-16, big end first"
        ),
    ],
)
def test_csv_is_read(path, raw, cells):
    [row] = found(path, raw)
    assert isinstance(row, Row)
    assert (row.cells, row.note) == (cells, "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"2,b,c,d\n", ["Row 3 has 4 cells where the header has 2."], id="too many"),
        pytest.param(
            b'2,"b\n3,c\n',
            ["Row 3 is not readable CSV: a quoted cell goes on after its closing quote.", "c"],
            id="open quote before another",
        ),
        pytest.param(
            b'2,"b"c\n3,d\n',
            ["Row 3 is not readable CSV: a quoted cell goes on after its closing quote.", "d"],
            id="stray quote",
        ),
        pytest.param(
            b'2,"b\n' + b"3,c\n" * 40 + b'4,d"\n',
            ["Row 3 is not readable CSV: a quoted cell holds what looks like other rows."]
            + ["c"] * 40
            + ['d"'],
            id="swallowed rows",
        ),
        pytest.param(
            b"2,\xd0\xb6\xd0\xb6\xff\n",
            [
                "Row 3 is in no encoding that we know: byte 0xFF at position 18 of the file is "
                "not utf-8."
            ],
            id="damaged byte",
        ),
        pytest.param(b"2,caf\xe9\n", ["café"], id="row in another encoding"),
        pytest.param("2,Ищем няню\n".encode("cp1251"), ["Ищем няню"], id="row in Windows-1251"),
    ],
)
def test_row_not_to_be_trusted_is_rejected_alone(path, body, expected):
    raw = b"id,text\n1,a\n" + body + b'9,"last\n\xd0\xb6"\n'
    first, *rows, last = found(path, raw)
    assert (first.cells["text"], last.cells["text"]) == ("a", "last\nж")
    assert [r.reason if isinstance(r, Reject) else r.cells["text"] for r in rows] == expected
    rejects = [row for row in rows if isinstance(row, Reject)]
    assert all(raw[row.at :].startswith(row.raw.encode()[:6]) for row in rejects)


def test_short_row_is_read_with_a_note(path):
    [row] = found(path, b"id,text,city\n1,a\n")
    note = "Row 2 has 2 cells where the header has 3."
    assert row == Row(2, {"id": "1", "text": "a", "city": None}, note)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param(b"", "is empty. Its first row must name the columns", id="empty"),
        pytest.param(b'id,"te', "has no header that can be read: row 1 is not", id="open header"),
        pytest.param(b"\x1f\x8b\x08", "is a gzip file: let its name end in .gz", id="gzip"),
        pytest.param(b"PAR1", "is a Parquet file", id="Parquet"),
        pytest.param(b"PK\x03\x04", "is an Excel or ZIP file", id="XLSX"),
    ],
)
def test_file_is_refused(path, raw, message):
    with pytest.raises(BadFile, match=message):
        head(path, raw)


SMALL = replace(LIMITS, cell=50, row=4096, columns=5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("2," + "x" * 51, "is longer than the limit, or a cell of it is", id="cell"),
        pytest.param("2," + "x" * 3_000_000, "is longer than the limit", id="row"),
        pytest.param("2," + '"' + "x" * 3_000_000 + '"', "is longer than the limit", id="quoted"),
        pytest.param("2,b,c,d,e,f", "has more cells than the limit", id="columns"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_over_a_limit_is_rejected_alone(path, row, reason, end, encoding):
    raw = end.join(["id,text", "1,a", row, "3,c", ""]).encode(encoding)
    table = head(path, raw, limits=SMALL)
    first, bad, last = everything(table, size=1, limits=SMALL)
    assert (first.cells["text"], bad.number, last.number) == ("a", 3, 4)
    assert reason in bad.reason
    assert len(bad.raw) <= LIMITS.raw
    assert last.cells == {"id": "3", "text": "c"}


def test_quote_that_is_open_to_the_end_costs_one_row(path):
    body = "".join(f"{i},ж\n" for i in range(1000))
    first, *rest = found(path, f'id,text\n1,"a\n{body}'.encode())
    reason = "Row 2 is not readable CSV: a quote opens a cell that does not close."
    assert first == Reject(2, 8, reason, '1,"a')
    assert [row.number for row in rest] == list(range(3, 1003))
    assert all(row.cells["text"] == "ж" for row in rest)


def test_memory_does_not_grow_with_the_file(path):
    table = head(path, b"id,text\n" + b"1,%b\n" % (b"x" * 1000) * 30_000)
    [unit] = cut(table, rows=1 << 30)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read(table, unit)) == 30_000
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
