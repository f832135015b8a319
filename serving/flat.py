"""Scores as the columns that are added to a table: nested for JSONL, flat for a spreadsheet."""

from collections.abc import Container
from itertools import accumulate, repeat

import numpy as np

from model.score import Phrase, Score
from model.scored import Scored, Span

FIELDS = ("risk", "band", "indicators", "phrases", "language", "facts", "model", "error")
OTHERS = "other_fields"
PLACES = 6
SCALE = 1e6  # 10**PLACES
TOP_PHRASES = 5

Columns = dict[str, list[object]]
Result = Score | str  # a text says why there is no score


def plain(scored: Scored) -> Columns:
    """The values of JSON for each score, by field, but for indicators and phrases."""
    return {
        "risk": (np.rint(scored.chances[:, 0] * SCALE) / SCALE).tolist(),
        "band": list(scored.bands),
        "language": [language.code for language in scored.languages],
        "facts": [list(facts) for facts in scored.facts],
        "model": [scored.model] * len(scored),
    }


def nested(scored: Scored) -> Columns:
    """The values of JSON for each score, by field; there is no `error`."""
    rounded = np.rint(scored.chances * SCALE) / SCALE
    names = [name for name, _ in scored.places]
    places = [len(scored.labels) if place is None else place for _, place in scored.places]
    chances = [[*row, None] for row in rounded.tolist()]
    return {
        **plain(scored),
        "indicators": [
            dict(zip(names, [row[place] for place in places], strict=True)) for row in chances
        ],
        "phrases": [
            [_phrase(text, span, scored) for span in spans]
            for text, spans in zip(scored.texts, scored.phrases(), strict=True)
        ],
    }


def cells(scored: Scored) -> Columns:
    """The cells of each score, by field: indicators found and top phrases, written for people."""
    return {
        **plain(scored),
        "indicators": _indicators(scored),
        "phrases": _top_phrases(scored),
        "facts": ["; ".join(facts) for facts in scored.facts],
    }


def found(score: Score) -> list[tuple[float, str]]:
    """The indicators found, highest first, each after its score."""
    return sorted(((score.indicators[name] or 0.0, name) for name in score.found), reverse=True)


def phrases(score: Score) -> list[Phrase]:
    """The phrases, highest contribution first."""
    return sorted(score.phrases, key=lambda phrase: phrase.contribution, reverse=True)


def raising(score: Score) -> list[Phrase]:
    """Those phrases that raise the risk, highest contribution first."""
    return [phrase for phrase in phrases(score) if phrase.contribution > 0]


def prefix(taken: Container[str]) -> str:
    """What to put before our names so that none is `taken`; nothing if they are free."""
    prefixes = accumulate(repeat("lurewatch_"), initial="")
    return next(
        text for text in prefixes if not any(text + name in taken for name in (*FIELDS, OTHERS))
    )


def _indicators(scored: Scored) -> list[object]:
    places = {name: place for place, name in enumerate(scored.labels)}
    told: list[object] = [""] * len(scored)
    for at, names in enumerate(scored.found):
        if names:
            row = scored.chances[at]
            of = sorted(((row[places[name]], name) for name in names), reverse=True)
            told[at] = "; ".join(f"{name}:{value:.2f}" for value, name in of)
    return told


def _top_phrases(scored: Scored) -> list[object]:
    """The first phrases that raise the risk; they come highest first."""
    spans = scored.spans
    first = np.arange(min(TOP_PHRASES, spans.start.shape[1]))
    there = first < spans.counts[:, None]
    raises = np.greater(spans.risk[:, first], 0, out=np.zeros_like(there), where=there)
    places = np.nonzero(raises)
    told: list[object] = [""] * len(scored)
    starts, ends = spans.start[places].tolist(), spans.end[places].tolist()
    for at, start, end in zip(places[0].tolist(), starts, ends, strict=True):
        phrase = " ".join(scored.texts[at][start:end].split())
        told[at] = f"{told[at]} | {phrase}" if told[at] else phrase
    return told


def _phrase(text: str, span: Span, scored: Scored) -> dict[str, object]:
    start, end, contribution, shown = span
    return {
        "text": text[start:end],
        "start": start,
        "end": end,
        "indicators": list(scored.names(shown)),
        # With digits, `round` goes by way of decimal text, which takes three times as long.
        "contribution": round(contribution * SCALE) / SCALE,
    }
