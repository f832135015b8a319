"""Log in and out."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.deps import KnownDep, PaceDep, StoreDep
from serving.desk import guard
from serving.desk.faults import PageRoute
from serving.desk.forms import FormDep, read_form
from serving.desk.guard import SESSION
from serving.desk.pages import Desk, DeskDep, inside
from serving.roles import GUEST
from serving.store import people, sessions
from serving.store.engine import Store
from serving.store.passwords import MOST
from serving.who import PersonDep

router = APIRouter(route_class=PageRoute)


@router.get("/login")
def show(desk: DeskDep, store: StoreDep, caller: PersonDep, to: str = "/") -> Response:
    """The form; who is logged in already goes on."""
    if caller is not GUEST:
        return RedirectResponse(inside(to), 303)
    return _page(desk, store, to)


@router.post("/login")
def login(
    request: Request, desk: DeskDep, form: FormDep, store: StoreDep, pace: PaceDep, to: str = "/"
) -> Response:
    """Log in, and go where the reader wanted to go."""
    name, address = form.one("name").strip().lower(), request.client.host if request.client else ""
    pace.login(name, address)
    person = people.check(store, name, form.one("password"))
    if person is None:
        pace.wrong(name, address)
        return _page(desk, store, to, name=form.one("name"))
    sessions.end(store, request.cookies.get(SESSION, ""))  # whoever else was logged in here
    return enter(request, sessions.begin(store, person), to)


@router.post("/logout", dependencies=[Depends(read_form)])
def logout(request: Request, store: StoreDep, known: KnownDep) -> Response:
    """Log out."""
    sessions.end(store, request.cookies.get(SESSION, ""))
    known.forget()
    response = RedirectResponse("/login", 303)
    response.delete_cookie(SESSION)
    return response


def enter(request: Request, secret: str, to: str) -> Response:
    """Leave the secret of a new session with the browser, and go to a page.

    Whatever session the browser held before, it holds no longer.
    """
    response = RedirectResponse(inside(to), 303)
    # Lax: a colleague's link into the desk may be followed. Forms need their token besides.
    response.set_cookie(
        SESSION, secret, httponly=True, samesite="lax", secure=guard.is_safe(request)
    )
    return response


def _page(desk: Desk, store: Store, to: str, *, name: str | None = None) -> Response:
    """The form; again for a `name` whose password was wrong."""
    return desk.page(
        "login.html",
        status=200 if name is None else 401,
        to=inside(to),
        name=name or "",
        wrong=name is not None,
        anybody=people.there_are(store),
        most=MOST,
    )
