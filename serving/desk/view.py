"""A result as people read it: the band and why, what moved the risk, what is not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from model.indicators import STRENGTHS, Indicator, Strength
from model.language import UNDETERMINED
from model.score import Band
from model.scorer import Scorer
from serving.desk.unseen import UNSEEN
from serving.schemas import PhraseOut, ScoreOut

#: With fewer labelled texts in its language, a result is called less sure. The intervals of the
#: six languages that have 36 are too wide to rely on; the next has 640.
FEW = 100
QUOTES = 3
Weight = Literal["strong", "clear", "slight", "none"]
#: From which change of the log-odds on: odds times 4, 1.8 and 1.05 or more.
_WEIGHTS: tuple[tuple[float, Weight], ...] = (
    (1.4, "strong"),
    (0.6, "clear"),
    (0.05, "slight"),
    (0.0, "none"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A phrase that moved the risk: how far, and which signs it shows, by title."""

    number: int
    text: str
    start: int
    end: int
    contribution: float
    weight: Weight
    signs: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def raises(self) -> bool:
        """Whether it speaks for a lure."""
        return self.contribution > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """An indicator, how far the ad shows it, and the words that do."""

    of: Indicator
    score: float | None
    quotes: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that a page says of a result. `few` is the number of texts of an ill-known language."""

    score: ScoreOut
    band: Band
    points: int
    review: int
    high: int
    signs: tuple[Sign, ...]
    others: tuple[Sign, ...]
    moved: tuple[Moved, ...]
    few: int | None

    @property
    def capped(self) -> bool:
        """Whether only the signs found keep the ad out of the highest band."""
        return self.band == "review" and self.points >= self.high

    @property
    def blind(self) -> bool:
        """Whether a low risk says nothing: the language is unknown, or the text too short."""
        doubts = {"language_unknown", "too_short"}
        return self.band == "low" and not doubts.isdisjoint(self.score.facts)

    @property
    def mixed(self) -> bool:
        """Whether signs were found although the risk is low."""
        return self.band == "low" and bool(self.signs)

    @property
    def language(self) -> str:
        """The language's code; empty if it cannot be told."""
        code = self.score.language.code
        return "" if code == UNDETERMINED else code

    @property
    def untrained(self) -> tuple[Sign, ...]:
        """The signs that the model had too few examples to learn."""
        return tuple(sign for sign in self.others if sign.score is None)


def view(result: Mapping[str, object], scorer: Scorer) -> View:
    """How to show a result: of `scorer`, or an older one that was stored."""
    score = ScoreOut.model_validate(result)
    known = {each.name: each for each in scorer.indicators}
    moved = tuple(_moved(at, phrase, known) for at, phrase in enumerate(score.phrases, 1))
    signs = [_sign(known[name], score, moved) for name in score.indicators if name in known]
    found = [sign for sign in signs if score.indicators[sign.of.name].found]
    return View(
        score=score,
        band=score.band,
        points=points(score.risk),
        review=points(scorer.thresholds.review),
        high=points(scorer.thresholds.high),
        signs=tuple(sorted(found, key=_weightiest)),
        others=tuple(sign for sign in signs if sign not in found),
        moved=moved,
        few=_few(score.language.code, scorer),
    )


def points(risk: float) -> int:
    """A risk from 1 to 99: neither end is ever certain."""
    return min(99, max(1, round(100 * risk)))


def _moved(number: int, phrase: PhraseOut, known: Mapping[str, Indicator]) -> Moved:
    far = abs(phrase.contribution)
    return Moved(
        number=number,
        text=" ".join(UNSEEN.sub("", phrase.text).split()),
        start=phrase.start,
        end=phrase.end,
        contribution=phrase.contribution,
        weight=next(weight for least, weight in _WEIGHTS if far >= least),
        signs=tuple(known[name].title for name in phrase.indicators if name in known),
        names=tuple(phrase.indicators),
    )


def _sign(indicator: Indicator, score: ScoreOut, moved: Sequence[Moved]) -> Sign:
    quotes = [each for each in moved if indicator.name in each.names]
    return Sign(
        of=indicator,
        score=score.indicators[indicator.name].score,
        quotes=tuple(quotes[:QUOTES]),
    )


def _weightiest(sign: Sign) -> tuple[int, float]:
    order: Sequence[Strength] = STRENGTHS
    return order.index(sign.of.strength), -(sign.score or 0.0)


def _few(code: str, scorer: Scorer) -> int | None:
    data = scorer.card.get("data")
    counts = data.get("languages", {}) if isinstance(data, Mapping) else {}
    count = counts.get(code)
    return count if isinstance(count, int) and count < FEW else None
