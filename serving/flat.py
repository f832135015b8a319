"""A score as the fields that are added to a row: nested for JSONL, flat for a spreadsheet."""

from collections.abc import Container
from itertools import accumulate, repeat

from model.score import Phrase, Score

FIELDS = ("risk", "band", "indicators", "phrases", "language", "facts", "model", "error")
OTHERS = "other_fields"
PLACES = 6
_SCALE = 1e6  # 10**PLACES
TOP_PHRASES = 5

Fields = dict[str, object]
Result = Score | str  # a text says why there is no score


def record(result: Result, model: str) -> Fields:
    """The fields of a JSONL record; without a score they are empty and `error` says why."""
    if isinstance(result, str):
        empty: Fields = {"risk": None, "band": None, "indicators": {}, "phrases": []}
        return {**empty, "language": None, "facts": [], "model": model, "error": result}
    return {
        "risk": _rounded(result.risk),
        "band": result.band,
        "indicators": {
            name: None if value is None else _rounded(value)
            for name, value in result.indicators.items()
        },
        "phrases": [_phrase(phrase) for phrase in phrases(result)],
        "language": result.language.code,
        "facts": list(result.facts),
        "model": model,
    }


def cells(result: Result, model: str) -> Fields:
    """The cells of a CSV row: indicators found and top phrases, written for people."""
    if isinstance(result, str):
        return {"model": model, "error": result}
    top = raising(result)[:TOP_PHRASES]
    return {
        "risk": _rounded(result.risk),
        "band": result.band,
        "indicators": "; ".join(f"{name}:{value:.2f}" for value, name in found(result)),
        "phrases": " | ".join(" ".join(phrase.text.split()) for phrase in top),
        "language": result.language.code,
        "facts": "; ".join(result.facts),
        "model": model,
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


def _rounded(value: float) -> float:
    # With digits, `round` goes by way of decimal text, which takes three times as long.
    return round(value * _SCALE) / _SCALE


def _phrase(phrase: Phrase) -> Fields:
    return {
        "text": phrase.text,
        "start": phrase.start,
        "end": phrase.end,
        "indicators": list(phrase.indicators),
        "contribution": _rounded(phrase.contribution),
    }
