"""Keep ads, list them, decide about them, take them out as files.

All are plain `def`s, which FastAPI runs on worker threads: a database that is slow or away holds
up nobody who only wants a score.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from model.score import Band
from serving import bodies
from serving.answers import answer, answers, attached
from serving.deps import FiguresDep, KeepDep, ScorerDep, StoreDep, VerdictDep
from serving.kept import (
    NO_NUL,
    DecisionOut,
    HistoryOut,
    KeepBatchIn,
    PageOut,
    QueueOut,
    StoredListOut,
    StoredOut,
    VerdictIn,
)
from serving.limits import PROBLEMS
from serving.problems import documented
from serving.results import Object
from serving.store import ads, decisions, export, intake, queue, shown
from serving.store.formats.rows import Name
from serving.store.intake import Received
from serving.store.values import MAX_NAME, Filter, Page, Sort, Status

router = APIRouter(tags=["ads"])

MAX_PAGE = 500

_Words = Annotated[str | None, Query(max_length=MAX_NAME)]
_Name = Annotated[str | None, Query(max_length=MAX_NAME, pattern=NO_NUL)]
_FILES = {
    form.media: {
        "schema": {"type": ["array", "object"] if form.media == "application/json" else "string"}
    }
    for form in export.FORMS.values()
}


def read_filter(
    *,
    band: Band | None = None,
    indicator: _Name = None,
    language: _Name = None,
    source: _Name = None,
    status: Status | None = None,
    assignee: _Name = None,
    text: _Words = None,
) -> Filter:
    """The filter that the address holds."""
    return Filter(
        band=band,
        indicator=indicator,
        language=language,
        source=source,
        status=status,
        assignee=assignee,
        text=text,
    )


FilterDep = Annotated[Filter, Depends(read_filter)]
_After = Annotated[str | None, Query(description="The `next` of the page before.")]
_Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many ads at most.")]
_SortBy = Annotated[Sort, Query(description="The order; the highest or newest comes first.")]


@router.post(
    "/ads",
    responses=answers(StoredListOut, *PROBLEMS),
    openapi_extra=bodies.takes(KeepBatchIn),
)
def keep_ads(batch: KeepDep, store: StoreDep, scorer: ScorerDep, figures: FiguresDep) -> Response:
    """Score up to 1,000 ads and keep them. What is kept already stays as it is."""
    received = [
        Received(bodies.ad(each, "ads", place), each.source, each.external_id)
        for place, each in enumerate(batch.ads)
    ]
    kept = intake.take(store, scorer, received)
    figures.scored(each.band for each in kept)
    return answer({"ads": [shown.ad(each) for each in kept]})


@router.get("/ads", responses=answers(PageOut, 422))
def list_ads(
    where: FilterDep,
    store: StoreDep,
    *,
    sort: _SortBy = "newest",
    after: _After = None,
    limit: _Limit = 50,
) -> Response:
    """List the ads that are kept, a page at a time."""
    return answer(_page(queue.page(store, where, sort, after=after, limit=limit)))


@router.get("/ads/{id}", responses=answers(StoredOut, 404))
def get_ad(id: str, store: StoreDep) -> Response:
    """Tell of one ad."""
    return answer(shown.ad(ads.get(store, id)))


@router.get("/ads/{id}/decisions", responses=answers(HistoryOut, 404))
def list_decisions(id: str, store: StoreDep) -> Response:
    """List all that was decided about an ad."""
    return answer({"decisions": [shown.decision(each) for each in decisions.history(store, id)]})


@router.post(
    "/ads/{id}/decisions",
    responses=answers(DecisionOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(VerdictIn),
)
def decide(id: str, verdict: VerdictDep, store: StoreDep) -> Response:
    """Decide about an ad."""
    return answer(shown.decision(decisions.decide(store, id, verdict.to_verdict())))


@router.post("/ads/{id}/undo", responses=answers(DecisionOut, 404))
def undo(id: str, store: StoreDep) -> Response:
    """Take back the last decision about an ad that stands."""
    return answer(shown.decision(decisions.undo(store, id)))


@router.get("/queue", responses=answers(QueueOut, 422))
def show_queue(
    where: FilterDep,
    store: StoreDep,
    *,
    sort: _SortBy = "risk",
    after: _After = None,
    limit: _Limit = 50,
) -> Response:
    """List ads as `/v1/ads` does, and count them by each facet."""
    page = queue.page(store, where, sort, after=after, limit=limit)
    return answer({**_page(page), "counts": queue.counts(store, where)})


@router.get(
    "/exports",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The file.", "content": _FILES},
        **documented(422, 500, 503),
    },
)
def export_ads(
    where: FilterDep,
    store: StoreDep,
    form: Annotated[Name, Query(alias="format", description="The format.")],
) -> Response:
    """Take out the ads of a filter with their decisions, as a file."""
    return attached(export.FORMS[form], export.export(store, where, export.FORMS[form]))


def _page(page: Page) -> Object:
    return {"ads": [shown.ad(each) for each in page.ads], "next": page.next, "cut": page.cut}
