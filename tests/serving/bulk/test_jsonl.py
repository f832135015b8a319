import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.bulk.errors import BadFile
from serving.bulk.limits import LIMITS
from serving.bulk.rows import Reject, Row
from tests.serving.bulk.tables import everything, head, records

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("jsonl") / "ads.jsonl"


@given(
    st.lists(st.dictionaries(st.text(), VALUES), min_size=1),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_object_comes_back(path, objects, ascii, encoding):
    text = "".join(json.dumps(each, ensure_ascii=ascii) + "\n" for each in objects)
    assert records(head(path, text.encode(encoding))) == objects


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(b'{"text": "unfin', "is not a JSON object: Unterminated", id="cut off"),
        pytest.param(b'["text"]', "is not a JSON object: it is another", id="not an object"),
        pytest.param(b'{"n": NaN}', "NaN is not a number that JSON can hold", id="NaN"),
        pytest.param(b'{"n": 1e400}', "1e400 is not a number that", id="too large"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", "Exceeds the limit", id="too many digits"),
        pytest.param(
            b'{"n": ' + b"[" * LIMITS.depth + b"]" * LIMITS.depth + b"}", "more than 100", id="deep"
        ),
        pytest.param(b'{"n": ' + b"[" * 100_000, "maximum recursion", id="very deep"),
        pytest.param(b'{"a": "\xd0\xb6\xd0\xb6\xff"}', "byte 0xFF at position 21", id="byte"),
        pytest.param(b'{"a": "' + b"x" * LIMITS.row + b'"}', "longer than the limit", id="long"),
    ],
)
def test_line_not_to_be_trusted_is_rejected_alone(path, line, reason):
    raw = b'{"a": 1}\n\n' + line + b'\n{"a": 2}\n'
    first, bad, last = everything(head(path, raw))
    assert (first, last) == (Row(1, {"a": 1}), Row(4, {"a": 2}))
    assert isinstance(bad, Reject)
    assert (bad.number, bad.at) == (3, 10)
    assert bad.reason.startswith("Row 3 ")
    assert reason in bad.reason
    assert bad.raw == line.decode(errors="backslashreplace")[: LIMITS.raw]


def test_line_in_another_encoding_is_read(path):
    raw = '{"a": "Ищем няню"}\n'.encode() + '{"a": "Ищем няню в Дубай"}\n'.encode("cp1251")
    assert [row["a"] for row in records(head(path, raw))] == ["Ищем няню", "Ищем няню в Дубай"]


def test_columns_and_kinds_are_those_of_the_first_rows(path):
    table = head(path, b'{"a": 1, "b": "x"}\n{"b": null, "c": 1}\n{"c": 0.5, "a": "x", "d": true}')
    assert table.columns == ("a", "b", "c", "d")
    assert table.kinds == ("json", "text", "number", "boolean")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param(b"\n", "is empty: it has no rows", id="no lines"),
        pytest.param(b"text\na", "begins with no JSON object. Row 1 is not a JSON", id="CSV"),
    ],
)
def test_file_is_refused(path, raw, message):
    with pytest.raises(BadFile, match=message):
        head(path, raw)
