"""Score every labelled text by models that have not seen it, its twin, or its label."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import StratifiedGroupKFold

from model.errors import BadData
from model.indicators import Indicator, combination
from model.ngrams import NgramVectorizer
from training import passages, ties
from training.data import Corpus, Record
from training.plan import Ngrams, Plan

RISK = "deceptive"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be learned: `names`, the overall risk first, and `values` (texts, names).

    `strengths` are those of the indicators, `names[1:]`.
    `known` (texts,) is false where nobody looked for indicators: those train the risk alone.
    """

    names: tuple[str, ...]
    strengths: tuple[str, ...]
    values: NDArray[np.bool_]
    known: NDArray[np.bool_]

    def rows(self, label: int) -> NDArray[np.bool_]:
        """The texts whose value of this label is known."""
        return np.ones(len(self.known), dtype=np.bool_) if label == 0 else self.known

    def of(self, texts: NDArray[np.int64] | NDArray[np.bool_]) -> "Labels":
        """The same of some of the texts."""
        return replace(self, values=self.values[texts], known=self.known[texts])

    @property
    def risk(self) -> "Labels":
        """The overall risk without the indicators."""
        return replace(self, names=self.names[:1], strengths=(), values=self.values[:, :1])


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from some texts: the n-grams, and a linear model for each label."""

    vectorizer: NgramVectorizer
    models: tuple[LogisticRegression, ...]

    def log_odds(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """What the models say of texts (texts, labels), not calibrated."""
        rows = self.vectorizer.transform(texts)
        return np.column_stack([model.decision_function(rows) for model in self.models])


@dataclass(frozen=True, slots=True)
class Held:
    """What models that had not seen a text say of it.

    `fold` (texts,) numbers the part it was held out in; `log_odds` (texts, labels) is uncalibrated.
    `learned` holds what said so, for each fold.
    """

    fold: NDArray[np.int64]
    log_odds: NDArray[np.float64]
    learned: tuple[Learned, ...] = ()


def labels(corpus: Corpus, indicators: Sequence[Indicator], *, min_examples: int) -> Labels:
    """The labels with enough examples to be learned; raises `BadData` if the risk has not."""
    records = corpus.records
    shown = Counter(name for record in records for name in record.indicators)
    trained = [each for each in indicators if shown[each.name] >= min_examples]
    names = (RISK, *(each.name for each in trained))
    values = np.array(
        [[record.label, *(name in record.indicators for name in names[1:])] for record in records]
    )
    positive = int(values[:, 0].sum()) if len(records) else 0
    if min(positive, len(records) - positive) < min_examples:
        raise BadData(
            f"There are {positive} deceptive and {len(records) - positive} legitimate texts; "
            f"a fit needs {min_examples} of each (fit.min_examples in the plan)."
        )
    known = np.array([record.marked for record in records])
    return Labels(names, tuple(each.strength for each in trained), values, known)


def cross_fit(
    plan: Plan, corpus: Corpus, labels: Labels, *, progress: Callable[[str], None]
) -> Held:
    """Hold out each fold in turn, tied texts together, and score it by a fit on the rest."""
    records = np.array(corpus.records, dtype=object)
    fold, log_odds, learned = np.zeros(len(records), np.int64), np.zeros(labels.values.shape), []
    folds = StratifiedGroupKFold(plan.fit.folds, shuffle=True, random_state=plan.seed)
    parts = folds.split(records, labels.values[:, 0], ties.groups(corpus))
    for number, (seen, unseen) in enumerate(parts):
        progress(f"cross-fitting, part {number + 1} of {plan.fit.folds}")
        learned.append(learn(plan, records[seen].tolist(), labels.of(seen)))
        fold[unseen] = number
        log_odds[unseen] = learned[-1].log_odds([record.text for record in records[unseen]])
    return Held(fold, log_odds, tuple(learned))


def learn(plan: Plan, records: Sequence[Record], labels: Labels) -> Learned:
    """Learn n-grams from records, and a linear model for each label from them and their passages.

    Raises `BadData` for a label of which they show one side alone.

    One label after the other: liblinear's random numbers are global to the process, so fits in
    threads would not come out the same twice.
    """
    vectorizer = _vectorizer(plan.ngrams)
    rows = vectorizer.fit_transform([record.text for record in records])
    lured = [passages.marked(record) for record in records if record.label]
    lures = [" ".join(each.text for each in marked) for marked in lured if marked]
    marked = [each for record in records for each in passages.marked(record)]
    of_lures = vectorizer.transform(lures)
    of_marks = vectorizer.transform([each.text for each in marked])
    models = []
    for label, name in enumerate(labels.names):
        recipe = plan.indicators if label else plan.risk
        more = of_marks if label else of_lures
        shown = [name in each.indicators for each in marked] if label else [True] * len(lures)
        known = labels.rows(label)
        _check_sides(name, labels.values[known, label])
        model = LogisticRegression(
            C=recipe.C, solver="liblinear", dual=True, max_iter=10_000, random_state=plan.seed
        )
        model.fit(
            vstack([rows[known], more]),
            np.concatenate([labels.values[known, label], np.array(shown, dtype=np.bool_)]),
            sample_weight=np.repeat([1.0, recipe.marked_weight], [known.sum(), len(shown)]),
        )
        models.append(model)
    return Learned(vectorizer, tuple(models))


def _vectorizer(ngrams: Ngrams) -> NgramVectorizer:
    return NgramVectorizer(
        ranges=ngrams.ranges,
        min_df=ngrams.min_df,
        idf_power=ngrams.idf_power,
        chars_weight=ngrams.chars_weight,
        several_weight=ngrams.several_weight,
    )


def _check_sides(name: str, values: NDArray[np.bool_]) -> None:
    if values.all() or not values.any():
        raise BadData(
            f"{name}: where one part of the texts is held out, "
            f"{'all' if values.any() else 'none'} of the others show it. Tie fewer texts by "
            "pairs, or raise fit.min_examples in the plan to leave it out."
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """What held-out scores settle: each label's calibration and threshold, all (labels,).

    `thresholds` are probabilities; the first is where `review` begins, `high` where `high` does.
    """

    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    high: float


def settle(plan: Plan, held: Held, labels: Labels, *, rows: NDArray[np.bool_]) -> Settled:
    """Calibrate and choose thresholds on some of the held-out texts."""
    known = [rows & labels.rows(label) for label in range(len(labels.names))]
    pairs = [
        calibrate(held.log_odds[part, label], labels.values[part, label])
        for label, part in enumerate(known)
    ]
    slopes, offsets = np.array(pairs).T
    probability = expit(slopes * held.log_odds + offsets)
    thresholds = np.array(
        [best_f1(probability[part, i], labels.values[part, i]) for i, part in enumerate(known)]
    )
    honest = probability[rows & ~labels.values[:, 0]]
    thresholds[0] = at_false_alarms(honest[:, 0], plan.bands.review_false_alarms)
    found = combined(honest[:, 1:] >= thresholds[1:], labels.strengths)
    high = at_false_alarms(np.where(found, honest[:, 0], 0), plan.bands.high_false_alarms)
    return Settled(slopes, offsets, thresholds, max(high, float(thresholds[0])))


def calibrate(log_odds: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that turn held-out log-odds into those of the truth (Platt scaling)."""
    model = LogisticRegression(C=np.inf).fit(log_odds[:, None], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_f1(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The threshold with the highest F1."""
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[int(np.argmax(f1[:-1]))])


def combined(found: NDArray[np.bool_], strengths: Sequence[str]) -> NDArray[np.bool_]:
    """For each text, whether the indicators found (texts, indicators) together point to a lure."""
    rows = [[s for s, f in zip(strengths, row, strict=True) if f] for row in found]
    return np.array([combination(row) for row in rows], dtype=np.bool_)


def at_false_alarms(honest: NDArray[np.float64], share: float) -> float:
    """The lowest threshold that at most `share` of the honest scores reach."""
    allowed = int(share * len(honest))
    return float(np.nextafter(np.sort(honest)[::-1][allowed], np.inf))


def others(held: Held) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """For each fold, its texts and all the others: settle on the others, measure on the fold."""
    for number in range(int(held.fold.max()) + 1):
        yield held.fold == number, held.fold != number
