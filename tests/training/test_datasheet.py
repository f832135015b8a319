from pathlib import Path

import pytest

from model.errors import BadData
from model.marks import Span
from training.data import Corpus, Record, load
from training.datasheet import BEGIN, END, filled, refresh

LABELED = Path(__file__).parents[2] / "data" / "labeled"


def record(name, *, label, language="en", indicator=None):
    return Record(
        id=name,
        text="Pay first",
        label=label,
        language=language,
        kind="ad",
        channel="sms",
        sector="sports",
        writer="a",
        hard=False,
        pair=None,
        marked=True,
        spans=(Span(0, 3, (indicator,)),) if indicator else (),
    )


CORPUS = Corpus(
    (
        record("1", label=True, indicator="upfront_fee"),
        record("2", label=False),
        record("3", label=False, language="pl"),
    )
)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("| en | 2 | 1 | 1 | 0 | 0 |", id="language"),
        pytest.param("| all | 3 | 1 | 2 | 0 | 0 |", id="all"),
        pytest.param("| ad | 1 / 2 | 1 / 1 | 0 / 1 |", id="kind"),
        pytest.param("| sports | 1 / 2 | 1 / 1 | 0 / 1 |", id="sector"),
        pytest.param("| a | 1 / 2 | 1 / 1 | 0 / 1 |", id="set"),
        pytest.param("| upfront_fee | 1 / 0 | 1 / 0 | - |", id="indicator"),
        pytest.param("| debt_bondage | - | - | - |", id="indicator that nothing shows"),
    ],
)
def test_the_tables_count(line):
    assert line in filled(f"{BEGIN}{END}", CORPUS).splitlines()


def test_refresh_changes_only_what_is_between_the_markers(tmp_path):
    sheet = tmp_path / "README.md"
    sheet.write_text(f"before\n{BEGIN} old {END}\nafter\n", encoding="utf-8")
    assert [refresh(sheet, CORPUS), refresh(sheet, CORPUS)] == [True, False]
    text = sheet.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text


@pytest.mark.parametrize("text", ["", BEGIN, f"{END} {BEGIN}"], ids=["none", "one", "turned"])
def test_refresh_refuses_a_sheet_without_markers(tmp_path, text):
    sheet = tmp_path / "README.md"
    sheet.write_text(text, encoding="utf-8")
    with pytest.raises(BadData, match=r"README\.md lacks the markers"):
        refresh(sheet, CORPUS)


def test_the_datasheet_of_the_corpus_is_current():
    text = (LABELED / "README.md").read_text(encoding="utf-8")
    assert text == filled(text, load(LABELED)), "Run: lurewatch-train datasheet"
