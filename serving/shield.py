"""What every request passes on its way in and out: a cap on work, safe headers, a last net."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.logs import trace
from serving.problems import problem, standard
from serving.watch import method, template

MAX_BUSY = 64
ALWAYS_OPEN = frozenset({"/healthz", "/readyz", "/metrics"})
HEADERS = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]

logger = logging.getLogger(__name__)


class Shield:
    """Around an app: answers 503 at once to more than `most` requests at a time, and 500 to
    whatever nobody expected.

    An error's message may hold the text of an ad, so the log gets its type and place only.
    """

    def __init__(self, app: ASGIApp, *, most: int = MAX_BUSY) -> None:
        self.app = app
        self.most = most
        self.busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply = _Reply(send)
        if self.busy >= self.most and scope["path"] not in ALWAYS_OPEN:
            await problem(503, standard(503), headers={"Retry-After": "1"})(scope, receive, reply)
            return
        self.busy += 1
        try:
            await self.app(scope, receive, reply)
        except Exception as error:
            _log(error, scope)
            if not reply.started:
                await problem(500, standard(500))(scope, receive, reply)
        finally:
            self.busy -= 1


class _Reply:
    def __init__(self, send: Send) -> None:
        self.send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = [*message["headers"], *HEADERS]
        await self.send(message)


def _log(error: Exception, scope: Scope) -> None:
    told = {"method": method(scope), "route": template(scope), "trace": trace(error)}
    logger.error("%s was raised", type(error).__name__, extra=told)
