"""Learning curves and remaining errors, on a small corpus."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.report.reading import quiet, rows
from training.data import Corpus
from training.report import growth, held, misses
from training.report.parts import Lines, Quotes


@pytest.fixture(scope="module")
def grown(folds, real_ads):
    writers = tuple(replace(each, writer="abc"[i // 120]) for i, each in enumerate(folds.records))
    return growth.section(replace(folds, corpus=Corpus(writers)), real_ads, quiet)


def test_all_of_the_texts_teach_more_than_an_eighth(grown):
    curve = rows(grown, "By share of the texts")
    assert curve["100.0%"]["ROC AUC"].value > curve["12.5%"]["ROC AUC"].value
    (chart,) = [part for part in grown.parts if isinstance(part, Lines)]
    assert chart.lines[0].points[-1] == (1.0, curve["100.0%"]["ROC AUC"].value)


def test_all_of_the_texts_tell_as_much_as_in_cross_validation(grown, folds):
    # Cross-validation ranks by calibrated risk, which moves the folds against each other a little.
    whole = rows(held.section(folds), "Risk by language")["en"]["ROC AUC"].value
    assert rows(grown, "By share of the texts")["100.0%"]["ROC AUC"].value == pytest.approx(
        whole, abs=0.03
    )


def test_a_larger_share_holds_the_smaller_and_ties_hold(folds):
    drawn = growth._drawn(folds)
    for group in np.unique(folds.groups):
        assert len(np.unique(drawn[folds.groups == group])) == 1


def test_writers_learned_from_are_counted(grown):
    by_writers = rows(grown, "By number of writers")
    assert [*by_writers] == ["1", "2"]
    assert by_writers["2"]["texts learned from"] > by_writers["1"]["texts learned from"]


def test_real_ads_are_counted_along_the_curve(grown):
    curve = rows(grown, "Real ads, by share of the texts")["100.0%"]
    assert 0 <= curve["honest ads flagged, second half"].value <= 1
    assert 0 <= curve["deceptive: spam"].value <= 1


def test_of_too_few_texts_nothing_is_learned(folds):
    few = replace(folds, groups=np.zeros(len(folds.records), np.int64))  # all drawn, or none
    curve = rows(growth.section(few, None, quiet), "By share of the texts")
    assert {row["ROC AUC"] for row in curve.values()} & {"too few"}


def test_errors_are_those_on_the_wrong_side_of_review(folds):
    section = misses.section(folds)
    missed = rows(section, "Deceptive texts missed")["all"]
    bands = np.array([each.band for each in folds.scores])
    assert missed["texts"] == folds.truth.sum()
    assert missed["wrong"] == (folds.truth & (bands == "low")).sum()
    flagged = rows(section, "Honest texts flagged")["all"]
    assert flagged["wrong"] == (~folds.truth & (bands != "low")).sum()
    for quotes in (part for part in section.parts if isinstance(part, Quotes)):
        risks = [float(each.head.split()[1].strip(",")) for each in quotes.quotes]
        assert risks == sorted(risks, reverse=quotes.title.startswith("Flagged"))
