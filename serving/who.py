"""Who asks, and whether they may.

Where nobody has a password and no key is set, whoever uses this machine may do everything, from
this machine alone. Else people log in to the desk's pages, and programs bring a key to `/v1`.
"""

from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from serving.desk import guard
from serving.desk.guard import SESSION
from serving.keys import Keys
from serving.known import Known
from serving.pace import Pace
from serving.roles import GUEST, NEEDS, Caller, Right
from serving.store.decisions import LOCAL
from serving.watch import template

_LOCAL = Caller(LOCAL, "admin")
#: What is kept is not read by them, so that they may go on while the database is away.
_READS_NOTHING: frozenset[Right | None] = frozenset({None, "score", "figures"})
_REALM = {"WWW-Authenticate": 'Bearer realm="lurewatch"'}


async def by_key(request: Request) -> Caller:
    """Who asks `/v1`; refuses with 401 or 403, and with 429 who asks too often."""
    right = _needed(request)
    caller: Caller | None
    old = right in _READS_NOTHING
    if await is_open(request, old=old):
        caller = _LOCAL
        if right != "score":  # what is kept must not be read by a web page that somebody looks at
            guard.need_local(request)
    else:
        caller = await _program(request, old=old)
    if caller is None:
        raise HTTPException(401, headers=_REALM)
    return _admitted(request, caller, right)


async def by_session(request: Request) -> Caller:
    """Who asks for a page; refuses with 401 or 403. A page for anybody may be asked by `GUEST`."""
    guard.need_own(request)
    right = _needed(request)
    old = right in _READS_NOTHING
    if await is_open(request, old=old):
        guard.need_local(request)
        caller = _LOCAL
    else:
        known: Known = request.app.state.known
        secret = request.cookies.get(SESSION, "")
        caller = (await known.person(secret, old=old) if secret else None) or GUEST
    if caller is GUEST and right is not None:
        raise HTTPException(401)
    return _admitted(request, caller, right)


async def is_open(request: Request, *, old: bool = False) -> bool:
    """Whether nobody has a password and no key is set. `old` is as in `Known.program`."""
    keys: Keys = request.app.state.keys
    known: Known = request.app.state.known
    return not keys and not await known.anybody(old=old)


def _needed(request: Request) -> Right | None:
    """The right that the address needs; one that is not listed is refused."""
    name = f"{request.method} {template(request.scope)}"
    if name not in NEEDS:
        raise HTTPException(403, "Nobody has the right to this address.")
    return NEEDS[name]


def _admitted(request: Request, caller: Caller, right: Right | None) -> Caller:
    request.state.caller = caller
    if right is not None and not caller.may(right):
        raise HTTPException(403, f"The role {caller.role} has no right to this ({right}).")
    return caller


async def _program(request: Request, *, old: bool) -> Caller | None:
    """The program whose key the request brings, counted."""
    keys: Keys = request.app.state.keys
    known: Known = request.app.state.known
    pace: Pace = request.app.state.pace
    for key in filter(None, _offered(request)):
        place = keys.place(key)
        if place is not None:
            return Caller(f"key {place}", "admin")
        program = await known.program(key, old=old)
        if program is not None:
            pace.request(program.caller.name, program.a_minute)
            return program.caller
    return None


def _offered(request: Request) -> tuple[str, str]:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    bearer = bearer.strip() if scheme.lower() == "bearer" else ""
    return bearer, request.headers.get("x-api-key", "")


KeyDep = Annotated[Caller, Depends(by_key)]
PersonDep = Annotated[Caller, Depends(by_session)]
