"""From ads to scores: the one road that the service, files and notebooks all take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scipy.special import expit

from model.ad import Ad
from model.indicators import Indicator, combination
from model.kernel import Answers
from model.language import Detector
from model.linear import Linear, disguises, explain
from model.score import Band, Language, Phrase, Score

#: Below this many tokens a text says too little to be scored with any trust.
SHORT = 8
#: An indicator's phrase is shown where it weighs this much in the indicator's log-odds, and this
#: share of the indicator's best. Measured on texts left out of a fit: of 100 names given to phrases
#: 23 agree with a mark (18 without these bounds), and of 100 marks 36 are named (43).
LEAST, SHARE = 0.5, 0.75


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
        answers = explain(self.linear, texts, threads=threads)
        languages = self._detector.detect(texts)
        chances = expit(answers.log_odds)
        return [
            self._score(text, answers, i, chances[i].tolist(), languages[i])
            for i, text in enumerate(texts)
        ]

    @cached_property
    def _detector(self) -> Detector:
        return Detector(self.languages)

    @cached_property
    def _strengths(self) -> dict[str, str]:
        return {indicator.name: indicator.strength for indicator in self.indicators}

    def _score(
        self, text: str, answers: Answers, i: int, chances: list[float], language: Language
    ) -> Score:
        risk, scores = chances[0], dict(zip(self.linear.labels[1:], chances[1:], strict=True))
        found = [name for name, p in scores.items() if p >= self.thresholds.indicators[name]]
        phrases = _phrases(text, answers, i, self.linear.labels, found)
        log_odds, intercept = float(answers.log_odds[i, 0]), float(self.linear.intercepts[0])
        return Score(
            risk=risk,
            band=band(risk, [self._strengths[name] for name in found], self.thresholds),
            indicators={each.name: scores.get(each.name) for each in self.indicators},
            found=tuple(found),
            phrases=phrases,
            language=language,
            facts=_facts(int(answers.disguises[i]), int(answers.tokens[i]), language),
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
    text: str, answers: Answers, i: int, labels: Sequence[str], found: Sequence[str]
) -> tuple[Phrase, ...]:
    """The risk's own phrases, and those of the indicators found, none overlapping another.

    An indicator's phrase that meets one already there lends it its name.
    """
    spans = [(start, end, risk) for start, end, _, risk in _runs(answers, i, 0)]
    shown: list[list[str]] = [[] for _ in spans]
    for name in found:
        runs = _runs(answers, i, labels.index(name))
        for start, end, own, risk in runs:
            if own < max(LEAST, SHARE * runs[0][2]):
                continue
            met = [k for k, span in enumerate(spans) if start < span[1] and span[0] < end]
            if not met:
                met = [len(spans)]
                spans.append((start, end, risk))
                shown.append([])
            for k in met:
                if name not in shown[k]:
                    shown[k].append(name)
    order = sorted(range(len(spans)), key=lambda k: (-spans[k][2], spans[k][0]))
    return tuple(
        Phrase(text[start:end], start, end, tuple(shown[k]), risk)
        for k in order
        for start, end, risk in [spans[k]]
    )


def _runs(answers: Answers, i: int, label: int) -> list[tuple[int, int, float, float]]:
    """A label's phrases in a text: start, end, its part of the label's log-odds and the risk's."""
    columns = (answers.start, answers.end, answers.own, answers.risk)
    runs = zip(*(column[i, label].tolist() for column in columns), strict=True)
    return [run for run in runs if run[1]]


def _facts(bits: int, tokens: int, language: Language) -> tuple[str, ...]:
    facts = sorted(disguises(bits))
    if not language.known:
        facts.append("language_unknown")
    if tokens < SHORT:
        facts.append("too_short")
    return tuple(facts)
