"""From ads to scores: the one road that the service, files and notebooks all take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from model.ad import Ad
from model.indicators import Indicator, combination
from model.language import Detector
from model.linear import Linear, disguises, explain
from model.score import Band, Language, Phrase, Score
from model.spans import Spans, spans

#: Below this many tokens a text says too little to be scored with any trust.
SHORT = 8


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the bands begin, as risks, and where each indicator counts as found."""

    review: float
    high: float
    indicators: Mapping[str, float]


@dataclass(frozen=True)
class Scorer:
    """A trained model, ready to score. Safe to share between threads."""

    version: str
    linear: Linear
    indicators: tuple[Indicator, ...]
    thresholds: Thresholds
    card: Mapping[str, object] = field(repr=False)  # what /v1/model answers, JSON-ready
    languages: tuple[str, ...]

    def score(self, ads: Sequence[Ad], *, threads: int = 1) -> list[Score]:
        """One score for each ad, in order; an ad scores the same alone and in any batch."""
        texts = [ad.text for ad in ads]
        answers = explain(self.linear, texts, least=self._least_log_odds, threads=threads)
        chances = expit(answers.log_odds)
        found = chances >= self._least
        parts = zip(
            chances.tolist(),
            _names(found, self.linear.labels),
            _phrases(texts, spans(answers, found), self.linear.labels),
            self._detector.detect(texts),
            answers.log_odds[:, 0].tolist(),
            zip(answers.disguises.tolist(), answers.tokens.tolist(), strict=True),
            strict=True,
        )
        return [self._score(*each) for each in parts]

    @cached_property
    def _detector(self) -> Detector:
        return Detector(self.languages)

    @cached_property
    def _strengths(self) -> dict[str, str]:
        return {indicator.name: indicator.strength for indicator in self.indicators}

    @cached_property
    def _least(self) -> NDArray[np.float64]:
        """From where on each label is found; the risk itself never is."""
        least = self.thresholds.indicators
        return np.array([np.inf, *(least[name] for name in self.linear.labels[1:])])

    @cached_property
    def _least_log_odds(self) -> NDArray[np.float64]:
        """From where on a label's phrases are shown: always the risk's, and those of the found."""
        # A little lower than `_least`, so that rounding leaves out none.
        return np.array([-np.inf, *(logit(self._least[1:]) - 1e-6)])

    @cached_property
    def _columns(self) -> list[tuple[str, int | None]]:
        """The indicators, and the label that each is, if it is one."""
        places = {name: place for place, name in enumerate(self.linear.labels)}
        return [(each.name, places.get(each.name)) for each in self.indicators]

    def _score(
        self,
        chances: list[float],
        found: tuple[str, ...],
        phrases: tuple[Phrase, ...],
        language: Language,
        log_odds: float,
        counts: tuple[int, int],
    ) -> Score:
        intercept = float(self.linear.intercepts[0])
        return Score(
            risk=chances[0],
            band=band(chances[0], [self._strengths[name] for name in found], self.thresholds),
            indicators={
                name: None if place is None else chances[place] for name, place in self._columns
            },
            found=found,
            phrases=phrases,
            language=language,
            facts=_facts(*counts, language),
            log_odds=log_odds,
            intercept=intercept,
            rest=log_odds - intercept - sum(phrase.contribution for phrase in phrases),
            model=self.version,
        )


def band(risk: float, strengths: Sequence[str], thresholds: Thresholds) -> Band:
    """The band of a risk and of the strengths of the indicators found.

    `high` takes a risk above its threshold *and* indicators that together point to trafficking
    (the ILO/EC rule): a number alone, with nothing that a reader can name, is for review.
    """
    if risk < thresholds.review:
        return "low"
    return "high" if risk >= thresholds.high and combination(strengths) else "review"


def _phrases(
    texts: Sequence[str], shown: Spans, labels: tuple[str, ...]
) -> Iterator[tuple[Phrase, ...]]:
    # Of each column only what some text fills.
    most = int(shown.counts.max(initial=0))
    columns = (column[:, :most].tolist() for column in shown[1:])
    for text, count, *spans_ in zip(texts, shown.counts.tolist(), *columns, strict=True):
        yield tuple(
            Phrase(text[start:end], start, end, _set(bits, labels), risk)
            for start, end, risk, bits in islice(zip(*spans_, strict=True), count)
        )


def _names(found: NDArray[np.bool_], labels: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The names of the labels found in each text."""
    bits = found @ (1 << np.arange(len(labels)))
    return [_set(each, labels) for each in bits.tolist()]


@lru_cache(maxsize=1 << 16)
def _set(bits: int, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels whose bits are set."""
    return tuple(name for place, name in enumerate(labels) if bits >> place & 1)


def _facts(bits: int, tokens: int, language: Language) -> tuple[str, ...]:
    unknown = () if language.known else ("language_unknown",)
    short = ("too_short",) if tokens < SHORT else ()
    return disguises(bits) + unknown + short
