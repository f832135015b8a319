"""Measure held-out scores: how well ads and indicators are told apart, overall and by language."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from model import artifact, indicators
from model.ad import Ad
from training import crossfit
from training.crossfit import Held, Labels
from training.data import Corpus
from training.plan import Plan

#: Fewer texts of either label than this are counted, not measured.
MIN_EACH = 10
TOO_FEW = "too few"
RESAMPLES = 200

HELD_OUT = "held-out texts of grouped cross-validation; thresholds chosen on other folds"
IN_USE = "the model in use, on texts given for measuring"

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its 95 % interval, from resampling groups of tied texts."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        interval = "" if np.isnan(self.low) else f" [{self.low:.3f} {self.high:.3f}]"
        return f"{self.value:.3f}{interval}"


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of one part of the texts; no figures where there are too few of either label."""

    name: str
    positive: int
    negative: int
    auc: Figure | None = None
    precision: Figure | None = None
    f1: Figure | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All figures: the risk overall and by language, each indicator, and the bands."""

    method: str
    overall: Slice
    languages: tuple[Slice, ...]
    indicators: tuple[Slice, ...]
    bands: Mapping[str, Mapping[str, float]]  # band -> share of deceptive, of legitimate texts


@dataclass(frozen=True, slots=True)
class Judged:
    """Calibrated probabilities (texts, labels), and which reach the threshold.

    `high` (texts,) says which reach the upper band; `flagged[:, 0]` are those in `review` or above.
    """

    probability: Floats
    flagged: Bools
    high: Bools


def cross_validate(
    plan: Plan,
    corpus: Corpus,
    *,
    resamples: int = RESAMPLES,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Grouped cross-validation: every text is judged by what was learned without it or its twin."""
    labels = crossfit.labels(corpus, indicators.load(), min_examples=plan.fit.min_examples)
    held = crossfit.cross_fit(plan, corpus, labels, progress=progress)
    judged = judge(plan, held, labels)
    return report(corpus, labels, judged, resamples=resamples, seed=plan.seed, progress=progress)


def on(
    models: Path,
    corpus: Corpus,
    *,
    resamples: int = RESAMPLES,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Measure the model in use on labelled texts. They must not be among those it was fitted on."""
    progress("loading the model")
    scorer = artifact.load(models)
    trained = [each for each in scorer.indicators if each.name in scorer.thresholds.indicators]
    labels = crossfit.labels(corpus, trained, min_examples=0)
    progress(f"scoring {len(corpus.records)} texts")
    scores = scorer.score([Ad(record.text) for record in corpus.records])
    judged = Judged(
        np.array([[s.risk, *(s.indicators[name] for name in labels.names[1:])] for s in scores]),
        np.array([[s.band != "low", *(n in s.found for n in labels.names[1:])] for s in scores]),
        np.array([s.band == "high" for s in scores]),
    )
    measured = report(corpus, labels, judged, resamples=resamples, progress=progress)
    return replace(measured, method=IN_USE)


def judge(plan: Plan, held: Held, labels: Labels) -> Judged:
    """Calibrate and choose thresholds for each fold on the other folds, then judge the fold."""
    judged = Judged(
        np.zeros_like(held.log_odds),
        np.zeros(held.log_odds.shape, dtype=np.bool_),
        np.zeros(len(held.fold), dtype=np.bool_),
    )
    for inside, outside in crossfit.others(held):
        settled = crossfit.settle(plan, held, labels, rows=outside)
        log_odds = settled.slopes * held.log_odds[inside] + settled.offsets
        judged.probability[inside] = expit(log_odds)
        judged.flagged[inside] = judged.probability[inside] >= settled.thresholds
        combined = crossfit.combined(judged.flagged[inside, 1:], labels.strengths)
        judged.high[inside] = combined & (judged.probability[inside, 0] >= settled.high)
    return judged


def report(
    corpus: Corpus,
    labels: Labels,
    judged: Judged,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """The figures of judged texts; `resamples` bootstrap rounds give intervals (0: none)."""
    groups = np.array(corpus.groups())
    languages = np.array([record.language for record in corpus.records])

    def part(name: str, label: int, rows: Bools) -> Slice:
        progress(f"measuring {name}")
        rows = rows & labels.rows(label)
        truth, score = labels.values[rows, label], judged.probability[rows, label]
        flagged = judged.flagged[rows, label]
        return measure(
            name, truth, score, flagged, groups=groups[rows], resamples=resamples, seed=seed
        )

    every = np.ones(len(languages), dtype=np.bool_)
    return Report(
        method=HELD_OUT,
        overall=part("all", 0, every),
        languages=tuple(part(each, 0, languages == each) for each in _by_size(languages)),
        indicators=tuple(part(name, i, every) for i, name in enumerate(labels.names) if i),
        bands=_bands(labels.values[:, 0], judged),
    )


def measure(
    name: str,
    truth: Bools,
    score: Floats,
    flagged: Bools,
    *,
    groups: NDArray[np.int64],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Slice:
    """ROC AUC, average precision, and F1 of `flagged`, with bootstrap intervals over groups."""
    positive, negative = int(truth.sum()), int((~truth).sum())
    if min(positive, negative) < MIN_EACH:
        return Slice(name, positive, negative)
    drawn = list(_draws(groups, resamples, np.random.default_rng(seed)))

    def figure(metric: Callable[[Bools, Floats], float], values: Floats) -> Figure:
        rounds = [metric(truth[rows], values[rows]) for rows in drawn if 0 < truth[rows].mean() < 1]
        low, high = np.quantile(rounds, (0.025, 0.975)) if rounds else (np.nan, np.nan)
        return Figure(float(metric(truth, values)), float(low), float(high))

    return Slice(
        name,
        positive,
        negative,
        figure(roc_auc_score, score),
        figure(average_precision_score, score),
        figure(f1_score, flagged.astype(np.float64)),
    )


def _draws(
    groups: NDArray[np.int64], rounds: int, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Rows of as many groups as there are, drawn with replacement, `rounds` times."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    members = np.split(order, starts[1:])
    for _ in range(rounds):
        yield np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])


def _bands(truth: Bools, judged: Judged) -> dict[str, dict[str, float]]:
    sides = {"deceptive": truth, "legitimate": ~truth}
    reached = {"review or high": judged.flagged[:, 0], "high": judged.high}
    return {
        band: {name: float(rows[part].mean()) for name, part in sides.items() if part.any()}
        for band, rows in reached.items()
    }


def _by_size(names: Sequence[str] | NDArray[np.str_]) -> list[str]:
    found, counts = np.unique(names, return_counts=True)
    return [str(found[i]) for i in np.argsort(-counts, kind="stable")]


def as_json(report: Report) -> dict[str, Any]:
    """The figures by name, without what was not measured."""
    return {
        "method": report.method,
        "overall": _plain(report.overall),
        "languages": {each.name: _plain(each) for each in report.languages},
        "indicators": {each.name: _plain(each) for each in report.indicators},
        "bands": report.bands,
    }


def _plain(part: Slice) -> dict[str, Any]:
    figures = {"roc_auc": part.auc, "average_precision": part.precision, "f1": part.f1}
    return {
        "positive": part.positive,
        "negative": part.negative,
        **{
            name: {"value": round(figure.value, 4)}
            | (
                {}
                if np.isnan(figure.low)
                else {"interval": [round(figure.low, 4), round(figure.high, 4)]}
            )
            for name, figure in figures.items()
            if figure
        },
    }


def dump(report: Report) -> str:
    """The figures as JSON text."""
    return json.dumps(as_json(report), indent=1) + "\n"
