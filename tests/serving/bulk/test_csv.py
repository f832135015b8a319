import csv
import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.bulk.cut import cut
from serving.bulk.heads import look
from serving.bulk.read import read
from serving.bulk.rows import Reject, Unit
from serving.bulk.sources import Source

NASTY = st.text(st.sampled_from("a,;\t|\"'\r\n\0 \u2028é😀=\ufeff") | st.characters(codec="utf-8"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("tables") / "ads.csv"


def opened(place, raw):
    place.write_bytes(raw)
    return look(Source(str(place), "csv", name="ads"))


def everything(head):
    return list(read(head, Unit(head.source, 0, head.first_row_at, 1 << 60, head.first_row)))


def rows(place, raw):
    return everything(opened(place, raw))


def written(records, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(records)
    return text.getvalue().encode()


@given(
    st.lists(st.tuples(NASTY, NASTY), min_size=1),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_table_comes_back(place, records, delimiter, encoding):
    raw = written([("id", "text"), *records], delimiter).decode().encode(encoding)
    assert [tuple(row.cells.values()) for row in rows(place, raw)] == records


@given(st.text('жщ,"\n\r'), st.integers(1, 5))
def test_units_are_the_whole_and_no_letter_is_lost(place, body, size):
    head = opened(place, f"id,text\n{body}".encode())
    whole = everything(head)
    units = list(cut(head, rows=size))
    assert [row for unit in units for row in read(head, unit)] == whole
    kept = [row.raw if isinstance(row, Reject) else list(row.cells.values()) for row in whole]
    assert Counter(str(kept))["ж"] == body.count("ж")
    numbers = [row.number for row in whole]
    assert numbers == sorted(set(numbers))
