"""Measure held-out scores: how well ads and indicators are told apart, overall and by language."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from model import artifact, indicators
from model.ad import Ad
from model.score import Score
from training import crossfit, learn, ties
from training.crossfit import Held
from training.data import Corpus
from training.figures import RESAMPLES, Bools, Floats, Ints, Slice, measure
from training.learn import Labels
from training.plan import Plan

HELD_OUT = "held-out texts of grouped cross-validation; thresholds chosen on other folds"
IN_USE = "the model in use, on texts given for measuring"


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
    labels = learn.labels(corpus, indicators.load(), min_examples=plan.fit.min_examples)
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
    labels = learn.labels(corpus, trained, min_examples=0)
    progress(f"scoring {len(corpus.records)} texts")
    scores = scorer.score([Ad(record.text) for record in corpus.records])
    judged = judged_by(scores, labels)
    measured = report(corpus, labels, judged, resamples=resamples, progress=progress)
    return replace(measured, method=IN_USE)


def judged_by(scores: Sequence[Score], labels: Labels) -> Judged:
    """What scorers said of the texts."""
    names = labels.names[1:]
    return Judged(
        np.array([[s.risk, *(s.indicators[name] for name in names)] for s in scores]),
        np.array([[s.band != "low", *(name in s.found for name in names)] for s in scores]),
        np.array([s.band == "high" for s in scores]),
    )


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


@dataclass(frozen=True, slots=True)
class Meter:
    """Measures parts of the judged texts; intervals resample `groups` (texts,) of tied ones."""

    labels: Labels
    judged: Judged
    groups: Ints
    resamples: int = RESAMPLES
    seed: int = 0

    def part(self, name: str, rows: Bools, *, label: int = 0) -> Slice:
        """The figures of a label in the texts chosen, as far as its value is known there."""
        rows = rows & self.labels.rows(label)
        return measure(
            name,
            self.labels.values[rows, label],
            self.judged.probability[rows, label],
            self.judged.flagged[rows, label],
            groups=self.groups[rows],
            resamples=self.resamples,
            seed=self.seed,
        )

    def parts(self, names: Sequence[str]) -> tuple[Slice, ...]:
        """The risk's figures for the texts of each name (texts,), the commonest first."""
        every = np.array(names)
        return tuple(self.part(each, every == each) for each in by_size(every))

    def indicators(self) -> tuple[Slice, ...]:
        """The figures of each indicator."""
        every = np.ones(len(self.groups), dtype=np.bool_)
        names = self.labels.names
        return tuple(self.part(name, every, label=i) for i, name in enumerate(names) if i)


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
    progress("measuring")
    meter = Meter(labels, judged, ties.groups(corpus), resamples, seed)
    return Report(
        method=HELD_OUT,
        overall=meter.part("all", np.ones(len(corpus.records), dtype=np.bool_)),
        languages=meter.parts([record.language for record in corpus.records]),
        indicators=meter.indicators(),
        bands=_bands(labels.values[:, 0], judged),
    )


def _bands(truth: Bools, judged: Judged) -> dict[str, dict[str, float]]:
    sides = {"deceptive": truth, "legitimate": ~truth}
    reached = {"review or high": judged.flagged[:, 0], "high": judged.high}
    return {
        band: {name: float(rows[part].mean()) for name, part in sides.items() if part.any()}
        for band, rows in reached.items()
    }


def by_size(names: Sequence[str] | NDArray[np.str_]) -> list[str]:
    """The different names, the commonest first."""
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
    figures = {key: each.plain for key, each in part.figures.items()}
    return {"positive": part.positive, "negative": part.negative, **figures}


def dump(report: Report) -> str:
    """The figures as JSON text."""
    return json.dumps(as_json(report), indent=1) + "\n"
