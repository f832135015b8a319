"""A whole writer or language left out: what is learned carries over to others' words, or not."""

from collections.abc import Callable, Sequence

import numpy as np

from training import crossfit
from training.evaluate import by_size
from training.figures import MIN_EACH, TOO_FEW, Bools, Figure, Floats, Slice, measure
from training.report.folds import Folds
from training.report.parts import Dots, Row, Section, Table

METHOD = (
    "All texts of one writer's set (the letter in the id, over all languages), or of one language, "
    "and whatever is tied to them are left out of learning, then scored. The scores are not "
    "calibrated, so only their order is measured. The risk's own model is learned, without the "
    "indicators."
)
_ORDER = {
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "recall_at_1": "recall at 1 %",
    "recall_at_5": "recall at 5 %",
}


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
    learned = crossfit.learn(folds.plan, records[seen].tolist(), folds.labels.of(seen).risk)
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
    cells: list[Row] = [
        (each.name, each.positive, each.negative, *(each.figures.get(k, TOO_FEW) for k in _ORDER))
        for each in rows
    ]
    measured = [each for each in rows if each.figures]
    if measured:
        cells.append(
            ("mean", *(sum(n) for n in _counts(rows)), *(_mean(measured, k) for k in _ORDER))
        )
        worst = min(measured, key=lambda each: each.figures["roc_auc"].value)
        cells.append(
            (
                f"worst: {worst.name}",
                worst.positive,
                worst.negative,
                *(worst.figures[k] for k in _ORDER),
            )
        )
    return Table(title, (first, "yes", "no", *_ORDER.values()), tuple(cells))


def _counts(rows: Sequence[Slice]) -> tuple[list[int], list[int]]:
    return [each.positive for each in rows], [each.negative for each in rows]


def _mean(rows: Sequence[Slice], key: str) -> Figure:
    return Figure(float(np.mean([each.figures[key].value for each in rows])))
