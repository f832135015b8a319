import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from model.ad import Ad
from training import data, evaluate
from training.crossfit import Held, Labels
from training.data import Columns, Corpus
from training.evaluate import Judged

LABELED = Path(__file__).parents[2] / "data" / "labeled"


def table(size, seed=0):
    """Truth, score and flag of so many texts, half deceptive."""
    rng = np.random.default_rng(seed)
    truth = np.arange(size) % 2 == 0
    score = rng.normal(size=size) + truth
    return truth, score, score > 0.5


def measured(size, **options):
    options = {"groups": np.arange(size), "resamples": 0} | options
    return evaluate.measure("all", *table(size), **options)


def test_figures_are_those_of_scikit_learn():
    truth, score, flagged = table(60)
    part = measured(60)
    assert (part.name, part.positive, part.negative) == ("all", 30, 30)
    assert part.auc.value == roc_auc_score(truth, score)
    assert part.precision.value == average_precision_score(truth, score)
    assert part.f1.value == f1_score(truth, flagged)


@pytest.fixture(scope="module")
def parts():
    """The same measured on few texts and on many."""
    return [measured(size, resamples=100) for size in (60, 1500)]


@pytest.mark.parametrize("figure", ["auc", "precision", "f1"])
def test_an_interval_holds_its_value_and_shrinks_with_more_texts(parts, figure):
    few, many = (getattr(part, figure) for part in parts)
    assert few.low < few.value < few.high
    assert many.low < many.value < many.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_an_interval_holds_19_of_20_rounds():
    truth, _, flagged = table(60)
    part = measured(60, resamples=200, seed=3)
    rng = np.random.default_rng(3)
    drawn = [rng.integers(60, size=60) for _ in range(200)]
    f1 = [f1_score(truth[rows], flagged[rows]) for rows in drawn]
    assert sum(part.f1.low < each < part.f1.high for each in f1) == pytest.approx(190, abs=3)


def test_without_resamples_there_is_no_interval():
    auc = measured(60).auc
    assert np.isnan([auc.low, auc.high]).all()


def test_the_same_seed_gives_the_same_interval():
    one, same, other = (measured(60, resamples=50, seed=seed) for seed in (1, 1, 2))
    assert one == same != other


def test_groups_are_drawn_whole():
    # Two groups of one side each: a round has both of them whole, or one twice and is left out.
    truth, score, flagged = table(60)
    part = evaluate.measure("all", truth, score, flagged, groups=truth.astype(int), resamples=50)
    assert part.auc.low == part.auc.high == part.auc.value


def test_copies_in_a_group_make_no_interval_narrower():
    truth, score, flagged = (np.tile(column, 9) for column in table(60))
    groups = np.tile(np.arange(60), 9)
    tied = evaluate.measure("", truth, score, flagged, groups=groups, resamples=100)
    alone = measured(60, resamples=100)
    assert (tied.auc.low, tied.auc.high) == pytest.approx((alone.auc.low, alone.auc.high))


@pytest.mark.parametrize(("positive", "measurable"), [(9, False), (10, True)])
@pytest.mark.parametrize("turned", [False, True], ids=["deceptive", "legitimate"])
def test_too_few_are_counted_and_not_measured(positive, measurable, turned):
    truth = (np.arange(40) < positive) ^ turned
    part = evaluate.measure("x", truth, *table(40)[1:], groups=np.arange(40), resamples=5)
    assert (part.positive, part.negative) == ((positive, 40 - positive)[:: -1 if turned else 1])
    assert (part.auc is not None) == (part.f1 is not None) == measurable


@pytest.fixture(scope="module")
def judged(corpus):
    """80 texts in two languages, and what was said of them; a quarter is unmarked."""
    records = [
        replace(each, label=i % 2 == 0, language="en" if i < 50 else "pl", marked=i % 4 < 3)
        for i, each in enumerate(corpus.records[:80])
    ]
    truth = np.array([each.label for each in records])
    known = np.array([each.marked for each in records])
    labels = Labels(("deceptive", "fee"), ("strong",), np.column_stack([truth, truth]), known)
    flagged = np.array([(i % 2 == 0 and i < 60, i % 8 == 0) for i in range(80)])
    high = flagged[:, 0] & (np.arange(80) < 20)
    probability = np.column_stack([truth, ~truth]).astype(float)
    return Corpus(tuple(records)), labels, Judged(probability, flagged, high)


@pytest.fixture(scope="module")
def made(judged):
    return evaluate.report(*judged, resamples=0)


def test_the_seed_draws_the_intervals(judged):
    one, same, other = (evaluate.report(*judged, resamples=9, seed=seed) for seed in (1, 1, 2))
    assert one == same != other


def test_a_report_has_a_slice_for_each_language_the_largest_first(made):
    assert [(each.name, each.positive, each.negative) for each in made.languages] == [
        ("en", 25, 25),
        ("pl", 15, 15),
    ]
    assert (made.overall.positive, made.overall.negative) == (40, 40)
    assert made.overall.auc.value == 1
    assert made.overall.f1.value == pytest.approx(6 / 7)  # 30 of 40 found, no false alarm


def test_indicators_are_measured_where_somebody_looked(made):
    (fee,) = made.indicators
    assert (fee.name, fee.positive, fee.negative, fee.auc.value) == ("fee", 40, 20, 0)
    assert fee.f1.value == pytest.approx(0.4)  # 10 of 40 found, no false alarm


def test_bands_are_shares_of_each_side(made):
    assert made.bands == {
        "review or high": {"deceptive": 0.75, "legitimate": 0.0},
        "high": {"deceptive": 0.25, "legitimate": 0.0},
    }


def test_as_json_says_only_what_was_measured(made):
    plain = evaluate.as_json(made)
    assert plain["overall"]["roc_auc"] == {"value": 1.0}
    assert plain["languages"]["pl"]["positive"] == 15
    few = evaluate.as_json(replace(made, overall=measured(18)))["overall"]
    assert few == {"positive": 9, "negative": 9}
    wide = evaluate.as_json(replace(made, overall=measured(60, resamples=20)))["overall"]
    assert wide["f1"]["interval"][0] < wide["f1"]["value"] < wide["f1"]["interval"][1]


def test_each_fold_is_judged_by_what_the_others_settle(small_plan):
    rng = np.random.default_rng(0)
    truth = np.arange(400) % 2 == 0
    fold = np.arange(400) // 200
    log_odds = rng.normal(size=(400, 3)) + 2 * truth[:, None]
    labels = Labels(
        ("deceptive", "one", "two"),
        ("strong",) * 2,
        np.column_stack([truth] * 3),
        np.ones(400, dtype=bool),
    )
    one = evaluate.judge(small_plan, Held(fold, log_odds), labels)
    values = labels.values ^ (fold == 0)[:, None]
    other = evaluate.judge(small_plan, Held(fold, log_odds), replace(labels, values=values))
    same = (one.probability == other.probability).all(axis=1)
    assert same.tolist() == (fold == 0).tolist()
    assert (one.high <= one.flagged[:, 0]).all()
    assert (one.high <= one.flagged[:, 1:].all(axis=1)).all()
    assert one.high.any()


@pytest.fixture(scope="module")
def unseen():
    return Corpus(data.load(LABELED / "en.jsonl").records[360:480])


def test_on_measures_the_model_in_use(models, scorer, unseen):
    report = evaluate.on(models, unseen, resamples=0)
    truth = [each.label for each in unseen.records]
    scores = scorer.score([Ad(each.text) for each in unseen.records])
    assert report.overall.auc.value == roc_auc_score(truth, [each.risk for each in scores])
    assert report.overall.f1.value == f1_score(truth, [each.band != "low" for each in scores])
    assert report.overall.auc.value > 0.6
    assert [each.name for each in report.indicators] == list(scorer.linear.labels[1:])
    high = np.array([each.band == "high" for each in scores])
    assert report.bands["high"]["deceptive"] == high[truth].mean()


def test_on_takes_a_file_that_knows_only_label_and_text(models, unseen, tmp_path):
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[each.text, "scam" if each.label else "ok"] for each in unseen.records]
        csv.writer(file).writerows([["body", "verdict"], *rows])
    columns = Columns(text="body", label="verdict", positive=("scam",), negative=("ok",))
    report = evaluate.on(models, data.load(path, columns=columns), resamples=0)
    assert report.overall == evaluate.on(models, unseen, resamples=0).overall
    assert [each.name for each in report.languages] == ["und"]
    assert {(each.positive, each.negative, each.auc) for each in report.indicators} == {
        (0, 0, None)
    }


def test_on_one_side_alone_counts(models, unseen):
    honest = Corpus(tuple(each for each in unseen.records if not each.label))
    report = evaluate.on(models, honest, resamples=0)
    assert (report.overall.positive, report.overall.auc) == (0, None)
    assert [*report.bands["high"]] == ["legitimate"]


def test_the_report_says_how_it_was_measured(made, models, unseen):
    assert "cross-validation" in evaluate.as_json(made)["method"]
    method = evaluate.as_json(evaluate.on(models, unseen, resamples=0))["method"]
    assert "cross-validation" not in method


def test_cross_validation_judges_every_text(corpus, small_plan):
    few = Corpus(corpus.records[:120])
    said = []
    report = evaluate.cross_validate(small_plan, few, resamples=0, progress=said.append)
    assert report.overall.positive + report.overall.negative == 120
    assert 0.5 < report.overall.auc.value < 1
    assert said[:4] == [*(f"cross-fitting, part {n} of 3" for n in (1, 2, 3)), "measuring all"]
