"""From ads to scores: the one road that the service, files and notebooks all take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scipy.special import expit

from model.ad import Ad
from model.indicators import Indicator, combination
from model.language import UNDETERMINED, Detector
from model.linear import Explained, Linear, Segment, explain
from model.score import Band, Language, Phrase, Score

#: Below this many tokens a text says too little to be scored with any trust.
SHORT = 8
#: An indicator's lesser phrases are shown where they weigh at least this share of its best.
SHARE = 0.5


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

    def score(self, ads: Sequence[Ad]) -> list[Score]:
        """One score for each ad, in order; an ad scores the same alone and in any batch."""
        texts = [ad.text for ad in ads]
        explained = explain(self.linear, texts)
        languages = self._detector.detect(texts)
        return [self._score(*parts) for parts in zip(ads, explained, languages, strict=True)]

    @cached_property
    def _detector(self) -> Detector:
        return Detector(self.languages)

    @cached_property
    def _strengths(self) -> dict[str, str]:
        return {indicator.name: indicator.strength for indicator in self.indicators}

    def _score(self, ad: Ad, explained: Explained, language: Language) -> Score:
        labels = self.linear.labels
        risk, *each = (float(p) for p in expit(explained.log_odds))
        scores = dict(zip(labels[1:], each, strict=True))
        found = tuple(name for name, p in scores.items() if p >= self.thresholds.indicators[name])
        phrases = _phrases(ad, explained.segments, labels, found)
        log_odds, intercept = float(explained.log_odds[0]), float(self.linear.intercepts[0])
        return Score(
            risk=risk,
            band=self._band(risk, found),
            indicators={each.name: scores.get(each.name) for each in self.indicators},
            found=found,
            phrases=phrases,
            language=language,
            facts=_facts(explained, language),
            log_odds=log_odds,
            intercept=intercept,
            rest=log_odds - intercept - sum(phrase.contribution for phrase in phrases),
            model=self.version,
        )

    def _band(self, risk: float, found: Iterable[str]) -> Band:
        return band(risk, [self._strengths[name] for name in found], self.thresholds)


def band(risk: float, strengths: Sequence[str], thresholds: Thresholds) -> Band:
    """The band of a risk and of the strengths of the indicators found.

    `high` takes a risk above its threshold *and* indicators that together point to trafficking
    (the ILO/EC rule): a number alone, with nothing that a reader can name, is for review.
    """
    if risk < thresholds.review:
        return "low"
    return "high" if risk >= thresholds.high and combination(strengths) else "review"


def _phrases(
    ad: Ad, segments: Sequence[Segment], labels: Sequence[str], found: Sequence[str]
) -> tuple[Phrase, ...]:
    """The risk's own segments, and those of the indicators found, none overlapping another.

    An indicator's segment that meets a phrase already there lends it its name.
    """
    spans: list[Segment] = [segment for segment in segments if segment.label == 0]
    shown: list[list[str]] = [[] for _ in spans]
    for label in (labels.index(name) for name in found):
        own = [segment for segment in segments if segment.label == label]
        for segment in (each for each in own if each.own >= SHARE * own[0].own):
            met = [i for i, span in enumerate(spans) if _overlap(segment, span)]
            if not met:
                met = [len(spans)]
                spans.append(segment)
                shown.append([])
            for i in met:
                if labels[label] not in shown[i]:
                    shown[i].append(labels[label])
    order = sorted(range(len(spans)), key=lambda i: (-spans[i].risk, spans[i].start))
    return tuple(
        Phrase(
            ad.text[spans[i].start : spans[i].end],
            spans[i].start,
            spans[i].end,
            tuple(shown[i]),
            spans[i].risk,
        )
        for i in order
    )


def _overlap(one: Segment, other: Segment) -> bool:
    return one.start < other.end and other.start < one.end


def _facts(explained: Explained, language: Language) -> tuple[str, ...]:
    facts = sorted(explained.disguises)
    if language.code == UNDETERMINED or not language.known:
        facts.append("language_unknown")
    if explained.tokens < SHORT:
        facts.append("too_short")
    return tuple(facts)
