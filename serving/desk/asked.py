"""What a list was asked for, as the address of the page says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.requests import Request

from serving.store.errors import BadQuestion
from serving.store.values import SORTS, Filter, Sort

FACETS = ("status", "band", "indicator", "language", "source", "assignee")
EVERY = "all"  # of a facet that is narrowed unless something else is said
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters and order of a list. Its address is the same list, for whoever opens it."""

    where: Filter
    sort: Sort = "risk"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """What a query string asks for, else the open ads; raises `BadQuestion`."""
        said = {name: query[name] for name in (*FACETS, "text") if query.get(name, "").strip()}
        status = said.pop("status", "open")
        if said.get("assignee") == NOBODY:
            said["assignee"] = ""
        sort = query.get("sort") or "risk"
        if sort not in SORTS:
            raise BadQuestion(f"The order is {sort[:40]!r}. Use one of {', '.join(SORTS)}.")
        return cls(Filter(status=None if status == EVERY else status, **said), sort)

    @property
    def query(self) -> str:
        """The query string that asks for it."""
        said = {name: getattr(self.where, name) for name in (*FACETS, "text")}
        said["status"] = {None: EVERY, "open": None}.get(said["status"], said["status"])
        said["assignee"] = NOBODY if said["assignee"] == "" else said["assignee"]
        said["sort"] = None if self.sort == "risk" else self.sort
        return urlencode({name: value for name, value in said.items() if value is not None})

    def with_(self, facet: str, value: str | None) -> "Asked":
        """The same list with one facet changed; None takes it away."""
        return replace(self, where=replace(self.where, **{facet: value}))

    def by(self, sort: Sort) -> "Asked":
        """The same list in another order."""
        return replace(self, sort=sort)


async def _asked(request: Request) -> Asked:
    return Asked.read(request.query_params)


AskedDep = Annotated[Asked, Depends(_asked)]
