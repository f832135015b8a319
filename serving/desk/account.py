"""Account: who is logged in, with what role; there they change their password."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from serving.deps import KnownDep, PaceDep, StoreDep
from serving.desk.faults import PageRoute
from serving.desk.forms import FormDep
from serving.desk.login import enter
from serving.desk.pages import Desk, DeskDep
from serving.store import people, sessions
from serving.store.errors import BadQuestion
from serving.store.passwords import LEAST, MOST
from serving.who import PersonDep

router = APIRouter(prefix="/account", route_class=PageRoute)


@router.get("")
def show(desk: DeskDep) -> Response:
    """The page."""
    return _page(desk)


@router.post("")
def change(
    request: Request,
    desk: DeskDep,
    form: FormDep,
    store: StoreDep,
    known: KnownDep,
    pace: PaceDep,
    caller: PersonDep,
) -> Response:
    """Change the password: every session ends, and this browser gets a new one."""
    pace.login(caller.name, "account")
    person = people.check(store, caller.name, form.one("old"))
    if person is None:
        pace.wrong(caller.name, "account")
        return _page(desk, BadQuestion("The present password is not right."))
    try:
        people.change_password(store, person.id, form.one("new"), by=caller.name)
    except BadQuestion as error:
        return _page(desk, error)
    known.forget()
    return enter(request, sessions.begin(store, person), "/account?changed=1")


def _page(desk: Desk, fault: BadQuestion | None = None) -> Response:
    return desk.page(
        "account.html",
        status=422 if fault else 200,
        fault=fault,
        changed=not fault and "changed" in desk.request.query_params,
        least=LEAST,
        most=MOST,
    )
