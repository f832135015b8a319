"""Bytes changed at random: what is whole is read, the rest is rejected, and all is counted."""

import csv
import io
import json
import random
from bisect import bisect_left
from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from serving.bulk.errors import BadFile
from serving.bulk.rows import Reject, Row
from tests.conftest import ROOT
from tests.serving.bulk.tables import everything, head

COLUMNS = ("id", "title", "text", "city")
RATES = [0.01, 0.001, 0.0001]


@pytest.fixture(scope="module")
def rows():
    """1,200 ads in four languages, half of them with line ends and quotes."""
    texts = []
    for code in ("en", "ru", "es", "zh"):
        lines = (ROOT / f"data/labeled/{code}.jsonl").read_text("utf-8").splitlines()[:300]
        texts += [
            json.loads(line)["marked"].replace("[[", '"').replace("]]", '"') for line in lines
        ]
    random.Random(1).shuffle(texts)
    broken = [text.replace(", ", ",\n") if i % 2 else text for i, text in enumerate(texts)]
    return [(str(i), f"Job {i}", text, "Dubai") for i, text in enumerate(broken)]


def in_csv(rows, quoting):
    out = []
    for row in rows:
        text = io.StringIO()
        csv.writer(text, quoting=quoting).writerow(row)
        out.append(text.getvalue().encode())
    return b"id,title,text,city\r\n", out


def in_jsonl(rows):
    objects = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return b"", [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in objects]


def damaged(first, records, rate, seed):
    """The file, and the numbers of the records in which, and before which, no byte was changed."""
    pick = random.Random(seed)
    raw = bytearray(first + b"".join(records))
    hits = sorted(pick.sample(range(len(first), len(raw)), int(rate * len(raw))))
    for hit in hits:
        raw[hit] = pick.randrange(256)
    whole, at = [], len(first)
    for i, record in enumerate(records):
        if bisect_left(hits, at - 1) == bisect_left(hits, at + len(record)):
            whole.append(i)
        at += len(record)
    return bytes(raw), whole


def check(found, rows, whole):
    numbers = [row.number for row in found]
    assert numbers == sorted(set(numbers))
    read = {tuple(row.cells.values()) for row in found if isinstance(row, Row)}
    assert [i for i in whole if rows[i] not in read] == []
    assert all(
        row.raw and str(row.number) in row.reason for row in found if isinstance(row, Reject)
    )


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["minimal", "all"])
@pytest.mark.parametrize("seed", range(3))
def test_every_whole_row_of_csv_is_read(tmp_path, rows, quoting, rate, seed):
    raw, whole = damaged(*in_csv(rows, quoting), rate, seed)
    table = head(tmp_path / "ads.csv", raw)
    assert table.encoding == "utf-8"
    found = everything(table)
    assert everything(table, size=50) == found
    check(found, rows, whole)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_every_whole_row_of_jsonl_is_read(tmp_path, rows, rate, seed):
    raw, whole = damaged(*in_jsonl(rows), rate, seed)
    found = everything(head(tmp_path / "ads.jsonl", raw))
    assert len(found) == sum(1 for line in raw.splitlines() if line.strip())
    check(found, rows, whole)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_every_row_of_parquet_is_read_or_rejected(tmp_path, rows, rate, seed):
    """The end of the file is spared: without it nothing of Parquet can be read."""
    path = tmp_path / "ads.parquet"
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table(columns), path, row_group_size=50, write_page_checksum=True)
    raw, pick = bytearray(path.read_bytes()), random.Random(seed)
    meta = pq.ParquetFile(path).metadata
    end = len(raw) - meta.serialized_size - 8
    hits = sorted(pick.sample(range(4, end), int(rate * end)))
    for hit in hits:
        raw[hit] ^= pick.randrange(1, 256)
    found = everything(head(path, bytes(raw)))
    assert [row.number for row in found] == list(range(1, len(rows) + 1))
    for group in range(meta.num_row_groups):
        columns = [meta.row_group(group).column(i) for i in range(meta.num_columns)]
        begin = columns[0].dictionary_page_offset
        size = sum(column.total_compressed_size for column in columns)
        if bisect_left(hits, begin) == bisect_left(hits, begin + size):
            some = slice(50 * group, 50 * group + 50)
            assert [tuple(row.cells.values()) for row in found[some]] == rows[some]
    good = [row for row in found if isinstance(row, Row)]
    assert all(tuple(row.cells.values()) == rows[row.number - 1] for row in good)


@pytest.mark.parametrize("name", ["ads.csv", "ads.jsonl", "ads.parquet", "ads.xlsx", "ads.csv.gz"])
@given(st.binary() | st.text().map(str.encode))
@settings(max_examples=300)
def test_no_file_breaks_the_reader(tmp_path_factory, name, raw):
    path = tmp_path_factory.getbasetemp() / name
    with suppress(BadFile):
        everything(head(path, raw), size=3)
