"""Fit a model: cross-fit for honest risks and thresholds, then fit on everything."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from model import artifact, indicators
from model.linear import Linear
from model.scorer import Scorer, Thresholds
from training import card, crossfit, evaluate, learn, stopwords
from training.crossfit import Settled
from training.data import Corpus
from training.evaluate import Report
from training.learn import Labels, Learned
from training.plan import Plan


@dataclass(frozen=True, slots=True)
class Fitted:
    """A scorer, its held-out figures, and the scikit-learn objects that it was made from."""

    scorer: Scorer
    report: Report
    pipeline: Mapping[str, Any]


def fit(
    plan: Plan,
    corpus: Corpus,
    *,
    resamples: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Fit a scorer on labelled texts. Raises `BadData` where there is too little to learn from.

    `resamples` bootstrap rounds give the report its intervals; 0 leaves them out.
    """
    labels = learn.labels(corpus, indicators.load(), min_examples=plan.fit.min_examples)
    held = crossfit.cross_fit(plan, corpus, labels, progress=progress)
    judged = evaluate.judge(plan, held, labels)
    report = evaluate.report(
        corpus, labels, judged, resamples=resamples, seed=plan.seed, progress=progress
    )
    progress("fitting on all texts")
    learned = learn.from_records(plan, corpus.records, labels)
    settled = crossfit.settle(plan, held, labels, rows=np.ones(len(labels.known), dtype=np.bool_))
    scorer = assemble(
        plan, labels, learned, settled, languages=languages(corpus, plan.fit.known_language)
    )
    about = card.about(corpus, labels, evaluate.as_json(report))
    pipeline = {"vectorizer": learned.vectorizer}
    models = dict(zip(labels.names, learned.models, strict=True))
    return Fitted(replace(scorer, card=about), report, pipeline | models)


def assemble(
    plan: Plan,
    labels: Labels,
    learned: Learned,
    settled: Settled,
    *,
    languages: tuple[str, ...],
) -> Scorer:
    """A scorer, without version and card, of what was learned and settled.

    The calibration is folded into the weights: what is explained are the risk's log-odds.
    """
    vectorizer = learned.vectorizer
    weights = np.column_stack([model.coef_[0] for model in learned.models]) * settled.slopes
    intercepts = np.array([model.intercept_[0] for model in learned.models])
    linear = Linear(
        labels=labels.names,
        ranges=plan.ngrams.ranges,
        tables=vectorizer.tables_,
        terms=vectorizer.terms_,
        hashes=vectorizer.hashes_,
        idf=vectorizer.idf_,
        weights=weights.astype(np.float32),
        intercepts=intercepts * settled.slopes + settled.offsets,
        stop=stopwords.flags(vectorizer.terms_, languages),
    )
    return Scorer(
        version="",
        linear=linear,
        indicators=indicators.load(),
        thresholds=_thresholds(settled, labels.names),
        card={},
        languages=languages,
    )


def languages(corpus: Corpus, least: int) -> tuple[str, ...]:
    """The languages of which there are so many texts that they count as known."""
    counts = Counter(record.language for record in corpus.records)
    return tuple(sorted(code for code, count in counts.items() if count >= least and code != "und"))


def save(fitted: Fitted, plan: Plan, models: Path) -> Path:
    """Write a fitted model below `models` and make it the one in use; returns its folder."""
    pipeline = BytesIO()
    joblib.dump(fitted.pipeline, pipeline, compress=3)
    scorer = fitted.scorer
    page = card.write(scorer.card, fitted.report.method, card.tables(fitted.report))
    extra = {artifact.PIPELINE: pipeline.getvalue(), artifact.CARD: page.encode()}
    folder = artifact.save(models, scorer, plan=asdict(plan), extra=extra)
    artifact.promote(folder)
    return folder


def _thresholds(settled: Settled, names: tuple[str, ...]) -> Thresholds:
    review, *found = (float(threshold) for threshold in settled.thresholds)
    return Thresholds(review, settled.high, dict(zip(names[1:], found, strict=True)))
