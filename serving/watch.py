"""What is seen of each request: a line in the log, and figures. Never a text, a query or a name.

Addresses are told by their template, such as `/v1/ads/{id}`: what stands in the place of a name may
be anything.
"""

import logging
from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.figures import Figures

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
            told |= {"ms": round(1000 * seconds, 2), "caller": scope["state"].get("caller")}
            logger.info("request", extra=told)


def method(scope: Scope) -> str:
    """The method of a request; `other` for one of which there is none, since it may be a text."""
    return scope["method"] if scope["method"] in _METHODS else "other"


def template(scope: Scope) -> str:
    """The address of a request with `{name}` for what its route leaves open; empty for no route."""
    if "route" not in scope:
        return str(scope.get("root_path", ""))  # a folder of files, or nothing
    steps = scope["path"].split("/")
    for name, value in reversed(scope.get("path_params", {}).items()):
        last = max(place for place, step in enumerate(steps) if step == str(value))
        steps[last] = f"{{{name}}}"
    return "/".join(steps)
