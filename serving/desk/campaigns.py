"""Campaigns: ads that belong together, what they share, and one verdict for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Path
from pydantic import AwareDatetime
from starlette.responses import RedirectResponse, Response

from serving.deps import StoreDep
from serving.desk.done import moment
from serving.desk.faults import PageRoute
from serving.desk.forms import Form, FormDep
from serving.desk.pages import Desk, DeskDep
from serving.desk.view import points
from serving.links import slots
from serving.roles import Caller
from serving.store import campaigns, decisions, hidden
from serving.store.campaigns import Campaign
from serving.store.decisions import MOST_TOGETHER
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.values import MAX_NOTE, REASONS, Choice, Stored, Verdict
from serving.who import PersonDep

router = APIRouter(prefix="/campaigns", route_class=PageRoute)

LENGTH, MEMBERS = 25, 50
EXCERPT = 220

Name = Annotated[str, Path(max_length=64)]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the timeline, `high` of 100."""

    day: date
    count: int
    high: int


@router.get("")
def show_all(
    desk: DeskDep, store: StoreDep, caller: PersonDep, after: str | None = None
) -> Response:
    """The campaigns, the largest first."""
    found = campaigns.page(store, after=after, limit=LENGTH)
    return desk.page(
        "campaigns.html",
        campaigns=found,
        newest={each.name: hidden.ad(each.newest, caller) for each in found},
        next=found[-1].name if len(found) == LENGTH else None,
        points=points,
        excerpt=EXCERPT,
    )


@router.get("/{name}")
def show(
    name: Name,
    desk: DeskDep,
    store: StoreDep,
    caller: PersonDep,
    after: str | None = None,
    at: AwareDatetime | None = None,
) -> Response:
    """One campaign: its ads, what they share and where they differ."""
    done = _together(store, name, at, caller)
    return _page(desk, store, name, caller, after=after, done=done, at=at)


@router.post("/{name}/decide")
def decide(
    name: Name, desk: DeskDep, form: FormDep, store: StoreDep, caller: PersonDep
) -> Response:
    """Give one verdict on the open ads of the campaign, or on those that were ticked."""
    these = form.all("ad") if form.one("which") == "ticked" else None
    try:
        verdict = Verdict(
            choice=_choice(form), reasons=form.all("reason"), note=form.one("note").strip()
        )
        if these == ():
            raise BadQuestion("No ad is ticked. Tick some, or decide for all.")
        chosen = campaigns.ids(store, name, these, limit=MOST_TOGETHER)
        made = decisions.decide_all(store, chosen, verdict, by=caller.name)
    except BadQuestion as error:
        return _page(desk, store, name, caller, fault=error)
    said = f"?{urlencode({'at': made[0].at.isoformat()})}" if made else ""
    return RedirectResponse(f"/campaigns/{name}{said}", 303)


@router.post("/{name}/undo")
def undo(name: Name, form: FormDep, store: StoreDep, caller: PersonDep) -> Response:
    """Take back what was decided together."""
    at = moment(form.one("at"))
    if at is None:
        raise BadQuestion("The moment of the decisions is missing.")
    decisions.undo_all(store, campaigns.ids(store, name), at, by=caller.name)
    return RedirectResponse(f"/campaigns/{name}", 303)


@router.post("/{name}/merge")
def merge(name: Name, desk: DeskDep, form: FormDep, store: StoreDep, caller: PersonDep) -> Response:
    """Put another campaign, or an ad, into this one."""
    # People paste the address of the other page.
    other = form.one("with").strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    try:
        made = campaigns.merge(store, name, other, by=caller.name)
    except BadQuestion as error:
        return _page(desk, store, name, caller, fault=error)
    return RedirectResponse(f"/campaigns/{made}", 303)


@router.post("/{name}/split")
def split(name: Name, desk: DeskDep, form: FormDep, store: StoreDep, caller: PersonDep) -> Response:
    """Put the ads that were ticked into a campaign of their own."""
    try:
        made = campaigns.split(store, name, form.all("ad"), by=caller.name)
    except BadQuestion as error:
        return _page(desk, store, name, caller, fault=error)
    return RedirectResponse(f"/campaigns/{made}", 303)


def _choice(form: Form) -> Choice:
    choice = form.one("choice")
    if choice not in get_args(Choice):
        raise BadQuestion(f"The verdict is {choice[:40]!r}. Press one of the buttons.")
    return cast("Choice", choice)


def _together(store: Store, name: str, at: datetime | None, caller: Caller) -> int:
    """How many ads the caller decided together at a moment."""
    if at is None:
        return 0
    return len(decisions.together(store, campaigns.ids(store, name), at, by=caller.name))


def _page(
    desk: Desk,
    store: Store,
    name: str,
    caller: Caller,
    *,
    after: str | None = None,
    done: int = 0,
    at: datetime | None = None,
    fault: BadQuestion | None = None,
) -> Response:
    told = campaigns.get(store, name)
    found = campaigns.members(store, name, after=after, limit=MEMBERS)
    shown = [hidden.ad(each, caller) for each in found]
    pattern = slots.pattern([each.text for each in shown])
    return desk.page(
        "campaign.html",
        status=422 if fault else 200,
        campaign=told,
        contacts=told.contacts if caller.may("contacts") else (),
        bars=_bars(told),
        members=shown,
        next=found[-1].id if len(found) == MEMBERS else None,
        pattern=pattern,
        values=_values(shown, pattern),
        done=done,
        at=at,
        fault=fault,
        reasons=REASONS,
        longest=MAX_NOTE,
        points=points,
        excerpt=EXCERPT,
    )


def _bars(told: Campaign) -> Sequence[Bar]:
    highest = max((count for _, count in told.days), default=1)
    return [Bar(day, count, -(-100 * count // highest)) for day, count in told.days]


def _values(shown: Sequence[Stored], pattern: slots.Pattern | None) -> Mapping[str, Sequence[str]]:
    """What each ad has in the slots, by its id."""
    if pattern is None:
        return {}
    return {ad.id: values for ad, values in zip(shown, pattern.values, strict=False)}
