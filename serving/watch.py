"""What is seen of each request: a line in the log, and figures. Never a text, a query or a name.

Addresses are told by their template, such as `/v1/ads/{id}`: what stands in the place of a name may
be anything.
"""

import logging
from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.figures import Figures
from serving.roles import Caller

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

logger = logging.getLogger(__name__)


class Watch:
    """Around an app: notes each request when it has been answered."""

    def __init__(
        self, app: ASGIApp, *, figures: Figures, clock: Callable[[], float] = perf_counter
    ) -> None:
        self.app = app
        self.figures = figures
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = self.clock(), 0  # which stays if the client leaves first
        scope.setdefault("state", {})

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            seconds, route = self.clock() - began, template(scope)
            self.figures.answered(method(scope), route, status, seconds)
            told = {"method": method(scope), "route": route, "status": status}
            told |= {"ms": round(1000 * seconds, 2), "caller": _name(scope)}
            logger.info("request", extra=told)


def method(scope: Scope) -> str:
    """The method of a request; `other` for one of which there is none, since it may be a text."""
    return scope["method"] if scope["method"] in _METHODS else "other"


def template(scope: Scope) -> str:
    """The address of a request with `{name}` for what its route leaves open; empty for no route."""
    if "route" not in scope:
        return str(scope.get("root_path", ""))  # a folder of files, or nothing
    inner: str = scope["route"].path  # without the prefixes of the routers around its own
    outer = scope["path"].split("/")[: 1 - len(inner.split("/"))]
    return "/".join(outer) + inner


def _name(scope: Scope) -> str | None:
    caller: Caller | None = scope["state"].get("caller")
    return caller.name if caller else None
