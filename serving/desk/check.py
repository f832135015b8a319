"""Check: paste a text and see what the model makes of it. Nothing is stored."""

from fastapi import APIRouter
from starlette.responses import Response

from model.ad import MAX_CHARS, Ad
from model.errors import BadAd
from serving.deps import FiguresDep, ScorerDep
from serving.desk.faults import PageRoute
from serving.desk.forms import FormDep
from serving.desk.pages import Desk, DeskDep
from serving.desk.view import View, view
from serving.results import result

#: Invented, and the ad that the README reads.
EXAMPLE = (
    "Waitresses wanted in Cyprus, no experience needed. We pay your ticket and visa, you pay us "
    "back from your wages. Your passport stays with the manager. Leave next week, write to me on "
    "Telegram."
)

router = APIRouter(route_class=PageRoute)


@router.get("/")
async def start(desk: DeskDep, example: bool = False) -> Response:
    """An empty page, or one with an ad to try."""
    return _page(desk, EXAMPLE if example else "")


@router.post("/")
async def check(desk: DeskDep, form: FormDep, scorer: ScorerDep, figures: FiguresDep) -> Response:
    """The text with its result."""
    text = form.one("text")
    try:
        ad = Ad(text)
    except BadAd:
        return refused(desk, text)
    [score] = scorer.score([ad])
    figures.scored([score.band])
    return _page(desk, text, seen=view(result(score, scorer.indicators, text), scorer))


def refused(desk: Desk, text: str) -> Response:
    """The page for a text that cannot be scored; it says why in the reader's language."""
    return _page(desk, text, fault="long" if len(text) > MAX_CHARS else "empty", status=422)


def _page(
    desk: Desk, text: str, *, seen: View | None = None, fault: str = "", status: int = 200
) -> Response:
    return desk.page("check.html", status=status, text=text, most=MAX_CHARS, seen=seen, fault=fault)
