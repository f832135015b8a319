"""Campaigns: look at them, decide about their ads together, merge and split them."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from serving import bodies
from serving.answers import answer, answers
from serving.deps import MergeDep, MomentDep, SplitDep, StoreDep, VerdictForAllDep
from serving.grouped import (
    CampaignOut,
    CampaignsOut,
    DecidedOut,
    MembersOut,
    MergeIn,
    MomentIn,
    SplitIn,
    UndoneOut,
    VerdictForAllIn,
)
from serving.limits import PROBLEMS
from serving.store import campaigns, decisions, hidden, shown
from serving.store.decisions import MOST_TOGETHER
from serving.who import KeyDep

router = APIRouter(prefix="/campaigns", tags=["campaigns"])

MAX_PAGE = 200

_After = Annotated[str | None, Query(description="The `next` of the page before.")]
_Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many at most.")]


@router.get("", responses=answers(CampaignsOut, 404, 422))
def list_campaigns(
    store: StoreDep, caller: KeyDep, *, after: _After = None, limit: _Limit = 50
) -> Response:
    """List campaigns, the largest first."""
    found = campaigns.page(store, after=after, limit=limit)
    following = found[-1].name if len(found) == limit else None
    told = [shown.summary(each, caller) for each in found]
    return answer({"campaigns": told, "next": following})


@router.get("/{name}", responses=answers(CampaignOut, 404))
def get_campaign(name: str, store: StoreDep, caller: KeyDep) -> Response:
    """Tell what the ads of a campaign share, and when they came."""
    return answer(shown.campaign(campaigns.get(store, name), caller))


@router.get("/{name}/ads", responses=answers(MembersOut, 404, 422))
def list_members(
    name: str, store: StoreDep, caller: KeyDep, *, after: _After = None, limit: _Limit = 50
) -> Response:
    """List the ads of a campaign, the newest first."""
    found = campaigns.members(store, name, after=after, limit=limit)
    following = found[-1].id if len(found) == limit else None
    told = [shown.ad(hidden.ad(each, caller)) for each in found]
    return answer({"ads": told, "next": following})


@router.post(
    "/{name}/decisions",
    responses=answers(DecidedOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(VerdictForAllIn),
)
def decide_together(
    name: str, verdict: VerdictForAllDep, store: StoreDep, caller: KeyDep
) -> Response:
    """Give one verdict on open ads of a campaign."""
    given = verdict.to_verdict()
    these = campaigns.ids(store, name, verdict.ads, limit=MOST_TOGETHER)
    made = decisions.decide_all(store, these, given, by=caller.name)
    told = [shown.decision(each) for each in made]
    return answer({"at": made[0].at.isoformat() if made else None, "decisions": told})


@router.post(
    "/{name}/undo",
    responses=answers(UndoneOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(MomentIn),
)
def undo_together(name: str, moment: MomentDep, store: StoreDep, caller: KeyDep) -> Response:
    """Take back what the caller decided together about a campaign at a moment."""
    these = campaigns.ids(store, name)
    return answer({"undone": decisions.undo_all(store, these, moment.at, by=caller.name)})


@router.post(
    "/{name}/merge",
    responses=answers(CampaignOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(MergeIn),
)
def merge(name: str, wanted: MergeDep, store: StoreDep, caller: KeyDep) -> Response:
    """Put another campaign, or an ad, into a campaign. They stay together."""
    made = campaigns.merge(store, name, wanted.with_, by=caller.name)
    return answer(shown.campaign(campaigns.get(store, made), caller))


@router.post(
    "/{name}/split",
    responses=answers(CampaignOut, 404, *PROBLEMS),
    openapi_extra=bodies.takes(SplitIn),
)
def split(name: str, wanted: SplitDep, store: StoreDep, caller: KeyDep) -> Response:
    """Put ads of a campaign into one of their own. The two stay apart."""
    made = campaigns.split(store, name, wanted.ads, by=caller.name)
    return answer(shown.campaign(campaigns.get(store, made), caller))
