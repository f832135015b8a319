"""Whether the service is alive, and ready to score."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from serving.answers import answer, answers
from serving.deps import ScorerDep
from serving.examples import shown

router = APIRouter(tags=["health"])


class AliveOut(BaseModel):
    """The service answers."""

    model_config = shown({"status": "alive"})

    status: Literal["alive"] = "alive"


class ReadyOut(BaseModel):
    """The service can score."""

    model_config = shown({"status": "ready", "model": "2025.1"})

    status: Literal["ready"] = "ready"
    model: str = Field(description="Version of the model in use.")


@router.get("/healthz", responses=answers(AliveOut))
def alive() -> Response:
    """Tell that the process answers."""
    return answer(AliveOut())


@router.get("/readyz", responses=answers(ReadyOut))
def ready(scorer: ScorerDep) -> Response:
    """Tell that a model is loaded, and which."""
    return answer(ReadyOut(model=scorer.version))
