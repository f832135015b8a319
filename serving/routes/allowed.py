"""The allow list: what is known to be good."""

from fastapi import APIRouter
from starlette.responses import Response

from serving import bodies
from serving.answers import answer, answers
from serving.deps import StoreDep, VouchDep
from serving.limits import PROBLEMS
from serving.store import allowed, shown
from serving.vouched import AllowedOut, AllowListOut, VouchIn
from serving.who import KeyDep

router = APIRouter(prefix="/allowed", tags=["allow list"])


@router.get("", responses=answers(AllowListOut))
def list_allowed(store: StoreDep) -> Response:
    """List what is known to be good."""
    return answer({"allowed": [shown.allowed(each) for each in allowed.every(store)]})


@router.post("", responses=answers(AllowedOut, *PROBLEMS), openapi_extra=bodies.takes(VouchIn))
def allow(vouch: VouchDep, store: StoreDep, caller: KeyDep) -> Response:
    """Put an employer, a phone number or a domain on the list."""
    return answer(shown.allowed(allowed.add(store, vouch.to_vouch(), by=caller.name)))


@router.delete("/{id}", responses=answers(AllowedOut, 404))
def disallow(id: str, store: StoreDep, caller: KeyDep) -> Response:
    """Take an entry off the list."""
    return answer(shown.allowed(allowed.remove(store, id, by=caller.name)))
