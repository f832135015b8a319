from dataclasses import astuple

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    roc_auc_score,
    roc_curve,
)

from training import figures
from training.figures import Figure, measure


def table(size, seed=0):
    """Truth, score and flag of so many texts, half deceptive."""
    rng = np.random.default_rng(seed)
    truth = np.arange(size) % 2 == 0
    score = rng.normal(size=size) + truth
    return truth, score, score > 0.5


def measured(size, **options):
    options = {"groups": np.arange(size), "resamples": 0} | options
    return measure("all", *table(size), **options)


def test_figures_are_those_of_scikit_learn():
    truth, score, flagged = table(60)
    part = measured(60)
    assert (part.name, part.positive, part.negative) == ("all", 30, 30)
    assert part.figures["roc_auc"].value == pytest.approx(roc_auc_score(truth, score))
    assert part.figures["average_precision"].value == pytest.approx(
        average_precision_score(truth, score)
    )
    assert part.figures["f1"].value == pytest.approx(f1_score(truth, flagged))


@pytest.fixture(scope="module")
def parts():
    """The same measured on few texts and on many."""
    return [measured(size, resamples=100) for size in (60, 1500)]


@pytest.mark.parametrize("figure", ["roc_auc", "average_precision", "f1", "recall_at_5"])
def test_an_interval_holds_its_value_and_shrinks_with_more_texts(parts, figure):
    few, many = (part.figures[figure] for part in parts)
    assert few.low < few.value < few.high
    assert many.low < many.value < many.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_an_interval_holds_19_of_20_rounds():
    truth, _, flagged = table(60)
    part = measured(60, resamples=200, seed=3)
    rng = np.random.default_rng(3)
    drawn = [rng.integers(60, size=60) for _ in range(200)]
    f1 = [f1_score(truth[rows], flagged[rows]) for rows in drawn]
    assert sum(
        part.figures["f1"].low < each < part.figures["f1"].high for each in f1
    ) == pytest.approx(190, abs=3)


def test_without_resamples_there_is_no_interval():
    auc = measured(60).figures["roc_auc"]
    assert np.isnan([auc.low, auc.high]).all()


def test_the_same_seed_gives_the_same_interval():
    one, same, other = (measured(60, resamples=50, seed=seed) for seed in (1, 1, 2))
    assert one == same != other


def test_groups_are_drawn_whole():
    # Two groups of one side each: a round has both of them whole, or one twice and is left out.
    truth, score, flagged = table(60)
    part = measure("all", truth, score, flagged, groups=truth.astype(int), resamples=50)
    assert (
        part.figures["roc_auc"].low == part.figures["roc_auc"].high == part.figures["roc_auc"].value
    )


def test_copies_in_a_group_make_no_interval_narrower():
    truth, score, flagged = (np.tile(column, 9) for column in table(60))
    groups = np.tile(np.arange(60), 9)
    tied = measure("", truth, score, flagged, groups=groups, resamples=100)
    alone = measured(60, resamples=100)
    assert astuple(tied.figures["roc_auc"]) == pytest.approx(astuple(alone.figures["roc_auc"]))


@pytest.mark.parametrize(("positive", "measurable"), [(9, False), (10, True)])
@pytest.mark.parametrize("turned", [False, True], ids=["deceptive", "legitimate"])
def test_too_few_are_counted_and_not_measured(positive, measurable, turned):
    truth = (np.arange(40) < positive) ^ turned
    part = measure("x", truth, *table(40)[1:], groups=np.arange(40), resamples=5)
    assert (part.positive, part.negative) == ((positive, 40 - positive)[:: -1 if turned else 1])
    assert bool(part.figures) == measurable


def test_a_resample_counts_like_weights_in_scikit_learn():
    rng = np.random.default_rng(1)
    truth = rng.random(300) < 0.4
    score = np.round(rng.random(300) * 0.6 + 0.3 * truth, 2)  # with many ties
    weights = figures.counts(np.arange(300) // 3, 4, seed=2)
    found = figures.sampled(truth, score, score > 0.5, weights)
    for i, weight in enumerate(weights):
        alarms, recall, _ = roc_curve(truth, score, sample_weight=weight, drop_intermediate=False)
        wanted = {
            "roc_auc": roc_auc_score(truth, score, sample_weight=weight),
            "average_precision": average_precision_score(truth, score, sample_weight=weight),
            "recall_at_1": recall[alarms <= 0.01].max(),
            "recall_at_5": recall[alarms <= 0.05].max(),
            "f1": f1_score(truth, score > 0.5, sample_weight=weight),
            "brier": brier_score_loss(truth, score, sample_weight=weight),
        }
        assert {key: found[key][i] for key in wanted} == pytest.approx(wanted)


def test_calibration_is_that_of_scikit_learn_and_ece_its_mean_gap():
    rng = np.random.default_rng(0)
    score = rng.random(1000)
    truth = rng.random(1000) < score**2
    said, true = figures.calibration(truth, score)
    wanted = calibration_curve(truth, score, n_bins=figures.BINS, strategy="quantile")
    assert np.allclose([true, said], wanted)
    part = measure("", truth, score, score > 0.5, groups=np.arange(1000), resamples=0)
    assert part.figures["ece"].value == pytest.approx(np.abs(said - true).mean())


@pytest.mark.parametrize(
    ("figure", "text", "plain"),
    [
        (Figure(0.5), "0.500", {"value": 0.5}),
        (Figure(0.5, 0.4, 0.61), "0.500 [0.400 0.610]", {"value": 0.5, "interval": [0.4, 0.61]}),
        (Figure(0.5, 0.4, 0.6, True), "50.0 % [40.0 60.0]", {"value": 0.5, "interval": [0.4, 0.6]}),
        (Figure(np.nan), "nan", None),
    ],
)
def test_a_figure_is_shown_with_its_interval(figure, text, plain):
    assert (str(figure), figure.plain) == (text, plain)


def test_a_share_has_an_interval_even_at_its_ends():
    none = figures.share(np.zeros(50, dtype=bool))
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(0.071, abs=0.001)  # Wilson: z² / (n + z²)
    assert np.isnan(figures.share(np.zeros(0, dtype=bool)).value)


def test_a_mean_resamples_groups():
    values, groups = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1])
    made = figures.mean(values, groups, resamples=200)
    assert astuple(made)[:3] == (0.5, 0, 1)
