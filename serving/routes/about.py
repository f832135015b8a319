"""What the service knows and how well: its indicators and its model."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from model.indicators import Indicator, Strength
from model.scorer import Scorer
from serving import examples
from serving.answers import answer, answers
from serving.deps import ScorerDep
from serving.examples import shown

router = APIRouter(tags=["about"])


class IndicatorInfo(BaseModel):
    """One sign of a lure: when it counts, and what is easily mistaken for it."""

    model_config = shown(examples.INDICATOR)

    name: str = Field(description="Its name in every result.")
    title: str = Field(description="Its name for people.")
    family: str = Field(description="The group it belongs to.")
    strength: Strength = Field(description="How strongly it points to trafficking.")
    strength_note: str = Field(description="When the strength differs.")
    counts: str = Field(description="What counts as the indicator.")
    does_not_count: str = Field(description="What does not.")
    hard_negatives: str = Field(description="Honest text that is easily mistaken for it.")
    phrases: dict[str, list[str]] = Field(description="Phrases that show it, by language.")
    sources: str = Field(description="Where the definition comes from.")


class IndicatorsOut(BaseModel):
    """The indicators of the model, in the order of every result."""

    model_config = shown({"indicators": [examples.INDICATOR]})

    indicators: list[IndicatorInfo] = Field(description="All of them.")


class ModelOut(BaseModel):
    """The model in use: its data, its figures and its limits."""

    model_config = shown(examples.MODEL)

    version: str = Field(description="The version, as in every result.")
    data: dict[str, Any] = Field(description="Counts and fingerprint of the training data.")
    metrics: dict[str, Any] = Field(description="Cross-validated figures.")
    thresholds: dict[str, Any] = Field(description="Where the bands and indicators begin.")
    untrained: list[str] = Field(
        default_factory=list, description="Indicators with too few examples to learn."
    )
    languages: list[str] = Field(description="Languages it was trained on, ISO 639-1.")
    limits: list[str] = Field(description="What it cannot do, a sentence each.")


@router.get("/indicators", responses=answers(IndicatorsOut))
def indicators(scorer: ScorerDep) -> Response:
    """List the indicators with their definitions."""
    return answer(IndicatorsOut(indicators=[_info(each) for each in scorer.indicators]))


@router.get("/model", responses=answers(ModelOut))
def model(scorer: ScorerDep) -> Response:
    """Tell which model answers, what it was trained on, how well it does and its limits."""
    return answer(_about(scorer))


def _info(indicator: Indicator) -> IndicatorInfo:
    phrases = {code: list(shown) for code, shown in indicator.phrases.items()}
    return IndicatorInfo(
        name=indicator.name,
        title=indicator.title,
        family=indicator.family,
        strength=indicator.strength,
        strength_note=indicator.strength_note,
        counts=indicator.counts,
        does_not_count=indicator.does_not_count,
        hard_negatives=indicator.hard_negatives,
        phrases=phrases,
        sources=indicator.sources,
    )


def _about(scorer: Scorer) -> ModelOut:
    thresholds = {
        "review": scorer.thresholds.review,
        "high": scorer.thresholds.high,
        "indicators": dict(scorer.thresholds.indicators),
    }
    known = {"thresholds": thresholds, "languages": list(scorer.languages)}
    return ModelOut.model_validate({**known, **scorer.card, "version": scorer.version})
