"""Any table written and read back is the same, as far as its form can hold it."""

import io
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from serving.bulk import xlsx_out
from serving.bulk.errors import BadFile
from serving.bulk.output import Columns, Output
from serving.bulk.write import join, part
from tests.serving.bulk.tables import everything, head, records, write

NASTY = "=+-@＝,;\t|\"'\r\n\0 \u2028é😀\ufeff_x"
TEXT = st.text(st.sampled_from(NASTY) | st.characters(codec="utf-8"))
INTEGERS = st.integers(-(1 << 63), (1 << 63) - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
COLUMNS = Columns(
    ("id", "text", "risk", "sure", "="), ("integer", "text", "number", "boolean", "text")
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.none() | INTEGERS,
            "text": st.none() | TEXT,
            "risk": st.none() | FLOATS,
            "sure": st.none() | st.booleans(),
            "=": TEXT,
        }
    ),
    min_size=1,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("written")


def back(folder, name, rows, **style):
    path = folder / name
    assert write(path, rows, COLUMNS, **style) == []
    return records(head(path))


@given(ROWS)
def test_parquet_and_jsonl_hold_everything(folder, rows):
    assert back(folder, "out.parquet", rows) == rows
    assert back(folder, "out.jsonl", rows) == rows


@given(ROWS, st.sampled_from(",;\t|"), st.booleans())
def test_csv_holds_everything_as_text(folder, rows, delimiter, bom):
    found = back(folder, "out.csv", rows, escape=False, delimiter=delimiter, bom=bom)
    assert found == [{name: as_text(value) for name, value in row.items()} for row in rows]


def as_text(value):
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


@given(ROWS)
def test_xlsx_holds_what_it_can(folder, rows):
    kept = [{name: in_excel(value) for name, value in row.items()} for row in rows]
    kept = [row for row in kept if any(value is not None for value in row.values())]
    assume(kept)
    assert back(folder, "out.xlsx", rows) == kept


def in_excel(value):
    """Nothing for an empty text, 16 digits of a number, text for longer whole numbers."""
    if isinstance(value, str):
        return value.replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_") or None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    rounded = float(f"{value:.16G}")
    return rounded if abs(rounded) != float("inf") else str(rounded)


SCORED = Columns(
    ("text", "indicators", "phrases", "facts", "any", "more"),
    ("text", "scores", "phrases", "texts", "json", "text"),
    others="more",
)
PHRASE = {"text": "x", "start": 0, "end": 1, "indicators": ["a"], "contribution": 0.5}


def test_parquet_holds_scores(tmp_path):
    row = {"indicators": {"a": 0.5, "b": None}, "phrases": [PHRASE], "facts": ["too_short"]}
    write(tmp_path / "out.parquet", [{"text": "x", **row, "any": [1]}], SCORED)
    [found] = records(head(tmp_path / "out.parquet"))
    assert found == {"text": "x", **row, "any": "[1]", "more": None}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("text", 1, id="not text"),
        pytest.param("integer", True, id="boolean"),
        pytest.param("integer", 1 << 63, id="too long a number"),
        pytest.param("integer", 0.5, id="fraction"),
        pytest.param("number", (1 << 53) + 1, id="not exact"),
        pytest.param("boolean", "true", id="text"),
    ],
)
def test_what_does_not_fit_its_column_in_parquet_goes_to_the_others(tmp_path, kind, value):
    columns = Columns(("a", "more"), (kind, "text"), others="more")
    write(tmp_path / "out.parquet", [{"a": value, "more": '{"b": 1}'}], columns)
    [found] = records(head(tmp_path / "out.parquet"))
    assert (found["a"], json.loads(found["more"])) == (None, {"b": 1, "a": value})
    with pytest.raises(BadFile, match=r"Column 'a' cannot hold .* Write CSV or JSON lines"):
        write(tmp_path / "out.parquet", [{"a": value}], Columns(("a",), (kind,)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("out.csv", "a\\ud800b", id="CSV"),
        pytest.param("out.jsonl", "a\ud800b", id="JSONL"),
        pytest.param("out.parquet", "a\\ud800b", id="Parquet"),
        pytest.param("out.xlsx", "a\\ud800b", id="XLSX"),
    ],
)
def test_half_a_surrogate_pair_is_written_as_an_escape(tmp_path, name, text):
    write(tmp_path / name, [{"text": "a\ud800b"}], Columns(("text",), ("text",)))
    assert records(head(tmp_path / name)) == [{"text": text}]


def test_xlsx_goes_on_on_another_sheet(tmp_path):
    rows = [{"text": str(i)} for i in range(7)]
    columns = Columns(("text",), ("text",))
    output = Output("xlsx", columns)
    with part(tmp_path / "one", output) as out:
        out.write(rows)
    with (tmp_path / "out.xlsx").open("wb") as book:
        xlsx_out.join([tmp_path / "one"], book, output, limit=4)
    table = head(tmp_path / "out.xlsx")
    assert records(table) == rows
    assert [row.number for row in everything(table)] == [2, 3, 4, 6, 7, 8, 10]


def test_xlsx_says_what_it_cuts(tmp_path):
    columns = Columns(("text",), ("text",))
    notes = write(tmp_path / "out.xlsx", [{"text": "x" * 40_000}], columns)
    assert notes == [
        "1 cells were longer than XLSX holds, and were cut. Write CSV to keep them whole."
    ]
    [row] = records(head(tmp_path / "out.xlsx"))
    assert row["text"] == "x" * 32_761 + " [cut]"


def test_too_many_columns_for_xlsx_are_refused(tmp_path):
    columns = Columns(tuple(map(str, range(20_000))), ("text",) * 20_000)
    with pytest.raises(BadFile, match="XLSX holds 16,384 columns and not 20,000"):
        write(tmp_path / "out.xlsx", [], columns)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_the_whole_is_written_to_a_stream_that_cannot_seek(form):
    out = Pipe()
    join([], out, Output(form, COLUMNS))
    assert (len(out.written) > 0) == (form != "jsonl")


class Pipe(io.RawIOBase):
    def __init__(self):
        self.written = b""

    def writable(self):
        return True

    def write(self, raw):
        self.written += bytes(raw)
        return len(raw)
