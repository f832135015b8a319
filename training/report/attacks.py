"""Attacks: how much of what is found is lost when its writer hides it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from training.evaluate import by_size
from training.figures import Bools, Figure, Floats
from training.report import padding
from training.report.disguises import DISGUISES
from training.report.folds import Folds
from training.report.parts import Line, Lines, Row, Section, Table

SHARES = (0.05, 0.10, 0.20)
#: Padding, in lengths of the text.
TIMES = (1, 3)

METHOD = (
    "Every held-out text is attacked, and scored by the model that has not seen it, at the "
    "thresholds of that model. Disguises touch a share of the words (an ideograph is one), or all "
    "that can be disguised in that way if those are fewer. "
    "Padding is honest texts of the same language that the model has not seen either, before or "
    "behind the text, at least once or three times its length. Recall lost is the share of "
    "deceptive texts in the band minus the share still there; false alarms added is the share of "
    "honest texts in the band under attack minus the share before. All are points of 100 texts."
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """For each text, in points: 1 if it left the band (deceptive), or came into it (honest)."""

    review: Floats
    high: Floats


def section(folds: Folds, progress: Callable[[str], None]) -> Section:
    """All disguises at all shares, padding, and one lure sentence inside an honest ad."""
    outcomes = {name: _outcome(folds, texts) for name, texts in _attacked(folds, progress)}
    rows: tuple[Row, ...] = tuple((name, *_cells(folds, each)) for name, each in outcomes.items())
    columns = (
        "attack",
        "recall lost, review or above",
        "recall lost, high",
        "false alarms added, review or above",
        "false alarms added, high",
    )
    return Section(
        "attacks",
        "Attacks",
        METHOD,
        (
            Table("Under attack", columns, rows),
            _chart(folds, outcomes),
            _by_language(folds, outcomes),
            padding.one_sentence(folds),
        ),
    )


def _attacked(folds: Folds, progress: Callable[[str], None]) -> Iterator[tuple[str, list[str]]]:
    """The name of each attack, and all texts under it."""
    for name, disguise in DISGUISES.items():
        for share in SHARES:
            attack = f"{name}, {share:.0%}"
            progress(attack)
            chances = (Random(f"{folds.plan.seed} {name} {each.id}") for each in folds.records)
            pairs = zip(folds.records, chances, strict=True)
            yield attack, [disguise(each.text, share, chance) for each, chance in pairs]
    for times in TIMES:
        progress(f"{times}× padding")
        pads = padding.around(folds, times)
        texts = [each.text for each in folds.records]
        yield (
            f"padding {times}× behind",
            [f"{text}\n\n{pad}" for text, pad in zip(texts, pads, strict=True)],
        )
        yield (
            f"padding {times}× before",
            [f"{pad}\n\n{text}" for text, pad in zip(texts, pads, strict=True)],
        )


def _outcome(folds: Folds, texts: Sequence[str]) -> _Outcome:
    scores = folds.score(texts, range(len(texts)))
    judged = folds.meter.judged
    sign = np.where(folds.truth, 1, -1)

    def moved(before: Bools, after: list[bool]) -> Floats:
        change: Floats = sign * (before.astype(float) - np.array(after, dtype=float))
        return change

    return _Outcome(
        moved(judged.flagged[:, 0], [each.band != "low" for each in scores]),
        moved(judged.high, [each.band == "high" for each in scores]),
    )


def _cells(folds: Folds, outcome: _Outcome) -> list[Figure]:
    return [
        folds.mean(moved[side], side, share=True)
        for side in (folds.truth, ~folds.truth)
        for moved in (outcome.review, outcome.high)
    ]


def _chart(folds: Folds, outcomes: dict[str, _Outcome]) -> Lines:
    lines = []
    for name in DISGUISES:
        lost = [
            float(outcomes[f"{name}, {share:.0%}"].review[folds.truth].mean()) for share in SHARES
        ]
        lines.append(Line(name, ((0.0, 0.0), *zip(SHARES, lost, strict=True))))
    top = max(y for line in lines for _, y in line.points)
    most = max(0.05, np.ceil(20 * top) / 20)
    axes = ("share of words", "recall lost, review or above")
    return Lines("Recall lost by disguises", *axes, tuple(lines), most=(0.2, float(most)))


def _by_language(folds: Folds, outcomes: dict[str, _Outcome]) -> Table:
    """Where each attack hurts, at a tenth of the words and at the longest padding."""
    shown = [name for name in outcomes if name.endswith("10%") or f"{TIMES[-1]}×" in name]
    languages = np.array([each.language for each in folds.records])
    rows: list[Row] = []
    for language in by_size(languages):
        part = folds.truth & (languages == language)
        lost = (
            float(outcomes[name].review[part].mean()) if part.any() else np.nan for name in shown
        )
        rows.append((language, int(part.sum()), *(Figure(each, share=True) for each in lost)))
    columns = ("language", "deceptive", *shown)
    return Table("Recall lost by language, review or above", columns, tuple(rows))
