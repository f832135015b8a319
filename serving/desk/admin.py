"""Admin: people and their roles, keys for programs, and what is deleted by its age."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from serving.deps import KnownDep, ShelfDep, StoreDep
from serving.desk.faults import PageRoute
from serving.desk.forms import Form, FormDep, read_form
from serving.desk.pages import Desk, DeskDep
from serving.known import Known
from serving.roles import OF_PEOPLE, ROLES, Role
from serving.store import api_keys, people
from serving.store.api_keys import A_MINUTE, MOST_A_MINUTE
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.passwords import LEAST, MOST
from serving.store.purge import purge
from serving.store.values import STATUSES
from serving.uploads import manage
from serving.who import PersonDep

router = APIRouter(prefix="/admin", route_class=PageRoute)

FIELDS = ("name", "role", "key", "key-role", "a-minute", "days", "status")

Id = Annotated[str, Path(max_length=64)]


@router.get("")
def show(desk: DeskDep, store: StoreDep) -> Response:
    """The page."""
    return _page(desk, store)


@router.post("/people")
def add_person(
    desk: DeskDep, form: FormDep, store: StoreDep, known: KnownDep, caller: PersonDep
) -> Response:
    """Let somebody in."""
    name, role = form.one("name").strip().lower(), cast("Role", form.one("role"))
    password = form.one("password")
    act = partial(people.add, store, name, password, role, by=caller.name)
    return _change(desk, store, known, act, form=form)


@router.post("/people/{id}/role")
def change_role(
    id: Id, desk: DeskDep, form: FormDep, store: StoreDep, known: KnownDep, caller: PersonDep
) -> Response:
    """Give somebody another role."""
    role = cast("Role", form.one("role"))
    act = partial(people.change_role, store, id, role, by=caller.name)
    return _change(desk, store, known, act)


@router.post("/people/{id}/password")
def change_password(
    id: Id, desk: DeskDep, form: FormDep, store: StoreDep, known: KnownDep, caller: PersonDep
) -> Response:
    """Give somebody another password."""
    act = partial(people.change_password, store, id, form.one("password"), by=caller.name)
    return _change(desk, store, known, act)


@router.post("/people/{id}/remove", dependencies=[Depends(read_form)])
def remove_person(
    id: Id, desk: DeskDep, store: StoreDep, known: KnownDep, caller: PersonDep
) -> Response:
    """Let somebody in no longer."""
    return _change(desk, store, known, partial(people.remove, store, id, by=caller.name))


@router.post("/keys")
def add_key(desk: DeskDep, form: FormDep, store: StoreDep, caller: PersonDep) -> Response:
    """Make a key, and show it this once."""
    try:
        _, secret = api_keys.add(
            store,
            form.one("key").strip().lower(),
            cast("Role", form.one("key-role")),
            a_minute=_number("number of requests", form.one("a-minute"), 7),
            by=caller.name,
        )
    except BadQuestion as error:
        return _page(desk, store, form=form, fault=error, at="keys")
    return _page(desk, store, secret=secret)


@router.post("/keys/{id}/revoke", dependencies=[Depends(read_form)])
def revoke_key(id: Id, store: StoreDep, known: KnownDep, caller: PersonDep) -> Response:
    """Let a key open nothing any longer."""
    api_keys.revoke(store, id, by=caller.name)
    known.forget()
    return RedirectResponse("/admin", 303)


@router.post("/purge")
def purge_old(
    desk: DeskDep, form: FormDep, store: StoreDep, shelf: ShelfDep, caller: PersonDep
) -> Response:
    """Delete what is older than so many days."""
    try:
        if not form.one("sure"):
            raise BadQuestion("Nothing was deleted: tick that you are sure.")
        before = store.clock() - timedelta(days=_number("number of days", form.one("days"), 5))
        status = form.one("status") or None
        if status not in (None, *STATUSES):
            raise BadQuestion(f"The status is {form.one('status')[:40]!r}. Choose one of the list.")
    except BadQuestion as error:
        return _page(desk, store, form=form, fault=error, at="purge")
    gone = purge(store, before=before, status=status, by=caller.name)
    files = manage.purge(store, shelf, before=before, by=caller.name)
    return _page(desk, store, gone=(gone, files))


def _change(
    desk: Desk,
    store: Store,
    known: Known,
    act: Callable[[], object],
    *,
    form: Form | None = None,
) -> Response:
    """Change something about people, and show the page; again, if it cannot be."""
    try:
        act()
    except BadQuestion as error:
        return _page(desk, store, form=form, fault=error, at="people")
    known.forget()
    return RedirectResponse("/admin", 303)


def _number(what: str, said: str, digits: int) -> int:
    if not (said.isascii() and said.isdecimal() and len(said) <= digits):
        raise BadQuestion(f"The {what} is {said[:40]!r}. Write up to {digits} digits, such as 90.")
    return int(said)


def _page(
    desk: Desk,
    store: Store,
    *,
    form: Form | None = None,
    fault: BadQuestion | None = None,
    at: str = "",
    secret: str = "",
    gone: tuple[int, int] | None = None,
) -> Response:
    """The page; `at` says which part a `fault` is in, `secret` is a key that was just made."""
    drafts = {name: form.one(name) for name in FIELDS} if form else dict.fromkeys(FIELDS, "")
    return desk.page(
        "admin.html",
        status=422 if fault else 200,
        people=people.every(store),
        keys=api_keys.every(store),
        roles=OF_PEOPLE,
        key_roles=ROLES,
        statuses=STATUSES,
        draft=drafts,
        fault=fault,
        at=at,
        secret=secret,
        gone=gone,
        least=LEAST,
        most=MOST,
        a_minute=A_MINUTE,
        most_a_minute=MOST_A_MINUTE,
    )
