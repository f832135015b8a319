import csv
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from serving.cli import app
from serving.patience import SAID, patience
from serving.store import ads as ads_
from serving.store import decisions, engine
from serving.store.values import Verdict
from tests.serving.store.conftest import new

AD = "Leave next week, visa and ticket paid. Easy money, no contract needed."


@pytest.fixture
def lurewatch(models):
    """Run the command line as a user would, with the model of the tests."""

    def run(*args, stdin=None, model=models):
        env = {"LUREWATCH_MODEL": str(model), "COLUMNS": "200"}
        return CliRunner().invoke(app, list(map(str, args)), input=stdin, env=env)

    return run


@pytest.fixture
def ads(tmp_path):
    path = tmp_path / "ads.csv"
    path.write_text(f'id,text\n1,"{AD}"\n2,\n3,"{AD}"\n', "utf-8")
    return path


def test_file_is_scored_beside_itself(lurewatch, ads):
    result = lurewatch("score", ads)
    with (ads.parent / "ads.scored.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["1", "2", "3"]
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Text column: 'text' (guessed by its name" in result.stderr
    assert "3 rows in = 3 rows out + 0 rejects; 1 rows out have no score." in result.stderr


def test_summary_counts_the_bands(lurewatch, ads):
    lines = lurewatch("score", ads).stderr.splitlines()
    bands = dict(line.split()[:2] for line in lines if line.startswith(("low", "review", "high")))
    assert list(bands) == ["low", "review", "high"]
    assert sum(map(int, bands.values())) == 2


def test_quiet_says_nothing(lurewatch, ads):
    assert lurewatch("score", ads, "--quiet").output == ""


@pytest.mark.parametrize(("options", "times"), [([], 1), (["--quiet"], 0)], ids=["said", "quiet"])
def test_a_long_load_is_explained(lurewatch, ads, monkeypatch, options, times):
    monkeypatch.setattr("serving.cli.patience", lambda **asked: patience(0.0, **asked))
    result = lurewatch("score", ads, *options)
    assert (result.stderr.count(SAID), result.stdout) == (times, "")


def test_several_files_go_into_one(lurewatch, ads):
    other = ads.with_name("more.jsonl")
    other.write_text(json.dumps({"text": AD, "id": "4", "city": "Łódź"}), "utf-8")
    target = ads.with_name("all.csv")
    result = lurewatch("score", ads, other, "-o", target, "--id-column", "id", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert (events[-1]["event"], events[-1]["written"]) == ("end", 4)
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row["city"] for row in csv.DictReader(file)] == ["", "", "", "Łódź"]
    result = lurewatch("score", ads, other)
    assert (result.exit_code, "-o must say" in result.stderr) == (2, True)


def test_texts_are_joined_and_the_language_told(lurewatch, tmp_path):
    path = tmp_path / "ads.jsonl"
    rows = [{"title": "Work", "body": AD, "lang": "pt-BR"}, {"title": None, "body": AD}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    columns = ["--text-column", "title", "--text-column", "body", "--language-column", "lang"]
    assert lurewatch("score", path, *columns).exit_code == 0
    lines = path.with_name("ads.scored.jsonl").read_text("utf-8").splitlines()
    joined, alone = map(json.loads, lines)
    assert (joined["language"], alone["language"]) == ("pt", "en")
    assert "language_unknown" in joined["facts"]  # the small model knows English alone
    for phrase in joined["phrases"]:
        assert f"Work\n\n{AD}"[phrase["start"] : phrase["end"]] == phrase["text"]


def test_pipe_goes_through(lurewatch):
    raw = "".join(json.dumps({"text": AD, "n": n}) + "\n" for n in range(3))
    result = lurewatch("score", "-", "--format", "jsonl", stdin=raw)
    assert [json.loads(line)["n"] for line in result.stdout.splitlines()] == [0, 1, 2]
    assert "Output: standard output" in result.stderr


def test_text_is_scored_for_people(lurewatch, scorer):
    result = lurewatch("score", "--text", AD)
    assert result.exit_code == 0
    assert result.stdout.startswith("Risk ")
    assert f"Model {scorer.version}" in result.stdout


def test_text_is_scored_for_programs_as_over_http(lurewatch, client):
    answer = json.loads(lurewatch("score", "--text", AD, "--json").stdout)
    assert answer == client.post("/v1/score", json={"text": AD}).json()


def test_model_option_goes_before_the_environment(lurewatch, models, tmp_path):
    result = lurewatch("score", "--text", AD, "--model", models, model=tmp_path / "none")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        pytest.param([], 2, "Give FILES or --text", id="nothing to score"),
        pytest.param(["{ads}", "--text", "x"], 2, "Give FILES or --text", id="two things"),
        pytest.param(["--text", "x", "-o", "y"], 2, "-o goes with FILES", id="-o with text"),
        pytest.param(["{ads}", "-o", "-", "--json"], 2, "--json and -o -", id="two streams"),
        pytest.param(["--text", " "], 2, "Error: The text is empty.", id="empty text"),
        pytest.param(["{ads}", "--text-column", "x"], 2, "Error: There is no column", id="column"),
        pytest.param(["-"], 2, "does not tell its format", id="pipe without format"),
        pytest.param(["{ads}", "--model", "{none}"], 3, "Error: ", id="no model"),
        pytest.param(["{none}.csv"], 4, "is not there", id="no file"),
        pytest.param(["{ads}", "-o", "{ads}"], 4, "is the input, and is not", id="onto itself"),
        pytest.param(["{ads}", "--strict"], 1, "1 rows out have no score", id="strict"),
        pytest.param(["{ads}", "-o", "x.docx"], 2, "does not tell its format", id="no such form"),
        pytest.param(["{ads}", "-o", "x.csv.gz"], 2, "would be packed", id="packed output"),
        pytest.param(["{ads}", "--dask", "127.0.0.1:1"], 2, "no Dask scheduler", id="no cluster"),
    ],
)
def test_exit_code_tells_what_went_wrong(lurewatch, ads, monkeypatch, args, code, message):
    monkeypatch.setattr("serving.bulk.cluster.WAIT", 0.1)
    names = {"ads": ads, "none": ads.parent / "none"}
    result = lurewatch("score", *(arg.format(**names) for arg in args))
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_settings_of_the_service_do_not_stop_scoring(lurewatch, monkeypatch):
    monkeypatch.setenv("LUREWATCH_HOST", "0.0.0.0")
    assert lurewatch("score", "--text", AD).exit_code == 0


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        pytest.param(["--host", "0.0.0.0"], 2, "nobody has a password", id="open to all"),
        pytest.param(["--port", "70000"], 2, "The port is 70000", id="no such port"),
        pytest.param(["--model", "none"], 3, "Error: ", id="no model"),
    ],
)
def test_service_is_refused_in_one_line(lurewatch, monkeypatch, tmp_path, args, code, message):
    monkeypatch.setenv("LUREWATCH_DATABASE_URL", f"sqlite:///{tmp_path}/ads.db")
    result = lurewatch("serve", *args)
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert message in result.stderr


@pytest.mark.parametrize("port", [0, 8001])
def test_port_goes_before_the_environment(lurewatch, monkeypatch, port):
    heard = []
    monkeypatch.setenv("LUREWATCH_PORT", "8002")
    monkeypatch.setattr("serving.server.run", lambda _, settings: heard.append(settings.port))
    assert lurewatch("serve", "--port", port).exit_code == 0
    assert heard == [port]


@pytest.mark.parametrize("command", ["score", "serve"])
def test_help_has_an_example(lurewatch, command):
    assert f"lurewatch {command} " in lurewatch(command, "--help").stdout.split("Example")[1]


def test_help_imports_nothing_heavy():
    code = "import sys, serving.cli; print({'numpy', 'fastapi', 'sklearn'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Run the command line on a database with two ads, one of them decided."""
    url = f"sqlite:///{tmp_path}/ads.db"
    monkeypatch.setenv("LUREWATCH_DATABASE_URL", url)
    store = engine.open(url)
    kept = ads_.add(store, [new("Cook"), new("Waiter")])
    decisions.decide(store, kept[0].id, Verdict(choice="deceptive"))
    store.close()
    return lambda *args: CliRunner().invoke(app, list(args))


def test_kept_ads_are_taken_out(stored):
    result = stored("export", "--format", "jsonl", "--status", "decided")
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == ["Cook"]


def test_kept_ads_are_purged_and_the_log_says_so(stored):
    assert stored("purge", "--older-than", "1").stdout == "0 ads and 0 uploads deleted.\n"
    assert (
        stored("purge", "--older-than", "0", "--status", "open").stdout
        == "1 ads and 0 uploads deleted.\n"
    )
    result = stored("audit", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith("2 entries, 0 faults. Head: ")
    head = result.stdout.split()[-1]
    assert stored("audit", "verify", "--head", head).exit_code == 0


def test_a_log_without_the_head_is_a_fault(stored):
    result = stored("audit", "verify", "--head", "f" * 64)
    assert result.exit_code == 1
    assert result.stdout.startswith("Fault: The log does not hold the given head")


def test_a_database_that_cannot_be_opened_is_one_line(stored, monkeypatch):
    monkeypatch.setenv("LUREWATCH_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    result = stored("audit", "verify")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("Error: The database sqlite:////nowhere/at/all.db cannot be")
