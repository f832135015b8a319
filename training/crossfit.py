"""Score every labelled text by models that have not seen it, its twin, or its label."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import StratifiedGroupKFold

from model.indicators import combination
from training import learn, ties
from training.data import Corpus
from training.learn import Labels, Learned
from training.plan import Plan


@dataclass(frozen=True, slots=True)
class Held:
    """What models that had not seen a text say of it.

    `fold` (texts,) numbers the part it was held out in; `log_odds` (texts, labels) is uncalibrated.
    `learned` holds what said so, for each fold.
    """

    fold: NDArray[np.int64]
    log_odds: NDArray[np.float64]
    learned: tuple[Learned, ...] = ()


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
        learned.append(learn.from_records(plan, records[seen].tolist(), labels.of(seen)))
        fold[unseen] = number
        log_odds[unseen] = learned[-1].log_odds([record.text for record in records[unseen]])
    return Held(fold, log_odds, tuple(learned))


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
