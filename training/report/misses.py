"""What is still taken for something else: misses and false alarms, counted and shown."""

from collections.abc import Callable, Iterable

import numpy as np

from model.indicators import load
from training.data import Record
from training.evaluate import by_size
from training.figures import Bools, Floats, Ints, share
from training.report import held
from training.report.folds import Folds
from training.report.parts import Quotes, Row, Section, Table
from training.report.real import quote

#: The texts of each side that are shown, and the fewest that make a row.
SHOWN, LEAST = 40, 20

METHOD = (
    "Held-out texts on the wrong side of where review begins. A row is a group of the labelled "
    "texts: how many of its deceptive ones are missed, and how many of its honest ones are "
    f"flagged; groups with fewer than {LEAST} of a side are left out there. The texts shown are "
    "the firmest errors, for a person to read: what they have in common is what to write more of."
)
_KEYS: dict[str, Callable[[Record], Iterable[str]]] = {
    "language": lambda each: [each.language],
    "kind": lambda each: [each.kind],
    "sector": lambda each: [each.sector],
    "length": lambda each: [held.length(each)],
    "indicator": lambda each: each.indicators or ["no indicator"],
}


def section(folds: Folds) -> Section:
    """Both kinds of errors by group, worst first, and the firmest ones."""
    flagged = folds.meter.judged.flagged[:, 0]
    missed, alarmed = folds.truth & ~flagged, ~folds.truth & flagged
    tables = (
        _table(folds, "Deceptive texts missed", folds.truth, missed),
        _table(folds, "Honest texts flagged", ~folds.truth, alarmed),
    )
    risk = np.array([each.risk for each in folds.scores])
    quotes = (
        _quotes(folds, "Missed, the lowest risk first", _first(missed, risk)),
        _quotes(folds, "Flagged, the highest risk first", _first(alarmed, -risk)),
    )
    return Section("misses", "Remaining errors", METHOD, (*tables, *quotes))


def _table(folds: Folds, title: str, side: Bools, wrong: Bools) -> Table:
    rows: list[Row] = [("all", int(side.sum()), int(wrong.sum()), share(wrong[side]))]
    for key, of in _KEYS.items():
        names = [set(of(each)) for each in folds.records]
        for name in by_size([name for found in names for name in found]):
            part = np.array([name in found for found in names]) & side
            if part.sum() >= LEAST:
                rows.append(
                    (f"{key} {name}", int(part.sum()), int(wrong[part].sum()), share(wrong[part]))
                )
    return Table(title, ("group", "texts", "wrong", "share"), tuple(rows))


def _first(wrong: Bools, order: Floats) -> Ints:
    rows = np.flatnonzero(wrong)
    return rows[np.argsort(order[rows], kind="stable")][:SHOWN]


def _quotes(folds: Folds, title: str, rows: Ints) -> Quotes:
    titles = {each.name: each.title for each in load()}
    return Quotes(title, tuple(quote(folds.records[i], folds.scores[i], titles) for i in rows))
