import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from serving.bulk.cut import cut
from serving.bulk.errors import BadFile
from serving.bulk.limits import LIMITS
from serving.bulk.rows import Reject, Row
from tests.serving.bulk.tables import everything, head, records


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("parquet") / "ads.parquet"


def made(path, columns, **options):
    pq.write_table(pa.table(columns), path, **options)
    return head(path)


TABLE = {
    "text": pa.array(["x", None]),
    "large": pa.array(["x", None], pa.large_string()),
    "view": pa.array(["x", None], pa.string_view()),
    "coded": pa.array(["x", None]).dictionary_encode(),
    "bytes": pa.array([b"caf\xe9", None]),
    "integer": pa.array([1, None], pa.int8()),
    "unsigned": pa.array([2**63, None], pa.uint64()),
    "number": pa.array([0.5, float("nan")]),
    "infinite": pa.array([float("inf"), None]),
    "sure": pa.array([True, None]),
    "day": pa.array([dt.date(2024, 1, 2), None]),
    "time": pa.array([dt.datetime(2024, 1, 2, 3), None], pa.timestamp("s")),
    "pay": pa.array([Decimal("1.50"), None]),
    "map": pa.array([[("k", 1.0)], None], pa.map_(pa.string(), pa.float64())),
    "list": pa.array([[{"day": dt.date(2024, 1, 2)}], None]),
    "none": pa.nulls(2),
}
CELLS = {
    "text": "x",
    "large": "x",
    "view": "x",
    "coded": "x",
    "bytes": "café",
    "integer": 1,
    "unsigned": 2**63,
    "number": 0.5,
    "infinite": "inf",
    "sure": True,
    "day": "2024-01-02",
    "time": "2024-01-02 03:00:00.000",
    "pay": "1.50",
    "map": {"k": 1.0},
    "list": [{"day": "2024-01-02"}],
    "none": None,
}


def test_every_type_is_read_as_json_holds_it(path):
    table = made(path, TABLE)
    assert records(table) == [CELLS, dict.fromkeys(CELLS)]
    kinds = dict(zip(table.columns, table.kinds, strict=True))
    assert {name for name, kind in kinds.items() if kind == "json"} == {"unsigned", "map", "list"}
    assert (kinds["integer"], kinds["number"], kinds["sure"]) == ("integer", "number", "boolean")


@given(st.integers(1, 50), st.integers(1, 60), st.integers(1, 20))
def test_units_are_the_whole(path, rows, group, size):
    table = made(path, {"id": list(range(rows))}, row_group_size=group)
    assert everything(table, size=size) == [Row(i + 1, {"id": i}) for i in range(rows)]


@pytest.mark.parametrize(
    ("group", "bounds"),
    [
        pytest.param(10, [(0, 30), (30, 60), (60, 90), (90, 100)], id="small groups together"),
        pytest.param(40, [(0, 30), (30, 40), (40, 70), (70, 100)], id="large ones in parts"),
    ],
)
def test_units_follow_the_row_groups(path, group, bounds):
    table = made(path, {"id": list(range(100))}, row_group_size=group)
    units = list(cut(table, rows=30))
    assert [(unit.start, unit.end) for unit in units] == bounds
    assert [unit.row for unit in units] == [unit.start + 1 for unit in units]


def test_large_group_is_cut_into_four_units_at_most(path):
    table = made(path, {"id": list(range(1000))})
    assert [unit.start for unit in cut(table, rows=30)] == [0, 250, 500, 750]


@pytest.mark.parametrize("size", [7, 20, 1000])
def test_damaged_group_costs_its_own_rows(path, size):
    made(path, {"id": [str(i) for i in range(100)]}, row_group_size=20, write_page_checksum=True)
    raw = bytearray(path.read_bytes())
    column = pq.ParquetFile(path).metadata.row_group(2).column(0)
    raw[column.dictionary_page_offset + column.total_compressed_size - 3] ^= 1
    found = everything(head(path, bytes(raw)), size=size)
    assert [row.number for row in found] == list(range(1, 101))
    lost = [row for row in found if isinstance(row, Reject)]
    assert [row.at for row in lost] == list(range(40, 60))
    assert lost[0].reason.startswith("Row 41 is lost: row group 2 is damaged (")


def test_text_in_no_encoding_is_rejected_alone(path):
    text = pa.array([b"a", "жж".encode() + b"\xff", "жж".encode()]).cast(pa.large_binary())
    first, bad, last = everything(made(path, {"text": text}))
    assert (first.cells["text"], last.cells["text"]) == ("a", "жж")
    assert bad == Reject(2, 1, "Row 2: 'text' is in no encoding that we know.", "жж\\xff")


def test_few_rows_are_decoded_at_a_time_if_they_share_a_long_text(path):
    rows = 1000
    text = pa.DictionaryArray.from_arrays([0] * rows, ["x" * 2_000_000])
    table = made(path, {"text": text}, compression="zstd")
    assert path.stat().st_size < 10_000
    before = pa.total_allocated_bytes()
    found = iter(everything(table))
    assert all(isinstance(row, Reject) and len(row.raw) == LIMITS.raw for row in found)
    assert pa.default_memory_pool().max_memory() - before < 500_000_000


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        pytest.param(replace(LIMITS, group_rows=99), "100 rows", id="rows"),
        pytest.param(replace(LIMITS, group=99), "smaller row groups", id="bytes"),
    ],
)
def test_row_group_over_a_limit_is_refused(path, limits, message):
    made(path, {"id": list(range(100))})
    with pytest.raises(BadFile, match=message):
        head(path, limits=limits)


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"id,text\n1,a\n", b"PAR1" + bytes(100) + b"PAR1"])
def test_file_is_refused(path, raw):
    with pytest.raises(BadFile, match="cannot be read as Parquet"):
        head(path, raw)


def test_no_damage_crashes_the_reader(path):
    pick = random.Random(7)
    made(path, {"id": list(range(500)), "text": [f"ж{i}" for i in range(500)]}, row_group_size=50)
    whole = path.read_bytes()
    for _ in range(200):
        raw = bytearray(whole)
        for _ in range(3):
            raw[pick.randrange(len(raw))] = pick.randrange(256)
        try:
            table = head(path, bytes(raw))
        except BadFile:
            continue
        numbers = [row.number for row in everything(table)]
        assert numbers == list(range(1, len(numbers) + 1))
