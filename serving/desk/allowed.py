"""Allow list: employers, phone numbers and domains that somebody answers for, until a day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from serving.deps import StoreDep
from serving.desk.faults import PageRoute
from serving.desk.forms import Form, FormDep, read_form
from serving.desk.pages import Desk, DeskDep
from serving.store import allowed, listed
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.values import MAX_NAME, MAX_WHY, Vouch
from serving.who import PersonDep

router = APIRouter(prefix="/allowed", route_class=PageRoute)

LENGTH = 100
FIELDS = ("kind", "value", "owner", "reason", "until")


@router.get("")
def show(desk: DeskDep, store: StoreDep, after: str = "") -> Response:
    """A page of the list, with a form for one entry more."""
    return _page(desk, store, dict.fromkeys(FIELDS, ""), after=after)


@router.post("")
def add(desk: DeskDep, store: StoreDep, form: FormDep, caller: PersonDep) -> Response:
    """Put an entry on the list."""
    try:
        allowed.add(store, _read(form), by=caller.name)
    except BadQuestion as error:
        return _page(desk, store, {name: form.one(name) for name in FIELDS}, fault=error)
    return RedirectResponse("/allowed", 303)


@router.post("/{id}/remove", dependencies=[Depends(read_form)])
def remove(id: Annotated[str, Path(max_length=64)], store: StoreDep, caller: PersonDep) -> Response:
    """Take an entry off the list."""
    allowed.remove(store, id, by=caller.name)
    return RedirectResponse("/allowed", 303)


def _read(form: Form) -> Vouch:
    try:
        until = date.fromisoformat(form.one("until"))
    except ValueError:
        raise BadQuestion("The last day is no date. Write it as 2027-12-31.") from None
    kind, value, owner, reason = (form.one(name).strip() for name in FIELDS[:4])
    return Vouch(
        kind=kind,  # type: ignore[arg-type]  # Vouch checks it
        value=value,
        owner=owner,
        reason=reason,
        until=until,
    )


def _page(
    desk: Desk,
    store: Store,
    draft: dict[str, str],
    *,
    after: str = "",
    fault: BadQuestion | None = None,
) -> Response:
    today = store.clock().date()
    entries = [each for each in allowed.every(store) if not after or each.id < after]
    return desk.page(
        "allowed.html",
        status=422 if fault else 200,
        entries=entries[:LENGTH],
        more=len(entries) > LENGTH,
        over={each.id for each in entries if listed.is_over(each, today)},
        today=today,
        draft=draft,
        fault=fault,
        longest=MAX_NAME,
        longest_reason=MAX_WHY,
    )
