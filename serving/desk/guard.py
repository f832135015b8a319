"""What keeps the desk to the person at this machine: who may ask, from where, and what may run.

The desk knows no accounts yet, so it answers only what a browser on this machine asks of its own
accord: a name of this machine as host (another name may be rebound to its address), and forms that
were loaded from here.
"""

import secrets
from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
TOKEN = "token"
COOKIE = "lurewatch_desk"

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
}


async def need_local(request: Request) -> None:
    """Refuse a request that names another host, or that another site's page has made."""
    host = request.headers.get("host", "")
    if _name(host) not in HOSTS:
        raise HTTPException(421, "The desk answers on localhost and 127.0.0.1 only. Open it there.")
    if not _is_own(request.headers, host):
        raise HTTPException(403, "Another site's page asked for this. Open the desk itself.")


def token(request: Request) -> str:
    """The token that forms carry: the browser's own, or a new one, which `keep` leaves there."""
    held = request.cookies.get(COOKIE, "")
    made: str = getattr(request.state, "token", "") or held or secrets.token_urlsafe(32)
    request.state.token = made
    return made


def keep(request: Request, response: Response) -> None:
    """Leave the token of `request` with the browser."""
    if request.cookies.get(COOKIE) != request.state.token:
        response.set_cookie(COOKIE, request.state.token, httponly=True, samesite="strict")


def check_token(request: Request, offered: str) -> None:
    """Refuse a form without the token that its page was given."""
    held = request.cookies.get(COOKIE, "")
    if not held or not compare_digest(held.encode(), offered.encode()):
        raise HTTPException(403, "This form is out of date. Go back, load its page again, resend.")


def _name(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


def _is_own(headers: Headers, host: str) -> bool:
    """A link from elsewhere may be followed; nothing else comes from other pages."""
    site = headers.get("sec-fetch-site", "none")
    if site in ("same-origin", "none"):
        return headers.get("origin", f"http://{host}") == f"http://{host}"
    return headers.get("sec-fetch-mode") == "navigate" and "origin" not in headers
