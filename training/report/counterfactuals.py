"""Counterfactuals: what a country, a people or a gender named in a text does to the risk."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.score import Score
from training.evaluate import by_size
from training.figures import Figure
from training.report import swaps
from training.report.folds import Folds
from training.report.parts import Quote, Quotes, Row, Section, Table

METHOD = (
    "Each text that names one of fourteen countries or their people is written again with each of "
    "the other thirteen in its place, texts of several with all of them moved on alike; and each "
    "text that speaks of women or men with the one for the other. Held-out models score both. The "
    "change is the risk of the new text minus the old. Not covered: cities, currencies and flags; "
    "countries outside of the list; cases that share a form with another; articles and "
    "prepositions that would have to change; names; in gender, verbs, participles and most "
    "adjectives, and `her` as an object; in Turkish, suffixes joined without an apostrophe. "
    "So a part of the change is grammar that nobody would write."
)
KINDS = {"places": "Countries and peoples", "gender": "Women and men"}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Variant:
    """A text written again: of which record, what its first word became, and what that does."""

    of: int
    name: str
    text: str
    score: Score
    change: float
    moved: bool  # whether its band changed


def section(folds: Folds) -> Section:
    """Swap countries and peoples, and women and men."""
    parts: list[Table | Quotes] = []
    for kind, title in KINDS.items():
        variants = measured(folds, kind)
        parts += [_by_language(folds, title, variants), _by_name(title, variants)]
        parts.append(_largest(folds, title, variants))
    return Section("swaps", "Counterfactual swaps", METHOD, tuple(parts))


def measured(folds: Folds, kind: str) -> list[Variant]:
    """Score every variant of every text that has one."""
    words = swaps.load()[kind]
    found = [
        (i, name, text)
        for i, record in enumerate(folds.records)
        if record.language in words
        for name, text in swaps.variants(words[record.language], record.text)
    ]
    scores = folds.score([text for _, _, text in found], [i for i, _, _ in found])
    made = []
    for (i, name, text), score in zip(found, scores, strict=True):
        before = folds.scores[i]
        change, moved = score.risk - before.risk, score.band != before.band
        made.append(Variant(i, name, text, score, change, moved))
    return made


def _by_language(folds: Folds, title: str, variants: Sequence[Variant]) -> Table:
    languages = by_size([folds.records[each.of].language for each in variants])
    rows: list[Row] = []
    for name in ("all", *languages) if languages else ():
        part = [each for each in variants if name in ("all", folds.records[each.of].language)]
        size, of = np.array([abs(each.change) for each in part]), [each.of for each in part]
        moved = np.array([each.moved for each in part], dtype=float)
        rows.append(
            (
                name,
                len({*of}),
                len(part),
                folds.mean(size, of),
                Figure(float(np.quantile(size, 0.95))),
                Figure(float(size.max())),
                folds.mean(moved, of, share=True),
            )
        )
    columns = ("texts", "variants", "mean change", "95th percentile", "largest", "band changed")
    return Table(title, ("language", *columns), tuple(rows))


def _by_name(title: str, variants: Sequence[Variant]) -> Table:
    """Whether what a text becomes raises or lowers its risk on the whole."""
    rows: list[Row] = []
    for name in sorted({each.name for each in variants}):
        change = np.array([each.change for each in variants if each.name == name])
        figures = (Figure(float(change.mean())), Figure(float(np.abs(change).max())))
        rows.append((name, len(change), *figures))
    columns = ("becomes", "variants", "mean change, with its sign", "largest")
    return Table(f"{title}, by what they become", columns, tuple(rows))


def _largest(folds: Folds, title: str, variants: Sequence[Variant]) -> Quotes:
    """The texts that change most, each as its most changed variant."""
    best: dict[int, Variant] = {}
    for each in sorted(variants, key=lambda each: -abs(each.change)):
        best.setdefault(each.of, each)
    quotes = []
    for each in list(best.values())[:SHOWN]:
        before = folds.scores[each.of].risk
        head = f"becomes {each.name}: risk {before:.3f} → {each.score.risk:.3f}"
        quotes.append(Quote(folds.records[each.of].id, head, each.text))
    return Quotes(f"{title}: the largest changes, as rewritten", tuple(quotes))
