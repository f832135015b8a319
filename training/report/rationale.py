"""Whether the phrases shown are the words that people marked, and the words the risk rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model import tables
from model.reading import read
from model.score import Score
from training.data import Record
from training.figures import Bools, Figure, Floats
from training.report.folds import NOTHING, Folds
from training.report.parts import Row, Table

METHOD = (
    "Phrases are those of deceptive texts with marks. Token F1 (ERASER, arXiv 1911.03429) compares "
    "the words in all phrases shown with the words in all marks, text by text. Comprehensiveness "
    "is the risk of the text minus the risk without those words, sufficiency the risk minus that "
    "of those words alone: the first should be high, the second near 0 or below. Marks, and as "
    "many words in one random run, are given to compare with. Each run taken out leaves a sentence "
    "break."
)


def measured(folds: Folds) -> tuple[Table, Table]:
    """Agreement of phrases with marks, and faithfulness."""
    cases = _cases(folds)
    return _agreement(folds, cases), _faithfulness(folds, cases)


@dataclass(frozen=True, slots=True)
class Case:
    """A marked deceptive text, and which of its tokens (tokens,) are in marks and in phrases."""

    index: int
    record: Record
    score: Score
    spans: tuple[tuple[int, int], ...]
    marked: Bools
    shown: Bools


def _cases(folds: Folds) -> list[Case]:
    cases = []
    built = tables.build()
    for i, record in enumerate(folds.records):
        if record.label and record.spans:
            spans = tuple((each.start, each.end) for each in read(record.text, built))
            marks = [(each.start, each.end) for each in record.spans]
            phrases = [(each.start, each.end) for each in folds.scores[i].phrases]
            both = (_inside(spans, marks), _inside(spans, phrases))
            cases.append(Case(i, record, folds.scores[i], spans, *both))
    return cases


def _inside(tokens: Sequence[tuple[int, int]], runs: Sequence[tuple[int, int]]) -> Bools:
    """Which tokens meet one of the runs."""
    met = [any(start < b and a < end for a, b in runs) for start, end in tokens]
    return np.array(met, dtype=np.bool_)


def _agreement(folds: Folds, cases: Sequence[Case]) -> Table:
    index = [case.index for case in cases]

    def row(name: str, values: list[float], *, share: bool = False) -> tuple[str, Figure]:
        return name, folds.mean(np.array(values), index, share=share)

    triples = [_overlap(case) for case in cases]
    rows: tuple[Row, ...] = (
        row("first phrase meets a mark", [_first_meets(case) for case in cases], share=True),
        row("token F1", [f1 for _, _, f1 in triples]),
        row("token precision", [precision for precision, _, _ in triples]),
        row("token recall", [recall for _, recall, _ in triples]),
        row("words in phrases", [float(case.shown.mean()) for case in cases], share=True),
        row("words in marks", [float(case.marked.mean()) for case in cases], share=True),
        *_named(cases, folds.labels.names[1:]),
    )
    note = f"{len(cases):,} deceptive texts with marks."
    return Table("Phrases against marks", ("figure", "value"), rows, note)


def _first_meets(case: Case) -> float:
    if not case.score.phrases:
        return 0.0
    first = case.score.phrases[0]
    return float(any(first.start < m.end and m.start < first.end for m in case.record.spans))


def _overlap(case: Case) -> tuple[float, float, float]:
    """Token precision, recall and F1 of one text."""
    both = int((case.marked & case.shown).sum())
    marked, shown = int(case.marked.sum()), int(case.shown.sum())
    precision = both / shown if shown else 0.0
    recall = both / marked if marked else 0.0
    return precision, recall, 2 * both / max(1, marked + shown)


def _named(cases: Sequence[Case], trained: Sequence[str]) -> list[tuple[str, Figure]]:
    """Names given to phrases that a mark there has too, and marks that a phrase there names."""
    agreed, named = [], []
    for case in cases:
        marks = [
            (m.start, m.end, n) for m in case.record.spans for n in m.indicators if n in trained
        ]
        given = [(p.start, p.end, n) for p in case.score.phrases for n in p.indicators]
        agreed += [_met(each, marks) for each in given]
        named += [_met(each, given) for each in marks]
    return [
        ("names of phrases that a mark there has", Figure(_mean(agreed), share=True)),
        ("marks that a phrase there names", Figure(_mean(named), share=True)),
    ]


def _met(one: tuple[int, int, str], others: Sequence[tuple[int, int, str]]) -> bool:
    return any(one[2] == name and one[0] < b and a < one[1] for a, b, name in others)


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _faithfulness(folds: Folds, cases: Sequence[Case]) -> Table:
    """What taking the phrases out, or leaving nothing else, does to the risk."""
    rng = np.random.default_rng(folds.plan.seed)
    kinds = {
        "phrases shown": [case.shown for case in cases],
        "marks of people": [case.marked for case in cases],
        "one random run, as long as the phrases": [_random(case, rng) for case in cases],
    }
    risks = np.array([case.score.risk for case in cases])
    index = [case.index for case in cases]
    rows: list[Row] = []
    for name, chosen in kinds.items():
        pairs = list(zip(cases, chosen, strict=True))
        without = folds.score([keep(case, ~tokens) for case, tokens in pairs], index)
        alone = folds.score([keep(case, tokens) for case, tokens in pairs], index)
        cells = [folds.mean(risks - _risks(each), index) for each in (without, alone)]
        rows.append((name, *cells))
    columns = ("words", "comprehensiveness", "sufficiency")
    return Table("Faithfulness", columns, tuple(rows))


def _risks(scores: Sequence[Score]) -> Floats:
    return np.array([each.risk for each in scores])


def _random(case: Case, rng: np.random.Generator) -> Bools:
    count, size = len(case.shown), int(case.shown.sum())
    start = int(rng.integers(count - size + 1))
    return (np.arange(count) >= start) & (np.arange(count) < start + size)


def keep(case: Case, tokens: Bools) -> str:
    """The text with some of its tokens only; where others stood there is a sentence break."""
    text, open_ = case.record.text, False
    runs: list[tuple[int, int]] = []
    for (start, end), kept in zip(case.spans, tokens.tolist(), strict=True):
        if kept and open_:
            runs[-1] = (runs[-1][0], end)
        elif kept:
            runs.append((start, end))
        open_ = kept
    return "\n".join(text[start:end] for start, end in runs) or NOTHING
