from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.metrics import f1_score, roc_auc_score

from model.errors import BadData
from model.indicators import load
from training import crossfit, learn, passages
from training.crossfit import Held
from training.data import Corpus
from training.learn import Labels

TABLE = load()
STRENGTHS = ("strong", "medium", "medium", "weak")


@pytest.fixture(scope="module")
def few(corpus):
    return Corpus(corpus.records[:120])


@pytest.fixture(scope="module")
def labels(few):
    return learn.labels(few, TABLE[:5], min_examples=10)


@pytest.fixture(scope="module")
def held(few, labels, small_plan):
    return crossfit.cross_fit(small_plan, few, labels, progress=lambda _: None)


def test_labels_say_what_each_text_shows(few, labels):
    assert labels.names[0] == "deceptive"
    for record, row in zip(few.records, labels.values, strict=True):
        shown = [name for name, value in zip(labels.names, row, strict=True) if value]
        wanted = [name for name in labels.names[1:] if name in record.indicators]
        assert shown == ["deceptive"] * record.label + wanted
    strengths = {each.name: each.strength for each in TABLE}
    assert labels.strengths == tuple(strengths[name] for name in labels.names[1:])


@pytest.mark.parametrize("spare", [0, 1], ids=["as many as needed", "one too few"])
def test_an_indicator_with_too_few_examples_is_left_out(few, spare):
    examples = sum("debt_bondage" in record.indicators for record in few.records)
    made = learn.labels(few, TABLE, min_examples=examples + spare)
    assert ("debt_bondage" in made.names) == (not spare)


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        pytest.param([], "There are 0 deceptive and 0 legitimate texts", id="none"),
        pytest.param([True] * 30, "30 deceptive and 0 legitimate", id="one side"),
        pytest.param([True] * 30 + [False] * 9, "9 legitimate texts; a fit needs 10", id="few"),
        pytest.param([True] * 9 + [False] * 30, "9 deceptive and 30", id="few deceptive"),
    ],
)
def test_too_few_of_a_side_are_refused(few, kept, message):
    chosen = Corpus(tuple(replace(few.records[0], label=side) for side in kept))
    with pytest.raises(BadData, match=message):
        learn.labels(chosen, TABLE, min_examples=10)


@pytest.mark.parametrize(("value", "count"), [(False, "none"), (True, "all")])
def test_a_label_with_one_side_alone_is_refused(few, labels, small_plan, value, count):
    values = labels.values.copy()
    values[:, 1] = value
    with pytest.raises(BadData, match=f"{labels.names[1]}: .* {count} of the others show it"):
        learn.from_records(small_plan, few.records, replace(labels, values=values))


def test_texts_nobody_marked_train_the_risk_alone(few, small_plan):
    foreign = [replace(each, marked=False, spans=(), id=f"x{each.id}") for each in few.records]
    turned = [replace(each, label=not each.label) for each in foreign]
    models = []
    for more in (foreign, turned):
        both = Corpus((*few.records, *more))
        labels = learn.labels(both, TABLE, min_examples=10)
        assert [labels.rows(0).sum(), labels.rows(1).sum()] == [240, 120]
        models.append(learn.from_records(small_plan, both.records, labels).models)
    same = [np.array_equal(a.coef_, b.coef_) for a, b in zip(*models, strict=True)]
    assert same == [False] + [True] * (len(same) - 1)


def test_marked_sentences_teach(few, labels, small_plan):
    """With marks, and without them in the texts but with the same labels."""
    bare = [replace(each, spans=()) for each in few.records]
    marked, plain = (
        learn.from_records(small_plan, records, labels) for records in (few.records, bare)
    )
    sentences = [each for record in few.records for each in passages.marked(record)]
    shown = np.array(["debt_bondage" in each.indicators for each in sentences])
    taught, untaught = (
        learned.log_odds([each.text for each in sentences]) for learned in (marked, plain)
    )
    assert taught[:, 0].mean() > untaught[:, 0].mean()
    label = labels.names.index("debt_bondage")
    assert roc_auc_score(shown, taught[:, label]) > roc_auc_score(shown, untaught[:, label])


def test_twins_are_held_out_together(few, held):
    folds = dict(zip([record.id for record in few.records], held.fold, strict=True))
    pairs = [(each.id, each.pair) for each in few.records if each.pair in folds]
    assert pairs
    assert all(folds[one] == folds[other] for one, other in pairs)
    assert {*folds.values()} == {0, 1, 2}


def test_a_text_is_not_judged_by_its_own_label(few, labels, small_plan):
    made = replace(labels, values=np.random.default_rng(0).permutation(labels.values))
    held = crossfit.cross_fit(small_plan, few, made, progress=lambda _: None)
    assert 0.3 < roc_auc_score(made.values[:, 0], held.log_odds[:, 0]) < 0.7


def test_held_out_scores_tell_the_sides_apart(labels, held):
    truth = labels.values[:, 0]
    assert held.log_odds[truth, 0].mean() > held.log_odds[~truth, 0].mean()


def test_the_folds_come_one_after_the_other_and_cover_all(held):
    parts = list(crossfit.others(held))
    assert [np.array_equal(one, ~other) for one, other in parts] == [True] * 3
    assert np.array_equal(sum(inside.astype(int) for inside, _ in parts), np.ones(120))


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (2.5, -1.0), (0.4, 2.0)])
def test_calibration_finds_slope_and_offset(slope, offset):
    rng = np.random.default_rng(0)
    log_odds = rng.normal(size=40_000) * 2
    truth = rng.random(40_000) < expit(slope * log_odds + offset)
    assert crossfit.calibrate(log_odds, truth) == pytest.approx((slope, offset), abs=0.1)


_scores = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=1)


@given(_scores.filter(lambda rows: any(truth for _, truth in rows)))
@settings(deadline=None)
def test_best_f1_is_the_best_of_all_thresholds(rows):
    scores, truth = (np.array(column) for column in zip(*rows, strict=True))
    f1 = [f1_score(truth, scores >= threshold) for threshold in np.unique(scores)]
    chosen = crossfit.best_f1(scores.astype(float), truth)
    assert f1_score(truth, scores >= chosen) == pytest.approx(max(f1))
    assert chosen in scores


@given(st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), min_size=1), st.floats(0.01, 0.99))
@settings(deadline=None)
def test_at_false_alarms_is_the_lowest_threshold_that_keeps_to_the_share(honest, share):
    scores = np.array(honest)
    threshold = crossfit.at_false_alarms(scores, share)
    assert np.mean(scores >= threshold) <= share
    assert np.mean(scores >= np.nextafter(threshold, 0)) > share


@pytest.mark.parametrize(
    ("scores", "share", "alarms"),
    [
        pytest.param(range(10), 0.1, 1, id="one of ten"),
        pytest.param(range(10), 0.09, 0, id="not quite one"),
        pytest.param(range(100), 0.29, 28, id="29 of 100, by rounding down"),
        pytest.param([1, 1, 1, 1, 0], 0.5, 0, id="ties reach it together"),
        pytest.param([5], 0.5, 0, id="one text"),
    ],
)
def test_at_false_alarms(scores, share, alarms):
    honest = np.array(scores, dtype=float)
    assert (honest >= crossfit.at_false_alarms(honest, share)).sum() == alarms


@given(st.lists(st.tuples(*[st.booleans()] * 4), min_size=1))
def test_combined_follows_the_rule_of_the_indicators(rows):
    (strong, *_), found = zip(*rows, strict=True), np.array(rows)
    others = found[:, 1:].sum(axis=1)
    expected = (np.array(strong) & (others >= 1)) | (others == 3)
    assert crossfit.combined(found, STRENGTHS).tolist() == expected.tolist()


@pytest.fixture(scope="module")
def settled(small_plan):
    """Settled on 2,000 made scores: the risk and two strong indicators, which follow the label."""
    rng = np.random.default_rng(0)
    truth = rng.random(2000) < 0.5
    values = np.column_stack([truth] * 3)
    log_odds = rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 3)) / 2 + 2 * values
    made = Labels(("deceptive", "one", "two"), ("strong",) * 2, values, np.ones(2000, dtype=bool))
    held = Held(np.zeros(2000, dtype=int), log_odds)
    rows = np.arange(2000) < 1000
    return made, held, crossfit.settle(small_plan, held, made, rows=rows), rows


def test_settled_bands_keep_to_the_false_alarms(settled, small_plan):
    made, held, result, rows = settled
    probability = expit(result.slopes * held.log_odds + result.offsets)
    honest = rows & ~made.values[:, 0]
    found = crossfit.combined(probability[:, 1:] >= result.thresholds[1:], made.strengths)
    review, high = probability[:, 0] >= result.thresholds[0], probability[:, 0] >= result.high
    allowed = [int(share * honest.sum()) for share in astuple(small_plan.bands)]
    assert [review[honest].sum(), (high & found)[honest].sum()] == allowed
    assert result.high >= result.thresholds[0]


def test_high_never_begins_below_review(settled, small_plan):
    made, held, _, rows = settled
    weak = replace(made, strengths=("weak", "weak"))  # which never add up
    result = crossfit.settle(small_plan, held, weak, rows=rows)
    assert result.high == result.thresholds[0]


def test_nothing_is_settled_on_other_rows(settled, small_plan):
    made, held, result, rows = settled
    log_odds = np.where(rows[:, None], held.log_odds, -9.0)
    values = made.values & rows[:, None]
    other = crossfit.settle(
        small_plan, Held(held.fold, log_odds), replace(made, values=values), rows=rows
    )
    assert other.high == result.high
    assert np.array_equal(other.thresholds, result.thresholds)
    assert np.array_equal(other.slopes, result.slopes)


def test_indicators_are_settled_where_somebody_looked(settled, small_plan):
    made, held, result, rows = settled
    known = np.arange(2000) % 2 == 0
    values = made.values & known[:, None]
    values[:, 0] = made.values[:, 0]
    other = crossfit.settle(small_plan, held, replace(made, known=known, values=values), rows=rows)
    assert other.slopes[0] == result.slopes[0]
    assert other.slopes[1] == pytest.approx(result.slopes[1], rel=0.2)
