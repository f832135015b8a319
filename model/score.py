"""What a scored advertisement is: a risk with the phrases that drove it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Band = Literal["low", "review", "high"]
BANDS: tuple[Band, ...] = ("low", "review", "high")

#: What may be true of a text that a reader should know, by its code.
FACTS: Mapping[str, str] = {
    "hidden_characters": "Characters that cannot be seen stand inside words.",
    "look_alike_letters": "Words mix letters of two scripts that look alike.",
    "spaced_letters": "Words are written with spaces or dots between their letters.",
    "leetspeak": "Words are written with digits or signs for letters.",
    "language_unknown": "The model was not trained on this language, or none could be told: "
    "doubt the risk.",
    "too_short": "The text is too short for a score to rest on.",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of the text as received, and how much it moved the risk.

    `start` and `end` count code points, so `ad.text[start:end] == text`.
    `contribution` is the phrase's part of the risk's log-odds; `indicators` names what it shows.
    """

    text: str
    start: int
    end: int
    indicators: tuple[str, ...]
    contribution: float


@dataclass(frozen=True, slots=True)
class Language:
    """The language found (ISO 639-1; `und`: cannot be told), and whether the model knows it."""

    code: str
    known: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The result for one ad.

    `risk` is a calibrated probability in [0, 1] that the *ad* is deceptive; `log_odds` its logit.
    The log-odds are fully accounted for: the phrases' contributions (they never overlap) plus
    `rest` (all of the text outside the phrases) plus `intercept`.
    `indicators` gives each indicator's own probability by name, in the order of `indicators.toml`,
    and None for one that had too few examples to be trained; `found` names those above their
    threshold. `facts` are codes of `FACTS` that are true of the text; `model` is the version that
    scored.
    """

    risk: float
    band: Band
    indicators: Mapping[str, float | None]
    found: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    language: Language
    facts: tuple[str, ...]
    log_odds: float
    intercept: float
    rest: float
    model: str
