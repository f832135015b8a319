"""Ad: one text with all that is known of it; one key decides and moves on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from model.scorer import Scorer
from serving.deps import ScorerDep, StoreDep
from serving.desk.asked import AskedDep
from serving.desk.done import finished
from serving.desk.draft import Draft, NoSuchPhrase
from serving.desk.faults import PageRoute
from serving.desk.forms import FormDep, read_form
from serving.desk.pages import DeskDep
from serving.desk.view import view
from serving.roles import Caller
from serving.store import ads, decisions, hidden, kin, queue
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.values import MAX_NOTE, REASONS, Stored
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
) -> Response:
    """The ad, with the decision that stands in its form."""
    known = _known(store, scorer, ads.get(store, id), caller)
    return desk.page("ad.html", known, asked=asked, done=finished(store, done, caller), fault=None)


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
        decisions.decide(store, id, verdict, by=caller.name)
    except (NoSuchPhrase, BadQuestion) as error:
        known = {**_known(store, scorer, ad, caller), "draft": draft}
        return desk.page("ad.html", known, status=422, asked=asked, done=None, fault=error)
    following = queue.next(store, asked.where, asked.sort, past=id)
    place = "/queue" if following is None else f"/ads/{following.id}"
    return RedirectResponse(f"{place}?{asked.query}&done={id}", 303)


@router.post("/undo", dependencies=[Depends(read_form)])
def undo(id: Id, store: StoreDep, asked: AskedDep, caller: PersonDep) -> Response:
    """Take back the last decision on the ad, and show the ad."""
    decisions.undo(store, id, by=caller.name)
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
        "kin": hidden.kin(kin.of(store, stored), caller),
        "draft": Draft.start(ad, seen.moved, history),
        "indicators": scorer.indicators,
        "reasons": REASONS,
        "longest": MAX_NOTE,
    }
