"""From texts as they come in to stored ads: scored, then added."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.ad import Ad
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
    review = scorer.thresholds.review
    return [
        New(
            text=each.ad.text,
            result=result(score, scorer.indicators, each.ad.text),
            nearness=-abs(score.risk - review),
            source=each.source,
            external_id=each.external_id,
        )
        for each, score in zip(received, scorer.score([each.ad for each in received]), strict=True)
    ]
