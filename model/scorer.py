"""From ads to scores: the one road that the service, files and notebooks all take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from model.ad import Ad
from model.indicators import Indicator, combination
from model.language import Detector
from model.linear import Linear, disguises, explain
from model.score import Band, Score
from model.scored import Scored, names
from model.spans import spans

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
        return self.columns(ads, threads=threads).scores()

    def columns(self, ads: Sequence[Ad], *, threads: int = 1) -> Scored:
        """The same, column by column."""
        texts = [ad.text for ad in ads]
        answers = explain(self.linear, texts, least=self._least_log_odds, threads=threads)
        chances = expit(answers.log_odds)
        found = chances >= self._least
        bits = (found @ (1 << np.arange(len(self.linear.labels)))).tolist()
        languages = self._detector.detect(texts)
        counts = zip(answers.disguises.tolist(), (answers.tokens < SHORT).tolist(), strict=True)
        return Scored(
            texts=texts,
            bands=list(map(self._band, chances[:, 0].tolist(), bits)),
            found=[names(each, self.linear.labels) for each in bits],
            languages=languages,
            facts=[
                _facts(*each, language.known)
                for each, language in zip(counts, languages, strict=True)
            ],
            chances=chances,
            log_odds=answers.log_odds[:, 0],
            spans=spans(answers, found),
            labels=self.linear.labels,
            places=self._places,
            intercept=float(self.linear.intercepts[0]),
            model=self.version,
        )

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
    def _places(self) -> list[tuple[str, int | None]]:
        """The indicators, and the label that each is, if it is one."""
        places = {name: place for place, name in enumerate(self.linear.labels)}
        return [(each.name, places.get(each.name)) for each in self.indicators]

    def _band(self, risk: float, found: int) -> Band:
        if risk < self.thresholds.review:  # most are: what was found need not be looked at
            return "low"
        strengths = [self._strengths[name] for name in names(found, self.linear.labels)]
        return band(risk, strengths, self.thresholds)


def band(risk: float, strengths: Sequence[str], thresholds: Thresholds) -> Band:
    """The band of a risk and of the strengths of the indicators found.

    `high` takes a risk above its threshold *and* indicators that together point to trafficking
    (the ILO/EC rule): a number alone, with nothing that a reader can name, is for review.
    """
    if risk < thresholds.review:
        return "low"
    return "high" if risk >= thresholds.high and combination(strengths) else "review"


@lru_cache(maxsize=256)
def _facts(disguised: int, short: bool, known: bool) -> tuple[str, ...]:
    unknown = () if known else ("language_unknown",)
    return disguises(disguised) + unknown + (("too_short",) if short else ())
