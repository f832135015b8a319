import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.lines import BadFile
from serving.rows import MAX_DEPTH, BadFormat, form_of, read
from serving.writer import writer

COLUMNS = ("id", "text")
NASTY = st.text(st.sampled_from("a,;\t|\"'\r\n\0 \u2028é😀=\ufeff") | st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | NASTY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=5,
)


def rows(raw: bytes, form="csv"):
    return list(read(io.BytesIO(raw), form=form, name="ads").rows)


def letters(text):
    return [char for char in text if char in "жщ"]


def written(records, form, **options):
    out = io.BytesIO()
    writer(out, form, COLUMNS, **options)(records)
    return out.getvalue()


@given(st.lists(st.fixed_dictionaries({"id": NASTY, "text": NASTY})), st.sampled_from(",;\t|"))
def test_any_csv_comes_back(records, delimiter):
    raw = written(records, "csv", escape=False, delimiter=delimiter)
    assert [row.cells for row in rows(raw)] == records


@given(st.lists(st.dictionaries(st.text(), VALUES), min_size=1))
def test_any_jsonl_comes_back(records):
    assert [row.cells for row in rows(written(records, "jsonl"), "jsonl")] == records


@given(st.text('жщ,"\n\r'))
def test_no_letter_of_any_csv_is_lost(body):
    kept = [[*row.cells.values(), row.error] for row in rows(f"id,text\n{body}".encode())]
    assert Counter(letters(body)) == Counter(letters(str(kept)))


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        pytest.param(b"id,text\n1,a\n", {"id": "1", "text": "a"}, id="comma"),
        pytest.param(b"id;text\n1;a, b\n", {"id": "1", "text": "a, b"}, id="semicolon"),
        pytest.param(b"id\ttext\n1\ta, b\n", {"id": "1", "text": "a, b"}, id="tab"),
        pytest.param(b"id|text\n1|a\n", {"id": "1", "text": "a"}, id="bar"),
        pytest.param(b"text\na\n", {"text": "a"}, id="one column"),
        pytest.param(b"\xef\xbb\xbfid,text\n1,a\n", {"id": "1", "text": "a"}, id="BOM"),
        pytest.param(b'id,text\n1,"a\nb"\n', {"id": "1", "text": "a\nb"}, id="quoted newline"),
        pytest.param(b"id,text\r1,a\r", {"id": "1", "text": "a"}, id="old Mac"),
        pytest.param(b"id,text\n1,a\0b\n", {"id": "1", "text": "a\0b"}, id="NUL"),
        pytest.param(b"\nid,text\n\n1,a\n", {"id": "1", "text": "a"}, id="blank lines"),
        pytest.param(b"a,a\n1,2\n", {"a": "1", "a.2": "2"}, id="repeated name"),
        pytest.param(b"a,b\n1," + b"x" * 200_000, {"a": "1", "b": "x" * 200_000}, id="long cell"),
    ],
)
def test_csv_is_read(raw, cells):
    [row] = rows(raw)
    assert (row.cells, row.error) == (cells, "")


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        pytest.param(
            b"id,text\n1,a\n2,b,c,d\n",
            ["", 'Row 3 has 4 cells where the header has 2; without a column: ["c", "d"]'],
            id="too many cells",
        ),
        pytest.param(
            b"id,text\n1\n2,b\n", ["Row 2 has 1 cells where the header has 2", ""], id="too few"
        ),
        pytest.param(
            b'id,text\n1,"a\n2,b\n3,c\n',
            ['Row 2 is not readable CSV (unexpected end of data): "1,\\"a"', "", ""],
            id="open quote",
        ),
        pytest.param(
            b'id,text\n1,"a"b\n2,b\n',
            ['Row 2 is not readable CSV (\',\' expected after \'"\'): "1,\\"a\\"b"', ""],
            id="stray quote",
        ),
    ],
)
def test_csv_row_not_to_be_trusted_is_named(raw, errors):
    assert [row.error for row in rows(raw)] == errors


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"text": "unfin', id="cut off"),
        pytest.param('["text"]', id="not an object"),
        pytest.param('{"n": NaN}', id="NaN"),
        pytest.param('{"n": 1e400}', id="too large"),
        pytest.param('{"n": ' + "9" * 5000 + "}", id="too many digits"),
        pytest.param('{"n": ' + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1) + "}", id="deep"),
        pytest.param('{"n": ' + "[" * 100_000, id="very deep"),
    ],
)
def test_jsonl_line_not_to_be_trusted_is_kept(line):
    first, bad, last = rows(f'{{"a": 1}}\n\n{line}\n{{"a": 2}}\n'.encode(), "jsonl")
    assert (first.cells, bad.cells, last.cells) == ({"a": 1}, {}, {"a": 2})
    assert bad.error.startswith("Row 3 is not a JSON object (")
    assert bad.error.endswith(json.dumps(line))


@pytest.mark.parametrize(
    ("raw", "form", "message"),
    [
        pytest.param(b"", "csv", "ads is empty", id="empty"),
        pytest.param(b"\n", "jsonl", "begins with no JSON object. It is empty", id="no lines"),
        pytest.param(b"text\na", "jsonl", "no JSON object. Row 1 is not a JSON", id="not JSONL"),
        pytest.param(b'id,"te', "csv", "a header that is not readable CSV", id="open header"),
        pytest.param(
            b"\xef\xbb\xbfid,text\n1,\xc3\xa9\n2,caf\xe9\n",
            "csv",
            "ads, row 3: byte 0xE9 at position 21 of the file is not UTF-8",
            id="Latin-1",
        ),
        pytest.param(
            b'{"a": 1}\n{"a": "\xff"}', "jsonl", "row 2: byte 0xFF at position 16", id="bad byte"
        ),
        pytest.param(b"a" * (16 * 1024 * 1024 + 1), "csv", "holds a line of more than", id="bomb"),
    ],
)
def test_file_is_refused(raw, form, message):
    with pytest.raises(BadFile, match=message):
        rows(raw, form)


@pytest.mark.parametrize(
    ("cell", "written_as"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+cmd", "'+cmd", id="plus"),
        pytest.param("-1-1", "'-1-1", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\r=1", id="return"),
        pytest.param("＝1", "'＝1", id="full width"),
        pytest.param("+380 44 123", "'+380 44 123", id="telephone"),
        pytest.param("-5", "-5", id="negative"),
        pytest.param("+3.2", "+3.2", id="signed"),
        pytest.param("-1,000.50", "-1,000.50", id="thousands"),
        pytest.param("-1e5", "-1e5", id="exponent"),
        pytest.param(-5, "-5", id="number"),
        pytest.param(True, "true", id="boolean"),
        pytest.param(None, "", id="nothing"),
        pytest.param(["=1"], '["=1"]', id="list"),
        pytest.param("plain", "plain", id="plain"),
    ],
)
def test_formula_is_written_as_text(cell, written_as):
    [row] = rows(written([{"id": cell, "text": "x"}], "csv"))
    assert row.cells["id"] == written_as


def test_half_a_surrogate_pair_is_kept():
    records = [{"text": "a\ud800b"}]
    assert [row.cells for row in rows(written(records, "jsonl"), "jsonl")] == records
    assert b"a\\ud800b" in written(records, "csv")


def test_rows_are_read_one_by_one():
    lines = io.BytesIO(b"id,text\n" + b"1,abcdefgh\n" * 100_000)
    table = read(lines, form="csv", name="ads")
    assert len(table.head) == 100
    assert lines.tell() < 100_000


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "csv"), ("b.TSV", "csv"), ("c.jsonl", "jsonl"), ("d.ndjson", "jsonl")],
)
def test_name_tells_the_format(name, form):
    assert form_of(name) == form


@pytest.mark.parametrize("name", ["ads", "ads.xlsx", "Standard input"])
def test_unknown_format_is_refused(name):
    with pytest.raises(BadFormat, match=f"{name} does not tell its format .*--format csv"):
        form_of(name)
