"""From texts as they come in to stored ads: scored, then added."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.ad import Ad
from model.score import Score
from model.scorer import Scorer
from serving.results import result
from serving.store import ads
from serving.store.engine import Store
from serving.store.values import New, Stored


@dataclass(frozen=True, slots=True)
class Received:
    """An ad as it comes in: `source` says where from, `external_id` what it is called there."""

    ad: Ad
    source: str = "desk"
    external_id: str | None = None


def take(store: Store, scorer: Scorer, received: Sequence[Received]) -> list[Stored]:
    """Score ads and store them, as `ads.add` does."""
    return ads.add(store, scored(scorer, received))


def scored(scorer: Scorer, received: Sequence[Received]) -> list[New]:
    """The ads with their results."""
    scores = scorer.score([each.ad for each in received])
    return [new(scorer, each, score) for each, score in zip(received, scores, strict=True)]


def new(scorer: Scorer, received: Received, score: Score) -> New:
    """An ad with the score that it has got; raises `BadQuestion` for names that cannot be kept."""
    return New(
        text=received.ad.text,
        result=result(score, scorer.indicators, received.ad.text),
        nearness=-abs(score.risk - scorer.thresholds.review),
        source=received.source,
        external_id=received.external_id,
    )
