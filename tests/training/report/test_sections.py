"""Each section on a small corpus: what its tables count, and what must hold of its figures."""

from dataclasses import replace

import numpy as np
import pytest

from model.errors import BadData
from tests.training.report.reading import quiet, rows
from training.data import Corpus
from training.report import held, leftout, rationale, real, signs
from training.report.parts import Bars, Dots, Lines, Quotes


@pytest.fixture(scope="module")
def cross_validated(folds):
    return held.section(folds)


@pytest.mark.parametrize("by", ["language", "kind", "sector", "length", "writer"])
def test_every_text_is_in_one_slice(cross_validated, folds, by):
    parts = rows(cross_validated, f"Risk by {by}")
    parts.pop("all", None)
    counted = [sum(part[side] for part in parts.values()) for side in ("yes", "no")]
    assert counted == [folds.truth.sum(), (~folds.truth).sum()]


def test_a_slice_by_indicator_holds_all_honest_texts(cross_validated, folds):
    part = rows(cross_validated, "Risk by indicator shown")["debt_bondage"]
    shown = sum(each.label and "debt_bondage" in each.indicators for each in folds.records)
    assert (part["no"], part["yes"]) == ((~folds.truth).sum(), shown)


def test_charts_show_the_figures_of_the_tables(cross_validated):
    calibration, roc, dots = [
        part for part in cross_validated.parts if isinstance(part, Lines | Dots)
    ]
    assert dots.rows[0][1] == rows(cross_validated, "Risk by language")["en"]["ROC AUC"]
    assert [line.name for line in roc.lines] == ["all", "en"]
    x, y = zip(*calibration.lines[0].points, strict=True)
    assert list(x) == sorted(x)
    assert max(y) <= 1
    for bars in (part for part in cross_validated.parts if isinstance(part, Bars)):
        assert all(sum(shares) == pytest.approx(1) for _, shares in bars.rows)


@pytest.mark.parametrize(
    ("size", "group"), [(1, "0-149"), (149, "0-149"), (150, "150-299"), (9000, "1200 or more")]
)
def test_lengths(folds, size, group):
    assert held.length(replace(folds.records[0], text="x" * size)) == group


def test_a_writer_left_out_is_judged_by_the_others(folds):
    two = tuple(
        replace(each, writer="ab"[i >= 180], language="en" if i < 350 else "pl")
        for i, each in enumerate(folds.records)
    )
    section = leftout.section(replace(folds, corpus=Corpus(two)), quiet)
    writers = rows(section, "One writer left out")
    assert writers["a"]["yes"] + writers["a"]["no"] == 180
    assert writers["mean"]["ROC AUC"].value == pytest.approx(
        np.mean([writers[each]["ROC AUC"].value for each in "ab"])
    )
    worst = min("ab", key=lambda each: writers[each]["ROC AUC"].value)
    assert writers[f"worst: {worst}"] == writers[worst]
    languages = rows(section, "One language left out")
    assert languages["pl"]["ROC AUC"] == "too few"


def test_texts_tied_to_those_left_out_are_not_learned_from(folds):
    twins = tuple(replace(each, writer="ab"[i % 2]) for i, each in enumerate(folds.records))
    groups = np.arange(len(twins)) // 2
    tied = replace(folds, corpus=Corpus(twins), groups=groups)
    assert rows(leftout.section(tied, quiet), "One writer left out")["a"]["ROC AUC"] == "too few"


@pytest.fixture(scope="module")
def on_real(folds, real_ads):
    return real.section(folds, real_ads, quiet)


def test_of_real_ads_the_second_half_is_counted_and_the_first_is_shown(on_real, real_ads):
    records = real.read(real_ads / "honest.jsonl")
    first = {each.id for each in records if real.in_first_half(each.id)}
    assert 0 < len(first) < len(records)
    flagged = rows(on_real, "Honest ads flagged, second half")
    assert flagged["honest"]["ads"] == len(records) - len(first)
    assert flagged["worst of files without bait"] == flagged["honest"]
    (shown,) = [part for part in on_real.parts if isinstance(part, Quotes)]
    assert {each.id for each in shown.quotes} <= first
    risks = [float(each.head.split()[1].strip(",")) for each in shown.quotes]
    assert risks == sorted(risks, reverse=True)


def test_spam_is_bait_and_all_of_it_is_counted(on_real):
    flagged = rows(on_real, "Deceptive ads flagged, all of them")
    bait = flagged["spam"]
    assert bait["ads"] == 10
    assert flagged["files without honest ads"] == bait
    assert bait["review or above"].value >= bait["high"].value


def test_a_threshold_keeps_to_its_share_of_the_first_half(on_real, folds, real_ads):
    chosen = rows(on_real, "Thresholds chosen on real honest ads")
    at_5 = chosen["threshold"]["at 5% of the first halves"].value
    records = [r for r in real.read(real_ads / "honest.jsonl") if real.in_first_half(r.id)]
    risks = np.array([s.risk for s in real.score(folds.full, [r.text for r in records])])
    assert np.mean(risks >= at_5) <= 0.05
    held_out = np.array([each.risk for each in folds.scores])
    kept = chosen["labelled deceptive texts, held out"]["at 5% of the first halves"]
    assert kept.value == np.mean(held_out[folds.truth] >= at_5)


def test_one_ad_alone_is_counted_or_shown(folds, tmp_path):
    (tmp_path / "one.jsonl").write_text(
        '{"id": "1", "text": "Cook wanted", "label": "real"}', "utf-8"
    )
    section = real.section(folds, tmp_path, quiet)
    counted = rows(section, "Honest ads flagged, second half")["one"]["ads"]
    (shown,) = [part for part in section.parts if isinstance(part, Quotes)]
    assert counted + len(shown.quotes) == 1


def test_a_folder_without_ads_is_refused(folds, tmp_path):
    with pytest.raises(BadData, match=r"holds no \*\.jsonl"):
        real.section(folds, tmp_path, quiet)


@pytest.fixture(scope="module")
def indicators(folds):
    return signs.section(folds)


def test_macro_is_the_mean_of_the_indicators(indicators, folds):
    macro = rows(indicators, "All indicators")["macro"]
    each = rows(indicators, "Each indicator").values()
    assert macro["indicators"] == len(folds.labels.names) - 1
    for title in ("average precision", "F1"):
        assert macro[title].value == pytest.approx(np.mean([part[title].value for part in each]))
        assert macro[title].low < macro[title].high


def test_phrases_are_measured_against_marks(indicators):
    figures = {
        name: row["value"] for name, row in rows(indicators, "Phrases against marks").items()
    }
    assert 0.2 < figures["first phrase meets a mark"].value < 1
    low, high = sorted(figures[f"token {each}"].value for each in ("precision", "recall"))
    assert 0 < figures["token F1"].value < high
    assert low > 0


def test_phrases_hold_more_of_the_risk_than_random_words(indicators):
    shown, _, random = rows(indicators, "Faithfulness").values()
    assert shown["comprehensiveness"].value > random["comprehensiveness"].value
    assert shown["sufficiency"].value < random["sufficiency"].value


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ([1, 1, 1, 1], "Pay the fee, now"),
        ([1, 0, 1, 1], "Pay\nfee, now"),
        ([0, 1, 1, 0], "the fee"),
        ([0, 0, 0, 0], "."),
    ],
)
def test_where_words_are_taken_out_a_sentence_ends(folds, kept, text):
    record = replace(folds.records[0], text="Pay the fee, now")
    spans = ((0, 3), (4, 7), (8, 11), (13, 16))
    case = rationale.Case(0, record, folds.scores[0], spans, np.ones(4, bool), np.ones(4, bool))
    assert rationale.keep(case, np.array(kept, dtype=bool)) == text
