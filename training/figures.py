"""Measured values with their intervals: how well scores tell two sides apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

#: Fewer texts of either label than this are counted, not measured.
MIN_EACH = 10
TOO_FEW = "too few"
RESAMPLES = 200
#: Parts of equal count for the calibration error and its curve.
BINS = 10

#: What is measured of a slice: the key in JSON, and the title.
TITLES: Mapping[str, str] = {
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "recall_at_1": "recall at 1 %",
    "recall_at_5": "recall at 5 %",
    "f1": "F1",
    "brier": "Brier",
    "ece": "ECE",
}

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its 95 % interval, NaN where there is none; `share` is shown in %."""

    value: float
    low: float = np.nan
    high: float = np.nan
    share: bool = False

    def __str__(self) -> str:
        return f"{self.main} {self.interval}".strip()

    @property
    def main(self) -> str:
        """The value alone, as it is shown."""
        return f"{_percent(self.value)} %" if self.share else f"{self.value:.3f}"

    @property
    def interval(self) -> str:
        """The interval, as it is shown; empty where there is none."""
        if np.isnan(self.low):
            return ""
        if self.share:
            return f"[{_percent(self.low)} {_percent(self.high)}]"
        return f"[{self.low:.3f} {self.high:.3f}]"

    @property
    def plain(self) -> dict[str, object] | None:
        """As JSON holds it; none where nothing was measured."""
        if np.isnan(self.value):
            return None
        value: dict[str, object] = {"value": round(self.value, 4)}
        interval = [round(self.low, 4), round(self.high, 4)]
        return value if np.isnan(self.low) else value | {"interval": interval}


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of one part of the texts; none where there are too few of either label."""

    name: str
    positive: int
    negative: int
    figures: Mapping[str, Figure] = field(default_factory=dict)


def measure(
    name: str,
    truth: Bools,
    score: Floats,
    flagged: Bools,
    *,
    groups: Ints,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Slice:
    """All of `TITLES` for probabilities and what reaches the threshold.

    Intervals are those of a bootstrap over groups. Recall at 1 and 5 % is read off the ROC curve of
    these very texts: the share of positives above the threshold that so many negatives reach.
    """
    positive, negative = int(truth.sum()), int((~truth).sum())
    if min(positive, negative) < MIN_EACH:
        return Slice(name, positive, negative)
    found = sampled(truth, score, flagged, counts(groups, resamples, seed=seed))
    return Slice(name, positive, negative, {key: figure(each) for key, each in found.items()})


def mean(values: Floats, groups: Ints, *, resamples: int = RESAMPLES, seed: int = 0) -> Figure:
    """A mean over texts, its interval by a bootstrap over groups."""
    if not len(values):
        return Figure(np.nan)
    drawn = counts(groups, resamples, seed=seed)
    return figure(drawn @ values / drawn.sum(axis=1))


def figure(rounds: Floats) -> Figure:
    """A value (the first) and its interval from resamples (the others; NaN: left out)."""
    rest = rounds[1:][~np.isnan(rounds[1:])]
    low, high = np.quantile(rest, (0.025, 0.975)).tolist() if len(rest) else (np.nan, np.nan)
    return Figure(float(rounds[0]), low, high)


def counts(groups: Ints, rounds: int, *, seed: int) -> Floats:
    """How often each text counts, shape (1 + rounds, texts): once, then as its group is drawn.

    Each round draws as many groups as there are, with replacement.
    """
    number = np.unique(groups, return_inverse=True)[1]
    size, rng = number.max() + 1, np.random.default_rng(seed)
    drawn = (np.bincount(rng.integers(size, size=size), minlength=size) for _ in range(rounds))
    return np.array([np.ones(len(groups)), *(each[number] for each in drawn)])


def sampled(truth: Bools, score: Floats, flagged: Bools, counts: Floats) -> Mapping[str, Floats]:
    """All of `TITLES` for each row of counts (rounds,); NaN where a round has one side alone.

    They are those of scikit-learn's functions with sample weights, which would take a minute where
    this takes a second; a test holds them against each other.
    """
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.diff(score[order], append=-np.inf))
    hits = np.cumsum(counts[:, order] * truth[order], axis=1)[:, ends]
    alarms = np.cumsum(counts[:, order] * ~truth[order], axis=1)[:, ends]
    both = (hits[:, -1] > 0) & (alarms[:, -1] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        true, false = hits / hits[:, -1:], alarms / alarms[:, -1:]
        step, rise = np.diff(false, prepend=0), np.diff(true, prepend=0)
        precision = hits / np.maximum(hits + alarms, 1e-12)
        found = {
            "roc_auc": (step * (true - rise / 2)).sum(axis=1),
            "average_precision": (rise * precision).sum(axis=1),
            "recall_at_1": np.where(false <= 0.01, true, 0).max(axis=1),
            "recall_at_5": np.where(false <= 0.05, true, 0).max(axis=1),
            "f1": 2 * counts @ (truth & flagged) / (counts @ truth + counts @ flagged),
            "brier": counts @ (score - truth) ** 2 / counts.sum(axis=1),
            "ece": _ece(truth, score, counts),
        }
    return {key: np.where(both, each, np.nan) for key, each in found.items()}


def _percent(share: float) -> str:
    return f"{round(100 * share, 1) + 0:.1f}"  # + 0 makes -0 a 0


def _ece(truth: Bools, score: Floats, counts: Floats) -> Floats:
    """Expected calibration error for each row of counts, over the same parts of equal count."""
    gaps = [np.abs(counts[:, part] @ (score - truth)[part]) for part in _bins(score)]
    error: Floats = np.sum(gaps, axis=0) / counts.sum(axis=1)
    return error


def share(reached: Bools) -> Figure:
    """The share of independent texts that are true, with its Wilson interval."""
    if not len(reached):
        return Figure(np.nan, share=True)
    test = binomtest(int(reached.sum()), len(reached))
    interval = test.proportion_ci(method="wilson")
    return Figure(float(reached.mean()), float(interval.low), float(interval.high), share=True)


def calibration(truth: Bools, score: Floats) -> tuple[Floats, Floats]:
    """Mean probability and share of positives in each of `BINS` parts of equal count."""
    parts = _bins(score)
    said = np.array([score[part].mean() for part in parts])
    return said, np.array([truth[part].mean() for part in parts])


def _bins(score: Floats) -> list[Ints]:
    return np.array_split(np.argsort(score, kind="stable"), min(BINS, len(score)))
