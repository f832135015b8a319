"""No cell of an output is run as a formula by a spreadsheet."""

import re
import shutil
import subprocess

import pytest

from serving.bulk.output import Columns
from serving.bulk.safe import safe
from tests.serving.bulk.tables import head, records, write

CALLS = (
    "1+1",
    "SUM(A1:A2)",
    "cmd|'/C calc'!A0",
    'HYPERLINK("http://example.com","Pay")',
    "WEBSERVICE(A1)",
    "DDE(A1;A2;A3)",
    "1+cmd|' /C calc'!A0",
)
#: 60 texts: calls after each sign, signs after what spreadsheets pass over, and cells within cells.
PAYLOADS = (
    *(sign + call for sign in "=+-@" for call in CALLS),
    *(f"{sign}1+1" for sign in "＝＋－＠"),
    *(f"{space}=1+1" for space in ("\t", "\r", "\n", "\r\n", " ", "\u00a0", "\ufeff", "\u200b")),
    *(f"{open}=1+1{open}" for open in ('"', "'", '""', "`")),
    *(f"Good pay{between}=1+1{between}" for between in (",", ";", "\t", "|", "\n", '";"', "','")),
    *(f"Good pay{between}@SUM(A1)" for between in (",", ";", "\t", "|", "\n")),
    "=",
    "==1+1",
    "=\t1+1",
    "= 1+1",
)
COLUMNS = Columns(("id", "text", "=1+1"), ("integer", "text", "text"))
ROWS = [{"id": i, "text": text, "=1+1": text} for i, text in enumerate(PAYLOADS)]


def formulas(path, *, delimiter=","):
    """The formulas that LibreOffice finds in a table, which it is told to look for."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    options = f"{ord(delimiter)},34,76,1,,0,false,true,false,false,false,0,true"
    read = [f"--infilter=Text - txt - csv (StarCalc):{options}"] if path.suffix == ".csv" else []
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [office, profile, "--headless", *read, "--convert-to", "fods", "--outdir"]
    subprocess.run([*command, path.parent, path], check=True, capture_output=True, timeout=300)
    found = path.with_suffix(".fods").read_text("utf-8")
    assert "Good pay" in found
    return re.findall(r'table:formula="([^"]*)"', found)


def test_there_are_sixty():
    assert len(set(PAYLOADS)) == 60


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_has_no_formula(tmp_path, delimiter):
    write(tmp_path / "out.csv", ROWS, COLUMNS)
    assert formulas(tmp_path / "out.csv", delimiter=delimiter) == []


def test_xlsx_has_no_formula(tmp_path):
    write(tmp_path / "out.xlsx", ROWS, COLUMNS)
    assert formulas(tmp_path / "out.xlsx") == []
    assert [row["text"] for row in records(head(tmp_path / "out.xlsx"))] == list(PAYLOADS)


def test_csv_for_machines_has_formulas(tmp_path):
    write(tmp_path / "out.csv", ROWS, COLUMNS, escape=False)
    assert len(formulas(tmp_path / "out.csv")) > 20


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+cmd", "'+cmd", id="plus"),
        pytest.param("-1-1", "'-1-1", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t'=1", id="tab"),
        pytest.param("\r=1", "'\r'=1", id="return"),
        pytest.param("＝1", "'＝1", id="full width"),
        pytest.param("+380 44 123", "'+380 44 123", id="telephone"),
        pytest.param("a;=1", "a;'=1", id="cell of another delimiter"),
        pytest.param("-5", "-5", id="negative"),
        pytest.param("+3.2", "+3.2", id="signed"),
        pytest.param("-1,000.50", "-1,000.50", id="thousands"),
        pytest.param("-1e5", "-1e5", id="exponent"),
        pytest.param("me@example.com, a = b", "me@example.com, a = b", id="inside a text"),
        pytest.param("Visa.\n- Good pay", "Visa.\n- Good pay", id="list"),
    ],
)
def test_what_would_run_is_written_as_text(cell, written):
    assert safe(cell) == written
