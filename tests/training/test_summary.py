import io
from dataclasses import replace

import pytest
from rich.console import Console

from training import summary
from training.evaluate import Report
from training.figures import Figure, Slice

FIGURE = Figure(0.9254, 0.9181, 0.9312)
ALL = {"roc_auc": FIGURE, "average_precision": FIGURE, "f1": FIGURE}
FEE = Slice("upfront_fee", 40, 20, ALL)
RARE = Slice("organ_removal_lure", 3, 57)
REPORT = Report(
    method="",
    overall=Slice("all", 40, 20, ALL | {"f1": replace(FIGURE, low=float("nan"))}),
    languages=(),
    indicators=(FEE, RARE),
    bands={"high": {"deceptive": 0.345, "legitimate": 0.01}},
)


def shown(part, width=200):
    out = io.StringIO()
    Console(file=out, width=width).print(part)
    return out.getvalue()


def test_a_figure_has_its_interval_if_there_is_one():
    text = shown(summary.table(REPORT))
    assert "0.925 [0.918 0.931]" in text
    assert "│ 0.925 │" in text
    assert "high: 34.5% of deceptive, 1.0% of legitimate" in " ".join(text.split())


@pytest.mark.parametrize("width", [200, 80])
def test_names_are_whole_on_any_width(width):
    text = shown(summary.indicators(REPORT), width)
    assert "upfront_fee" in text
    assert "organ_removal_lure" in text
    assert "too few" in text


@pytest.mark.parametrize(
    ("indicators", "why"),
    [
        pytest.param((), "the model has none", id="no indicators"),
        pytest.param((Slice("upfront_fee", 0, 0),) * 2, "the texts have no marks", id="no marks"),
    ],
)
def test_no_table_where_no_indicator_was_measured(indicators, why):
    report = replace(REPORT, indicators=indicators)
    assert summary.indicators(report) == f"No indicator was measured: {why}."


@pytest.mark.parametrize(
    ("trained", "can"),
    [
        pytest.param((), False, id="none"),
        pytest.param(("debt_bondage",), False, id="one strong"),
        pytest.param(("too_good_pay", "urgency_secrecy"), False, id="no strong one"),
        pytest.param(("debt_bondage", "urgency_secrecy"), True, id="strong and another"),
    ],
)
def test_a_model_that_cannot_reach_the_band_high_is_told(scorer, trained, can):
    few = replace(scorer, linear=replace(scorer.linear, labels=("deceptive", *trained)))
    said = summary.warning(few)
    assert (said == "") == can
    assert can or all(name in said for name in trained or ("none",))
