"""A whole writer or language left out: what is learned carries over to others' words, or not."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from training import learn
from training.evaluate import by_size
from training.figures import MIN_EACH, Bools, Figure, Floats, Slice, measure
from training.report.folds import Folds
from training.report.parts import Dots, Section, Table, slices

METHOD = (
    "All texts of one writer's set (the letter in the id, over all languages), or of one language, "
    "and whatever is tied to them are left out of learning, then scored. The scores are not "
    "calibrated, so only their order is measured. The risk's own model is learned, without the "
    "indicators."
)
_KEYS = ("roc_auc", "average_precision", "recall_at_1", "recall_at_5")
#: A mean over those with this many of each label, beside that over all.
LARGE = 100
LARGE_MEAN = f"mean of those with {LARGE} of each or more"


def section(folds: Folds, progress: Callable[[str], None]) -> Section:
    """Leave one writer out, and one language."""
    parts: list[Table | Dots] = []
    for name, values in (
        ("writer", [each.writer for each in folds.records]),
        ("language", [each.language for each in folds.records]),
    ):
        rows = []
        for value in by_size([each for each in values if each]):
            progress(f"leaving out {name} {value}")
            rows.append(_left_out(folds, value, np.array(values) == value))
        table = _table(f"One {name} left out", name, rows)
        measured = tuple((each.name, each.figures["roc_auc"]) for each in rows if each.figures)
        parts += [table, Dots(f"ROC AUC, one {name} left out", "ROC AUC", measured)]
    return Section("left-out", "A writer or a language left out", METHOD, tuple(parts))


def _left_out(folds: Folds, name: str, out: Bools) -> Slice:
    seen = ~np.isin(folds.groups, folds.groups[out])
    sides = (folds.truth[out], ~folds.truth[out], folds.truth[seen], ~folds.truth[seen])
    if min(int(side.sum()) for side in sides) < MIN_EACH:
        return Slice(name, int(sides[0].sum()), int(sides[1].sum()))
    records = np.array(folds.records, dtype=object)
    learned = learn.from_records(folds.plan, records[seen].tolist(), folds.labels.of(seen).risk)
    score: Floats = learned.log_odds([each.text for each in records[out]])[:, 0]
    return measure(
        name,
        folds.truth[out],
        score,
        score > 0,
        groups=folds.groups[out],
        resamples=folds.resamples,
        seed=folds.plan.seed,
    )


def _table(title: str, first: str, rows: Sequence[Slice]) -> Table:
    table = slices(title, first, rows, keys=_KEYS)
    measured = [each for each in rows if each.figures]
    large = [each for each in measured if min(each.positive, each.negative) >= LARGE]
    means = (("mean", measured), (LARGE_MEAN, large))
    added = [_mean(name, of) for name, of in means if of]
    if measured:
        worst = min(measured, key=lambda each: each.figures["roc_auc"].value)
        added.append(replace(worst, name=f"worst: {worst.name}"))
    return replace(table, rows=table.rows + slices(title, first, added, keys=_KEYS).rows)


def _mean(name: str, rows: Sequence[Slice]) -> Slice:
    figures = {key: Figure(float(np.mean([r.figures[key].value for r in rows]))) for key in _KEYS}
    return Slice(name, sum(r.positive for r in rows), sum(r.negative for r in rows), figures)
