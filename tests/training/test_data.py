import csv
import gzip
import json
import socket
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import BadData
from model.marks import Span
from training.data import Columns, load

LABELED = Path(__file__).parents[2] / "data" / "labeled"
TWO = [{"id": "007", "text": "NA", "label": "1"}, {"id": "8", "text": "ab\ncd", "label": "0"}]


def write(path, rows):
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix in (".csv", ".tsv"):
        with path.open("w", encoding="utf-8", newline="") as stream:
            dialect = "excel" if path.suffix == ".csv" else "excel-tab"
            writer = csv.DictWriter(stream, rows[0], dialect=dialect)
            writer.writeheader()
            writer.writerows(rows)
    else:
        data = "\n".join(map(json.dumps, rows)).encode()
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_the_corpus_is_read_whole():
    corpus = load(LABELED)
    files = [file.read_bytes() for file in sorted(LABELED.glob("*.jsonl"))]
    rows = [json.loads(line) for data in files for line in data.splitlines()]
    assert [(each.id, each.pair, each.label) for each in corpus.records] == [
        (row["id"], row["pair"], row["label"] == "deceptive") for row in rows
    ]
    assert {each.writer for each in corpus.records} == set("abcdeiklmnopqrst")
    assert all(each.indicators for each in corpus.records if each.label)


def test_a_marked_row_becomes_a_record(tmp_path):
    row = {"id": "en-b-0007", "language": "en", "label": "deceptive", "kind": "ad", "hard": True}
    row |= {"channel": "sms", "sector": "sports", "pair": "x", "marked": "Now [[a+b|pay 🙂]]"}
    (only,) = load(write(tmp_path / "en.jsonl", [row])).records
    assert (only.text, only.spans) == ("Now pay 🙂", (Span(4, 9, ("a", "b")),))
    assert only.indicators == {"a", "b"}
    assert (only.label, only.writer, only.hard, only.pair, only.marked) == (
        True,
        "b",
        True,
        "x",
        True,
    )


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a.jsonl.gz"])
def test_every_format_gives_the_same_records(tmp_path, name):
    corpus = load(write(tmp_path / name, TWO))
    assert [(each.id, each.text, each.label) for each in corpus.records] == [
        ("007", "NA", True),
        ("8", "ab\ncd", False),
    ]
    assert corpus.fingerprint() == load(write(tmp_path / "other.jsonl", TWO)).fingerprint()


def test_foreign_columns_are_mapped(tmp_path):
    rows = [
        {"description": "Typist [[wanted", "fraud": True},
        {"description": "Cook", "fraud": False},
    ]
    path = write(tmp_path / "jobs.parquet", rows)
    first, second = load(path, columns=Columns(text="description", label="fraud")).records
    assert (first.text, first.label, first.marked, first.spans) == (
        "Typist [[wanted",
        True,
        False,
        (),
    )
    assert (second.id, second.label, second.language) == ("jobs.parquet, row 2", False, "und")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1, 0], [True, False], id="int"),
        pytest.param([1.0, 0.0], [True, False], id="float"),
        pytest.param([True, False], [True, False], id="bool"),
        pytest.param([" Fraud", "REAL"], [True, False], id="case"),
        pytest.param(["scam", "ham"], [True, False], id="named"),
    ],
)
def test_label_values_are_mapped(tmp_path, values, expected):
    columns = Columns(
        positive=("1", "true", "fraud", "scam"), negative=("0", "false", "real", "Ham")
    )
    path = write(tmp_path / "a.jsonl", [{"text": "a", "label": value} for value in values])
    assert [each.label for each in load(path, columns=columns).records] == expected


def test_keys_may_be_empty_or_missing_in_some_files(tmp_path):
    base = {"text": "a", "label": "real"}
    write(
        tmp_path / "1.jsonl", [base | {"id": "1", "pair": None}, base | {"id": "2", "hard": True}]
    )
    write(tmp_path / "2.jsonl", [base | {"id": "3"}, base | {"id": "4", "pair": "3"}])
    (tmp_path / "README.md").write_text("no data", encoding="utf-8")
    records = load(tmp_path).records
    assert [(each.id, each.pair) for each in records] == [
        ("1", None),
        ("2", None),
        ("3", None),
        ("4", "3"),
    ]


def test_a_column_may_be_empty_for_megabytes(tmp_path):
    rows = [{"id": str(n), "text": "a" * 9000, "label": 1, "pair": None} for n in range(1300)]
    rows[-1]["pair"] = "0"
    assert load(write(tmp_path / "a.jsonl", rows)).records[-1].pair == "0"


def test_local_files_need_no_network_and_leave_nothing_behind(tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("a local file was sought on the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    load(write(tmp_path / "odd [1]*.jsonl", TWO))
    assert [path.name for path in tmp_path.rglob("*")] == ["odd [1]*.jsonl"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        pytest.param(
            "a.jsonl", '{"text": "a", "label": 1}\n{', "a.jsonl cannot be read", id="JSON"
        ),
        pytest.param("a.jsonl", "", "a.jsonl holds no rows", id="empty"),
        pytest.param("a.csv", "", "a.csv cannot be read", id="empty CSV"),
        pytest.param("a.csv", "text,label\n", "a.csv holds no rows", id="only a header"),
        pytest.param("a.parquet", "text", "a.parquet cannot be read", id="not Parquet"),
        pytest.param("a.txt", "text", "Use .jsonl", id="unknown format"),
        pytest.param(
            "a.csv", "body,label\na,1\n", "there are body, label. Say which", id="no text"
        ),
        pytest.param("a.csv", "text,y\na,1\n", "no column 'label'", id="no label"),
        pytest.param(
            "a.csv", "text,label\na,1\nb,2\n", "row 2: label is '2', which is on nei", id="label"
        ),
        pytest.param("a.csv", "text,label\n ,1\n", "a.csv, row 1: The text is empty", id="blank"),
        pytest.param(
            "a.csv", "marked,label\n[[x|a,1\n", "row 1: The mark at character 0", id="mark"
        ),
        pytest.param(
            "a.csv", "id,text,label\n1,a,1\n1,b,1\n", "row 2: the id '1' was used at", id="id"
        ),
        pytest.param("a.jsonl", '{"text": 3, "label": 1}', "text is 3. Write a text", id="number"),
    ],
)
def test_bad_files_are_named(tmp_path, name, data, message):
    (tmp_path / name).write_text(data, encoding="utf-8")
    with pytest.raises(BadData) as error:
        load(tmp_path / name)
    assert message in str(error.value)


def test_a_path_that_is_not_there_is_never_sought_on_the_hub():
    with pytest.raises(BadData, match=r"data/labelled does not exist.*hub:owner/name"):
        load("data/labelled")
