import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from model.ad import Ad
from training import data, evaluate
from training.crossfit import Held
from training.data import Columns, Corpus
from training.evaluate import Judged
from training.figures import measure
from training.learn import Labels

LABELED = Path(__file__).parents[2] / "data" / "labeled"


def table(size, seed=0):
    """Truth, score and flag of so many texts, half deceptive."""
    rng = np.random.default_rng(seed)
    truth = np.arange(size) % 2 == 0
    score = rng.normal(size=size) + truth
    return truth, score, score > 0.5


def measured(size, **options):
    options = {"groups": np.arange(size), "resamples": 0} | options
    return measure("all", *table(size), **options)


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
    assert made.overall.figures["roc_auc"].value == 1
    assert made.overall.figures["f1"].value == pytest.approx(
        6 / 7
    )  # 30 of 40 found, no false alarm


def test_indicators_are_measured_where_somebody_looked(made):
    (fee,) = made.indicators
    assert (fee.name, fee.positive, fee.negative, fee.figures["roc_auc"].value) == (
        "fee",
        40,
        20,
        0,
    )
    assert fee.figures["f1"].value == pytest.approx(0.4)  # 10 of 40 found, no false alarm


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
    assert report.overall.figures["roc_auc"].value == roc_auc_score(
        truth, [each.risk for each in scores]
    )
    assert report.overall.figures["f1"].value == f1_score(
        truth, [each.band != "low" for each in scores]
    )
    assert report.overall.figures["roc_auc"].value > 0.6
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
    assert {(each.positive, each.negative, len(each.figures)) for each in report.indicators} == {
        (0, 0, 0)
    }


def test_on_one_side_alone_counts(models, unseen):
    honest = Corpus(tuple(each for each in unseen.records if not each.label))
    report = evaluate.on(models, honest, resamples=0)
    assert (report.overall.positive, report.overall.figures) == (0, {})
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
    assert 0.5 < report.overall.figures["roc_auc"].value < 1
    assert said[:4] == [*(f"cross-fitting, part {n} of 3" for n in (1, 2, 3)), "measuring"]
