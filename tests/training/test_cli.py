import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model import artifact
from training import cli
from training.datasheet import BEGIN, END

LABELED = Path(__file__).parents[2] / "data" / "labeled"
PLAN = (Path(cli.__file__).with_name("plan.toml")).read_text("utf-8")

# Those of `foreign`.
COLUMNS = (
    *("--text-column", "body", "--label-column", "verdict"),
    *("--positive", "bad", "--negative", "good,fine"),
)


def run(*args):
    return CliRunner().invoke(cli.app, [*map(str, args)])


@pytest.fixture
def main(monkeypatch, capsys):
    """Run as a user would: the exit code and what was written to standard error."""

    def called(*args):
        monkeypatch.setattr("sys.argv", ["lurewatch-train", *map(str, args)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, capsys.readouterr().err

    return called


@pytest.fixture(scope="module")
def lines():
    return (LABELED / "en.jsonl").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def trained(lines, tmp_path_factory):
    """A models folder made by the command, and what the command said."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "few.jsonl").write_text("\n".join(lines[:120]), "utf-8")
    (folder / "plan.toml").write_text(PLAN.replace("folds = 5", "folds = 3"), "utf-8")
    options = ("--data", folder / "few.jsonl", "--plan", folder / "plan.toml")
    return folder / "models", run("fit", *options, "--out", folder / "models")


@pytest.fixture
def foreign(lines, tmp_path):
    """Sixty texts the model has not seen, as someone else would hold them."""
    rows = [json.loads(line) for line in lines[120:180]]
    with (tmp_path / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        table = [[row["marked"], {"deceptive": "bad"}.get(row["label"], "good")] for row in rows]
        csv.writer(file).writerows([["body", "verdict"], *table])
    return tmp_path / "mine.csv"


def test_check_finds_nothing_in_the_corpus(tmp_path):
    shutil.copy(LABELED / "pl.jsonl", tmp_path)
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "No problems found.\n")


def test_check_names_file_and_line(lines, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join([*lines[:2], "{", lines[2].replace("[[", "[[[[", 1)]), "utf-8")
    result = run("check", path)
    assert result.exit_code == 1
    assert f"{path}:3: The line is not JSON" in result.stdout
    assert f"{path}:4: en-a-0003: " in result.stdout
    assert result.stdout.endswith("problems found.\n")


def test_fit_puts_a_model_in_use(trained):
    models, result = trained
    scorer = artifact.load(models)
    assert (result.exit_code, scorer.card["data"]["texts"]) == (0, 120)
    written = models / f"lurewatch-{scorer.version}"
    assert f"Model written to {written} and put in use." in result.stdout.splitlines()
    assert "cross-fitting, part 3 of 3" in result.stderr
    assert "ROC AUC" in result.stdout


def test_evaluate_on_a_file_with_other_columns(trained, foreign, tmp_path):
    figures = ("--resamples", 5, "--json", tmp_path / "figures.json")
    result = run("evaluate", "--on", foreign, "--model", trained[0], *COLUMNS, *figures)
    assert result.exit_code == 0, result.output
    overall = json.loads((tmp_path / "figures.json").read_text("utf-8"))["overall"]
    assert overall["positive"] + overall["negative"] == 60
    assert re.search(r"0\.\d{3} \[0\.\d{3} [01]\.\d{3}\]", result.stdout)
    assert result.stdout.count("the texts have no marks") == 1
    assert "debt_bondage" not in result.stdout


def test_fit_says_that_the_band_high_is_out_of_reach(trained, foreign, tmp_path):
    plan = trained[0].parent / "plan.toml"
    result = run("fit", "--data", foreign, "--plan", plan, "--out", tmp_path / "models", *COLUMNS)
    assert result.exit_code == 0, result.output
    assert "will never give the band `high`" in result.stdout.splitlines()[-1]


def test_evaluate_by_cross_validation(trained):
    folder = trained[0].parent
    options = ("--plan", folder / "plan.toml", "--resamples", 0)
    result = run("evaluate", "--data", folder / "few.jsonl", *options)
    assert result.exit_code == 0
    assert "debt_bondage" in result.stdout


def test_evaluate_shows_the_sections_asked_for_and_writes_a_report(trained, tmp_path):
    folder = trained[0].parent
    options = ("--plan", folder / "plan.toml", "--resamples", 0, "--only", "indicators")
    result = run("evaluate", "--data", folder / "few.jsonl", *options, "--report", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "Faithfulness" in result.stdout
    assert f"Report written to {tmp_path / 'out' / 'report.html'}." in result.stdout
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        "report.html",
        "report.json",
        "model-card.md",
    }


@pytest.mark.parametrize(
    ("command", "message"),
    [
        pytest.param(
            ["evaluate", "--data", "ok.csv", "--only", "x"],
            "There is no section 'x'",
            id="no section",
        ),
        pytest.param(["check", "none.jsonl"], "none.jsonl is no file", id="no file"),
        pytest.param(["fit", "--plan", "plan.toml"], "seed is -1; give a whole", id="plan"),
        pytest.param(["fit", "--data", "none"], "none does not exist", id="no data"),
        pytest.param(["fit", "--data", "few.csv"], "few.csv, row 1: there is no", id="columns"),
        pytest.param(["datasheet", "empty"], "README.md", id="no sheet"),
    ],
)
def test_an_error_is_one_line_and_exit_code_4(main, tmp_path, monkeypatch, command, message):
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(PLAN.replace("seed = 0", "seed = -1"), "utf-8")
    Path("few.csv").write_text("body,label\nwork,1\n", "utf-8")
    Path("ok.csv").write_text("text,label\nwork,1\n", "utf-8")
    shutil.copytree(LABELED, "empty", ignore=shutil.ignore_patterns("README.md", "[!p]*.jsonl"))
    code, said = main(*command)
    last = said.splitlines()[-1]
    assert code == 4
    assert last.startswith("Error: ")
    assert message in last
    assert "Traceback" not in said


def test_a_refused_model_is_exit_code_3(main, foreign, tmp_path):
    code, said = main("evaluate", "--on", foreign, "--model", tmp_path / "none", *COLUMNS)
    assert code == 3
    assert said.splitlines()[-1].startswith("Error: There is no model in ")


@pytest.mark.parametrize(
    "command",
    [
        ["fit", "--resamples", "-1"],
        ["fit", "--seed", "1"],
        ["grow"],
        ["evaluate", "--report", "report", "--on", "mine.csv"],
    ],
    ids=["value", "option", "command", "two things at once"],
)
def test_wrong_usage_is_exit_code_2(main, command):
    assert main(*command)[0] == 2


def test_datasheet_is_brought_up_to_date_once(tmp_path):
    shutil.copy(LABELED / "pl.jsonl", tmp_path)
    (tmp_path / "README.md").write_text(f"# Texts\n{BEGIN}\n{END}\n", "utf-8")
    assert [run("datasheet", tmp_path).stdout for _ in range(2)] == [
        "The datasheet was brought up to date.\n",
        "The datasheet is current.\n",
    ]
    assert "| pl | 126 |" in (tmp_path / "README.md").read_text("utf-8")
