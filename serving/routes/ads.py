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
from serving.deps import AssignDep, FiguresDep, KeepDep, ScorerDep, StoreDep, VerdictDep
from serving.grouped import AssignIn
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
from serving.roles import Caller
from serving.store import ads, assign, decisions, export, hidden, intake, queue, shown
from serving.store.formats.rows import Name
from serving.store.intake import Received
from serving.store.values import MAX_NAME, Filter, Page, Sort, Status
from serving.who import KeyDep

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
    caller: KeyDep,
    *,
    sort: _SortBy = "newest",
    after: _After = None,
    limit: _Limit = 50,
) -> Response:
    """List the ads that are kept, a page at a time."""
    return answer(_page(queue.page(store, where, sort, after=after, limit=limit), caller))


@router.get("/ads/{id}", responses=answers(StoredOut, 404))
def get_ad(id: str, store: StoreDep, caller: KeyDep) -> Response:
    """Tell of one ad."""
    return answer(shown.ad(hidden.ad(ads.get(store, id), caller)))


@router.get("/ads/{id}/decisions", responses=answers(HistoryOut, 404))
def list_decisions(id: str, store: StoreDep, caller: KeyDep) -> Response:
    """List all that was decided about an ad."""
    language = ads.get(store, id).language
    made = (hidden.decision(each, language, caller) for each in decisions.history(store, id))
    return answer({"decisions": [shown.decision(each) for each in made]})


@router.post(
    "/ads/{id}/decisions",
    responses=answers(DecisionOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(VerdictIn),
)
def decide(id: str, verdict: VerdictDep, store: StoreDep, caller: KeyDep) -> Response:
    """Decide about an ad."""
    made = decisions.decide(store, id, verdict.to_verdict(), by=caller.name)
    return answer(shown.decision(made))


@router.post("/ads/{id}/undo", responses=answers(DecisionOut, 404))
def undo(id: str, store: StoreDep, caller: KeyDep) -> Response:
    """Take back the last decision about an ad that stands."""
    return answer(shown.decision(decisions.undo(store, id, by=caller.name)))


@router.post(
    "/ads/{id}/assign",
    responses=answers(StoredOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(AssignIn),
)
def assign_ad(id: str, wanted: AssignDep, store: StoreDep, caller: KeyDep) -> Response:
    """Give an ad to somebody to read, or to nobody."""
    assign.assign(store, id, wanted.to, by=caller.name)
    return answer(shown.ad(hidden.ad(ads.get(store, id), caller)))


@router.get("/queue", responses=answers(QueueOut, 422))
def show_queue(
    where: FilterDep,
    store: StoreDep,
    caller: KeyDep,
    *,
    sort: _SortBy = "risk",
    after: _After = None,
    limit: _Limit = 50,
) -> Response:
    """List ads as `/v1/ads` does, and count them by each facet."""
    page = queue.page(store, where, sort, after=after, limit=limit)
    return answer({**_page(page, caller), "counts": queue.counts(store, where)})


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
    caller: KeyDep,
    form: Annotated[Name, Query(alias="format", description="The format.")],
) -> Response:
    """Take out the ads of a filter with their decisions, as a file."""
    wanted = export.FORMS[form]
    return attached(wanted, export.export(store, where, wanted, by=caller.name))


def _page(page: Page, caller: Caller) -> Object:
    ads = [shown.ad(hidden.ad(each, caller)) for each in page.ads]
    return {"ads": ads, "next": page.next, "cut": page.cut}
