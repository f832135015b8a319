"""Fit a model: cross-fit for honest risks and thresholds, then fit on everything."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression

from model import artifact, indicators
from model.linear import Linear
from model.ngrams import NgramVectorizer
from model.scorer import Scorer, Thresholds
from training import card, crossfit, evaluate, stopwords
from training.crossfit import Labels, Settled
from training.data import Corpus
from training.evaluate import Report
from training.plan import Plan

LIMITS = (
    "The score is about the advertisement and the words it uses. It is no finding about a person.",
    "It was trained on texts written for this project, not on real ones; nobody has reviewed them "
    "who speaks the language natively.",
    "The risk is calibrated on those texts, in which every second one is deceptive. Among real "
    "ads lures are rare, so far fewer than `risk` of the ads at that risk are lures.",
    "A low score clears nobody: bait that states no terms, and schemes not in the texts, pass.",
    "In a language not among `languages` the score is a guess; `facts` holds `language_unknown`.",
)


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
    table = indicators.load()
    labels = crossfit.labels(corpus, table, min_examples=plan.fit.min_examples)
    held = crossfit.cross_fit(plan, corpus, labels, progress=progress)
    judged = evaluate.judge(plan, held, labels)
    report = evaluate.report(
        corpus, labels, judged, resamples=resamples, seed=plan.seed, progress=progress
    )
    progress("fitting on all texts")
    vectorizer = NgramVectorizer(ranges=plan.ngrams.ranges, min_df=plan.ngrams.min_df)
    models = crossfit.fit_each(
        plan, vectorizer.fit_transform([record.text for record in corpus.records]), labels
    )
    languages = _languages(corpus, plan.fit.known_language)
    settled = crossfit.settle(plan, held, labels, rows=np.ones(len(labels.known), dtype=np.bool_))
    scorer = Scorer(
        version="",
        linear=_linear(plan, labels, vectorizer, models, settled, languages),
        indicators=table,
        thresholds=_thresholds(settled, labels.names),
        card=_card(corpus, labels, report, [each.name for each in table]),
        languages=languages,
    )
    return Fitted(
        scorer, report, {"vectorizer": vectorizer, **dict(zip(labels.names, models, strict=True))}
    )


def save(fitted: Fitted, plan: Plan, models: Path) -> Path:
    """Write a fitted model below `models` and make it the one in use; returns its folder."""
    pipeline = BytesIO()
    joblib.dump(fitted.pipeline, pipeline, compress=3)
    scorer = fitted.scorer
    page = card.write(scorer.card, fitted.report, scorer.indicators)
    extra = {artifact.PIPELINE: pipeline.getvalue(), artifact.CARD: page.encode()}
    folder = artifact.save(models, scorer, plan=asdict(plan), extra=extra)
    artifact.promote(folder)
    return folder


def _linear(
    plan: Plan,
    labels: Labels,
    vectorizer: NgramVectorizer,
    models: list[LogisticRegression],
    settled: Settled,
    languages: tuple[str, ...],
) -> Linear:
    """The models with their calibration folded in: what is explained are the risk's log-odds."""
    weights = np.column_stack([model.coef_[0] for model in models]) * settled.slopes
    intercepts = np.array([model.intercept_[0] for model in models])
    return Linear(
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


def _thresholds(settled: Settled, names: tuple[str, ...]) -> Thresholds:
    review, *found = (float(threshold) for threshold in settled.thresholds)
    return Thresholds(review, settled.high, dict(zip(names[1:], found, strict=True)))


def _languages(corpus: Corpus, least: int) -> tuple[str, ...]:
    counts = Counter(record.language for record in corpus.records)
    return tuple(sorted(code for code, count in counts.items() if count >= least and code != "und"))


def _card(corpus: Corpus, labels: Labels, report: Report, names: list[str]) -> dict[str, Any]:
    """What a user of the model should know, JSON-ready; no date, so that a fit can be repeated."""
    by_language = Counter(record.language for record in corpus.records)
    return {
        "name": "lurewatch",
        "made_with": {name: version(name) for name in ("lurewatch", "numpy", "scikit-learn")},
        "data": {
            "fingerprint": corpus.fingerprint(),
            "texts": len(corpus.records),
            "deceptive": int(labels.values[:, 0].sum()),
            "languages": dict(sorted(by_language.items())),
        },
        "untrained": [name for name in names if name not in labels.names],
        "metrics": evaluate.as_json(report),
        "limits": list(LIMITS),
    }
