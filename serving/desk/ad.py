"""Ad: one text with all that is known of it; one key decides and moves on."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path
from pydantic import AwareDatetime
from starlette.responses import RedirectResponse, Response

from model.scorer import Scorer
from serving.deps import ScorerDep, StoreDep
from serving.desk.asked import AskedDep
from serving.desk.done import finished, moment
from serving.desk.draft import Draft, NoSuchPhrase
from serving.desk.faults import PageRoute
from serving.desk.forms import FormDep
from serving.desk.pages import DeskDep
from serving.desk.view import view
from serving.roles import Caller, may
from serving.store import ads, assign, copies, decisions, hidden, kin, people, queue
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.values import MAX_NOTE, REASONS, Stored, Verdict
from serving.who import PersonDep

router = APIRouter(prefix="/ads/{id}", route_class=PageRoute)

Id = Annotated[str, Path(max_length=64)]


@router.get("")
def show(
    id: Id,
    desk: DeskDep,
    store: StoreDep,
    scorer: ScorerDep,
    asked: AskedDep,
    caller: PersonDep,
    done: str = "",
    at: AwareDatetime | None = None,
) -> Response:
    """The ad, with the decision that stands in its form."""
    known = _known(store, scorer, ads.get(store, id), caller)
    said = finished(store, done, caller, at=at)
    return desk.page("ad.html", known, asked=asked, done=said, fault=None)


@router.post("/decide")
def decide(
    id: Id,
    desk: DeskDep,
    form: FormDep,
    store: StoreDep,
    scorer: ScorerDep,
    asked: AskedDep,
    caller: PersonDep,
) -> Response:
    """Decide, and go to the next ad of the list."""
    ad = ads.get(store, id)
    draft = Draft.read(form)
    try:
        draft.check({each.name for each in scorer.indicators} | set(ad.found))
        verdict = draft.verdict(form.one("choice"), ad, view(ad.result, scorer).moved)
        made = decisions.decide(store, id, verdict, by=caller.name)
    except (NoSuchPhrase, BadQuestion) as error:
        known = {**_known(store, scorer, ad, caller), "draft": draft}
        return desk.page("ad.html", known, status=422, asked=asked, done=None, fault=error)
    if form.one("copies"):
        alike = Verdict(choice=verdict.choice, reasons=verdict.reasons, note=verdict.note)
        others = copies.of(store, ad)
        decisions.decide_all(store, others, alike, by=caller.name, at=made.at)
    following = queue.next(store, asked.where, asked.sort, past=id)
    place = "/queue" if following is None else f"/ads/{following.id}"
    said = {"done": id, **({"at": made.at.isoformat()} if form.one("copies") else {})}
    return RedirectResponse(f"{place}?{asked.query}&{urlencode(said)}", 303)


@router.post("/assign")
def give(id: Id, form: FormDep, store: StoreDep, asked: AskedDep, caller: PersonDep) -> Response:
    """Take the ad, give it back, or give it to somebody else."""
    assign.assign(store, id, form.one("to") or None, by=caller.name)
    return RedirectResponse(f"/ads/{id}?{asked.query}", 303)


@router.post("/undo")
def undo(id: Id, form: FormDep, store: StoreDep, asked: AskedDep, caller: PersonDep) -> Response:
    """Take back the last decision on the ad, or all of that moment, and show the ad."""
    at = moment(form.one("at"))
    if at is None:
        decisions.undo(store, id, by=caller.name)
    else:
        these = copies.of(store, ads.get(store, id))
        decisions.undo_all(store, these, at, by=caller.name)
    return RedirectResponse(f"/ads/{id}?{asked.query}", 303)


def _known(store: Store, scorer: Scorer, stored: Stored, caller: Caller) -> dict[str, object]:
    """All that the page says to `caller` of an ad."""
    ad = hidden.ad(stored, caller)
    seen = view(ad.result, scorer)
    made = decisions.history(store, ad.id)
    history = [hidden.decision(each, ad.language, caller) for each in made]
    return {
        "ad": ad,
        "seen": seen,
        "history": history,
        "copies": _open_copies(store, stored) if caller.may("decide") else 0,
        "people": [each.name for each in people.every(store) if may(each.role, "decide")],
        "kin": hidden.kin(kin.of(store, stored), caller),
        "draft": Draft.start(ad, seen.moved, history),
        "indicators": scorer.indicators,
        "reasons": REASONS,
        "longest": MAX_NOTE,
    }


def _open_copies(store: Store, ad: Stored) -> int:
    """How many near-copies are open besides the ad."""
    others = [each for each in copies.of(store, ad) if each != ad.id]
    return copies.count_open(store, others)
