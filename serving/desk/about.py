"""Model: which model reads the ads, how well it does, and what it cannot do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from serving.deps import ScorerDep
from serving.desk.faults import PageRoute
from serving.desk.pages import DeskDep, inside, remember
from serving.desk.view import FEW, points

router = APIRouter(route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class Figure:
    """How well the model does on one slice of its texts; None for what was not measured."""

    name: str
    yes: int
    no: int
    auc: float | None
    f1: float | None


@router.get("/model")
async def model(desk: DeskDep, scorer: ScorerDep) -> Response:
    """What a reader of results should know of the model."""
    measured = cast("Mapping[str, Any]", scorer.card.get("metrics", {}))
    return desk.page(
        "model.html",
        scorer=scorer,
        titles={each.name: each.title for each in scorer.indicators},
        languages=tuple(_figures(measured.get("languages", {}))),
        signs=tuple(_figures(measured.get("indicators", {}))),
        bands=measured.get("bands", {}),
        few=FEW,
        points=points,
    )


@router.get("/language/{code}")
async def language(desk: DeskDep, code: str, to: str = "/") -> Response:
    """Speak another language from now on, and go back."""
    if code not in desk.press.tongues:
        raise HTTPException(404)
    return remember(RedirectResponse(inside(to), 303), code)


def _figures(slices: Mapping[str, Any]) -> Iterator[Figure]:
    for name, each in slices.items():
        auc, f1 = (each.get(metric, {}).get("value") for metric in ("roc_auc", "f1"))
        yield Figure(name, each["positive"], each["negative"], auc, f1)
