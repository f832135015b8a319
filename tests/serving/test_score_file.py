import csv
import io
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.columns import BadColumn
from serving.flat import FIELDS
from serving.lines import BadFile
from serving.rows import BadFormat
from serving.score_file import CHUNK, Options, default_target, score_file

AD = "Leave next week, visa and ticket paid. Easy money, no contract needed."


class Heard:
    def __init__(self):
        self.notes, self.ticks = [], []

    def note(self, text):
        self.notes.append(text)

    def tick(self, tally, share):
        self.ticks.append((tally, share))


@pytest.fixture
def run(scorer, tmp_path):
    """Score `raw` as a file of this name; gives tally, target and what was said."""

    def run(raw, name, to, **options):
        source, target, heard = tmp_path / name, tmp_path / to, Heard()
        source.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
        tally = score_file(scorer, source, target, watch=heard, options=Options(**options))
        return tally, target, heard

    return run


def csv_rows(path, **options):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, **options))


def jsonl_rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_csv_keeps_its_columns_and_gains_ours(run, scorer):
    tally, target, heard = run(f'id,text,city\n1,"{AD}",Łódź\n', "ads.csv", "out.csv")
    [row] = csv_rows(target)
    assert tuple(row) == ("id", "text", "city", *FIELDS)
    assert (row["id"], row["text"], row["city"]) == ("1", AD, "Łódź")
    assert 0 <= float(row["risk"]) <= 1
    assert (row["model"], row["error"], tally.scored) == (scorer.version, "", 1)
    assert heard.notes[0].startswith("Text column: 'text' (guessed by its name")


def test_jsonl_keeps_its_fields_and_gains_ours(run, scorer):
    _, target, _ = run(json.dumps({"id": 1, "text": AD, "tags": ["a"]}), "ads.jsonl", "out.jsonl")
    [row] = jsonl_rows(target)
    assert tuple(row) == ("id", "text", "tags", *FIELDS[:-1])
    assert list(row["indicators"]) == [indicator.name for indicator in scorer.indicators]
    for phrase in row["phrases"]:
        assert AD[phrase["start"] : phrase["end"]] == phrase["text"]


def test_formats_may_differ(run):
    _, target, _ = run(f'id,text\n1,"{AD}"\n', "ads.csv", "out.jsonl")
    assert jsonl_rows(target)[0]["id"] == "1"
    _, target, _ = run(json.dumps({"text": AD, "tags": ["a"]}), "ads.jsonl", "out.csv")
    assert csv_rows(target)[0]["tags"] == '["a"]'


@pytest.mark.parametrize(
    ("name", "to", "delimiter"),
    [("a.csv", "b.csv", ";"), ("a.csv", "b.tsv", "\t"), ("a.txt", "b.txt", ";")],
)
def test_delimiter_is_kept_or_told_by_the_name(run, name, to, delimiter):
    _, target, _ = run(f"id;text\n1;{AD}\n", name, to)
    assert csv_rows(target, delimiter=delimiter)[0]["text"] == AD


def test_failed_rows_come_out_with_their_reason(run):
    raw = f'id,text\n1,"{AD}"\n2,\n3,a,b\n4,"{"x" * 50_001}"\n5,"{AD}"\n'
    tally, target, _ = run(raw, "ads.csv", "out.csv")
    rows = csv_rows(target)
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["risk"] != "" for row in rows] == [True, False, False, False, True]
    assert [row["error"][:9] for row in rows] == ["", "Row 3: Th", "Row 4 has", "Row 5: Th", ""]
    assert (tally.rows, tally.scored, tally.failed, sum(tally.bands.values())) == (5, 2, 3, 2)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "Row 2 is not a JSON object ("),
        ('{"id": 2}', "Row 2 has no 'text'"),
        ('{"text": null}', "Row 2 has no 'text'"),
        ('{"text": 5}', "Row 2 holds int, not text, in 'text'"),
        ('{"text": "\\ud800 visa"}', "Row 2: Character 0 is half of a surrogate pair"),
    ],
)
@pytest.mark.parametrize("to", ["out.jsonl", "out.csv"])
def test_failed_records_come_out_with_their_reason(run, line, error, to):
    tally, target, _ = run(f"{json.dumps({'text': AD})}\n{line}\n", "ads.jsonl", to)
    _, row = jsonl_rows(target) if to == "out.jsonl" else csv_rows(target)
    assert row["error"].startswith(error)
    assert (row["risk"] or None, tally.failed) == (None, 1)


@settings(deadline=None, max_examples=50)  # the first example also loads the language tables
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5))
def test_as_many_rows_come_out_as_went_in(scorer, texts):
    raw = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts))
    out, heard = io.BytesIO(), Heard()
    score_file(scorer, io.BytesIO(raw.encode()), out, watch=heard, options=Options("jsonl", "text"))
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(row["id"], row["text"]) for row in rows] == list(enumerate(texts))
    assert all((row["risk"] is None) == ("error" in row) for row in rows)


def test_names_that_the_input_has_are_kept_apart(run):
    _, target, heard = run(f'text,risk\n"{AD}",mine\n', "ads.csv", "out.csv")
    [row] = csv_rows(target)
    assert (row["risk"], list(row)[2]) == ("mine", "lurewatch_risk")
    assert heard.notes[1] == "The input has columns of our names: ours begin with lurewatch_."


def test_a_late_field_is_not_lost(run):
    early = (json.dumps({"text": AD}) + "\n") * CHUNK
    late = json.dumps({"text": AD, "city": "Łódź", "risk": "mine"})
    _, target, _ = run(early + late, "ads.jsonl", "out.csv")
    assert json.loads(csv_rows(target)[-1]["other_fields"]) == {"city": "Łódź", "risk": "mine"}
    _, target, _ = run(early + late, "ads.jsonl", "out.jsonl")
    last = jsonl_rows(target)[-1]
    assert (last["risk"], last["lurewatch_risk"]) == ("mine", jsonl_rows(target)[0]["risk"])


def test_progress_comes_after_each_chunk(run):
    raw = "id,text\n1,\n" + f'2,"{AD}"\n' * (2 * CHUNK)
    _, _, heard = run(raw, "ads.csv", "out.csv")
    assert [tally.rows for tally, _ in heard.ticks] == [CHUNK, 2 * CHUNK, 2 * CHUNK + 1]
    assert [tally.failed for tally, _ in heard.ticks] == [1, 1, 1]
    shares = [share for _, share in heard.ticks]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_spreadsheet_runs_nothing_and_sees_the_encoding(run):
    raw = f'text,=x\n"{AD}",=1+1\n'
    _, target, _ = run(raw, "ads.csv", "out.csv")
    assert target.read_bytes().startswith(b"\xef\xbb\xbftext,'=x,")
    assert csv_rows(target)[0]["'=x"] == "'=1+1"
    _, target, _ = run(raw, "ads.csv", "out.csv", escape=False)
    assert target.read_bytes().startswith(b"text,=x,")


def test_header_alone_gives_a_header(run):
    tally, target, _ = run("id,text\n", "ads.csv", "out.csv")
    assert tally.rows == 0
    assert target.read_text("utf-8-sig").strip().split(",") == ["id", "text", *FIELDS]


def test_asked_options_are_followed(run):
    raw, options = json.dumps({"text": "", "b": AD}), {"form": "jsonl", "text_column": "b"}
    _, target, heard = run(raw, "ads.dat", "out.dat", **options)
    assert jsonl_rows(target)[0]["risk"] is not None
    assert heard.notes == ["Text column: 'b' (as asked)."]


@pytest.mark.parametrize(
    ("name", "to", "options", "error"),
    [
        pytest.param("ads.csv", "ads.csv", {}, BadFile, id="over the input"),
        pytest.param("ads.csv", "link.csv", {}, BadFile, id="over a link to the input"),
        pytest.param("ads.csv", "twin.csv", {}, BadFile, id="over its other name"),
        pytest.param("ads.csv", "folder", {}, BadFile, id="over a folder"),
        pytest.param("ads.csv", "none/out.csv", {}, BadFile, id="into no folder"),
        pytest.param("ads.csv", "out.xlsx", {}, BadFormat, id="unknown output"),
        pytest.param("ads.dat", "out.csv", {}, BadFormat, id="unknown input"),
        pytest.param("ads.csv", "out.csv", {"text_column": "x"}, BadColumn, id="no such column"),
    ],
)
def test_what_cannot_be_done_leaves_nothing_behind(run, tmp_path, name, to, options, error):
    (tmp_path / "folder").mkdir()
    (tmp_path / name).touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / name)
    (tmp_path / "twin.csv").hardlink_to(tmp_path / name)
    with pytest.raises(error):
        run(f'text\n"{AD}"\n', name, to, **options)
    assert sorted(os.listdir(tmp_path)) == sorted({name, "folder", "link.csv", "twin.csv"})
    assert (tmp_path / name).read_text() == f'text\n"{AD}"\n'


def test_missing_input_is_named(scorer, tmp_path):
    with pytest.raises(BadFile, match=r"gone.csv cannot be read: No such file"):
        score_file(scorer, tmp_path / "gone.csv", tmp_path / "out.csv", watch=Heard())
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_full_disk_is_named(scorer):
    raw = io.BytesIO(f'text\n"{AD}"\n'.encode())
    with (
        open("/dev/full", "wb", buffering=0) as full,
        pytest.raises(BadFile, match="Standard output cannot be written: No space left"),
    ):
        score_file(scorer, raw, full, watch=Heard(), options=Options("csv"))


def test_stopped_run_leaves_the_old_result(scorer, tmp_path):
    class Stop(Heard):
        def tick(self, *_):
            raise KeyboardInterrupt

    source, target = tmp_path / "ads.csv", tmp_path / "out.csv"
    source.write_text(f'text\n"{AD}"\n')
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        score_file(scorer, source, target, watch=Stop())
    assert (sorted(os.listdir(tmp_path)), target.read_text()) == (["ads.csv", "out.csv"], "old")


@pytest.mark.parametrize(
    ("name", "result"), [("ads.csv", "ads.scored.csv"), ("a.b.jsonl", "a.b.scored.jsonl")]
)
def test_result_lies_beside_the_input(tmp_path, name, result):
    assert default_target(tmp_path / name) == tmp_path / result
