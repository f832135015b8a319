import pytest

from serving.bulk import sources
from serving.bulk.errors import BadFile, BadFormat
from serving.bulk.sources import Source, find, form_of


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("a.csv", "b.jsonl.gz", "in/c.parquet", "in/notes.md", ".hidden.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"12345")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.csv", ("csv", "")),
        ("b.TSV", ("csv", "")),
        ("c.txt.gz", ("csv", "gzip")),
        ("d.jsonl", ("jsonl", "")),
        ("e.ndjson.zst", ("jsonl", "zstd")),
        ("f.parquet", ("parquet", "")),
        ("g.xlsx", ("xlsx", "")),
        ("s3://bucket/h.pq", ("parquet", "")),
    ],
)
def test_name_tells_the_form(name, told):
    assert form_of(name) == told


@pytest.mark.parametrize("name", ["ads", "ads.xls", "ads.gz", "ads.csv.bz2"])
def test_name_that_tells_no_form_is_refused(name):
    with pytest.raises(BadFormat, match=f"{name} does not tell its format .* --format csv, jsonl"):
        form_of(name)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        pytest.param(["a.csv"], ["a.csv"], id="file"),
        pytest.param(["*.csv"], ["a.csv"], id="pattern"),
        pytest.param(["**/*.parquet"], ["in/c.parquet"], id="deep pattern"),
        pytest.param(["."], ["a.csv", "b.jsonl.gz", "in/c.parquet"], id="folder"),
        pytest.param(["in", "a.csv", "in"], ["in/c.parquet", "a.csv"], id="each once"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_sources_are_found(places, found):
    assert [source.url for source in find(places)] == found


@pytest.mark.usefixtures("folder")
def test_source_tells_what_it_is():
    assert find(["b.jsonl.gz"]) == [Source("b.jsonl.gz", "jsonl", "gzip", 5)]
    assert find(["in/notes.md"], form="csv") == [Source("in/notes.md", "csv", "", 5)]


@pytest.mark.parametrize("scheme", ["memory://", "file://"])
def test_addresses_are_found(folder, scheme):
    base = f"{scheme}{folder}"
    for name in ("a.csv", "in/c.parquet"):
        with sources.open(f"{base}/{name}", "wb") as out:
            out.write(b"12345")
    for place in (base, f"{base}/**/*.parquet", f"{base}/in/c.parquet"):
        found = find([place])[-1]
        assert (found.url.removeprefix(scheme), found.size) == (f"{folder}/in/c.parquet", 5)
        with sources.open(found.url) as stream:
            assert stream.read() == b"12345"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        pytest.param("z.csv", "z.csv is not there", id="file"),
        pytest.param("*.tsv", "is not there", id="pattern"),
        pytest.param("empty", "empty holds no file with an ending that we read", id="folder"),
        pytest.param("memory://none/*.csv", "memory://none/.* is not there", id="address"),
        pytest.param(
            "nowhere://a.csv",
            "nowhere://a.csv cannot be reached: Protocol not known: nowhere",
            id="protocol",
        ),
    ],
)
def test_what_is_not_there_is_refused(folder, place, message):
    (folder / "empty").mkdir()
    with pytest.raises(BadFile, match=message):
        find([place])


def test_what_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(BadFile, match=r"a\.csv cannot be read: No such file"):
        sources.open(str(tmp_path / "a.csv"))
    with pytest.raises(BadFile, match=r"a\.csv cannot be written: No such file"):
        sources.open(str(tmp_path / "none/a.csv"), "wb")


def test_pattern_that_finds_only_folders_is_refused(folder):
    (folder / "crawl").mkdir()
    with pytest.raises(BadFile, match=r"craw\* is not there"):
        find(["craw*"])
