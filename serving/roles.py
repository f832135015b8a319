"""Who may do what: what each role has the right to, and the right that each address needs.

An address that is not listed is refused, so that a new one is closed until somebody has thought of
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["score", "feed", "viewer", "analyst", "admin"]
Right = Literal[
    "score", "figures", "keep", "read", "contacts", "decide", "upload", "export", "manage"
]
ROLES: tuple[Role, ...] = get_args(Role)
#: The first two are for programs alone.
OF_PEOPLE: tuple[Role, ...] = ("viewer", "analyst", "admin")

_ANALYST: frozenset[Right] = frozenset(
    {"score", "figures", "keep", "read", "contacts", "decide", "upload", "export"}
)
RIGHTS: Mapping[Role, frozenset[Right]] = {
    "score": frozenset({"score", "figures"}),
    "feed": frozenset({"score", "figures", "keep"}),
    "viewer": frozenset({"score", "figures", "read"}),
    "analyst": _ANALYST,
    "admin": _ANALYST | {"manage"},
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the audit log calls them. Without a role they have no right at all."""

    name: str
    role: Role | None = None

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return self.role is not None and may(self.role, right)


GUEST = Caller("guest")  # somebody who has not said who they are


def may(role: Role, right: Right) -> bool:
    """Whether a role gives a right."""
    return right in RIGHTS[role]


#: The right that a method and address need; None for what anybody may ask.
NEEDS: Mapping[str, Right | None] = {
    "POST /v1/score": "score",
    "POST /v1/score/batch": "score",
    "GET /v1/indicators": "score",
    "GET /v1/model": "score",
    "GET /metrics": "figures",
    "POST /v1/ads": "keep",
    "GET /v1/ads": "read",
    "GET /v1/ads/{id}": "read",
    "GET /v1/ads/{id}/decisions": "read",
    "POST /v1/ads/{id}/decisions": "decide",
    "POST /v1/ads/{id}/undo": "decide",
    "POST /v1/ads/{id}/assign": "decide",
    "GET /v1/campaigns": "read",
    "GET /v1/campaigns/{name}": "read",
    "GET /v1/campaigns/{name}/ads": "read",
    "POST /v1/campaigns/{name}/decisions": "decide",
    "POST /v1/campaigns/{name}/undo": "decide",
    "POST /v1/campaigns/{name}/merge": "decide",
    "POST /v1/campaigns/{name}/split": "decide",
    "GET /v1/queue": "read",
    "GET /v1/exports": "export",
    "GET /v1/allowed": "read",
    "POST /v1/allowed": "manage",
    "DELETE /v1/allowed/{id}": "manage",
    "POST /v1/uploads": "upload",
    "GET /v1/uploads": "upload",
    "GET /v1/uploads/{id}": "upload",
    "DELETE /v1/uploads/{id}": "upload",
    "GET /v1/uploads/{id}/columns": "upload",
    "POST /v1/uploads/{id}/start": "upload",
    "POST /v1/uploads/{id}/cancel": "upload",
    "GET /v1/uploads/{id}/result": "upload",
    "GET /v1/uploads/{id}/rejects": "upload",
    "GET /": "score",
    "POST /": "score",
    "GET /model": "score",
    "GET /language/{code}": None,
    "GET /login": None,
    "POST /login": None,
    "POST /logout": None,
    "GET /account": "score",
    "POST /account": "score",
    "GET /queue": "read",
    "POST /queue": "keep",
    "POST /queue/export": "export",
    "GET /ads/{id}": "read",
    "POST /ads/{id}/decide": "decide",
    "POST /ads/{id}/undo": "decide",
    "POST /ads/{id}/assign": "decide",
    "GET /campaigns": "read",
    "GET /campaigns/{name}": "read",
    "POST /campaigns/{name}/decide": "decide",
    "POST /campaigns/{name}/undo": "decide",
    "POST /campaigns/{name}/merge": "decide",
    "POST /campaigns/{name}/split": "decide",
    "GET /uploads": "upload",
    "POST /uploads": "upload",
    "GET /uploads/{id}": "upload",
    "GET /uploads/{id}/progress": "upload",
    "GET /uploads/{id}/{what}": "upload",
    "POST /uploads/{id}/start": "upload",
    "POST /uploads/{id}/cancel": "upload",
    "POST /uploads/{id}/delete": "upload",
    "GET /allowed": "read",
    "POST /allowed": "manage",
    "POST /allowed/{id}/remove": "manage",
    "GET /admin": "manage",
    "POST /admin/people": "manage",
    "POST /admin/people/{id}/role": "manage",
    "POST /admin/people/{id}/password": "manage",
    "POST /admin/people/{id}/remove": "manage",
    "POST /admin/keys": "manage",
    "POST /admin/keys/{id}/revoke": "manage",
    "POST /admin/purge": "manage",
}
