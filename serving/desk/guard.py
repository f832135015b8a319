"""What keeps the desk to those who use it: from where they ask, with which forms, what may run.

Where there are no accounts, the desk answers only what a browser on this machine asks: a name of
this machine as host (another name may be rebound to its address). Forms must have been loaded from
here, always.
"""

import secrets
from hashlib import sha256
from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
TOKEN = "token"
COOKIE = "lurewatch_desk"
SESSION = "lurewatch_session"  # holds the secret of whoever is logged in

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


def need_local(request: Request) -> None:
    """Refuse a request that names another host, or that another site's page has made."""
    if _name(request.headers.get("host", "")) not in HOSTS:
        raise HTTPException(421, "This answers on localhost and 127.0.0.1 only. Open it there.")
    need_own(request)


def need_own(request: Request) -> None:
    """Refuse a request that another site's page has made."""
    if not _is_own(request.headers):
        raise HTTPException(403, "Another site's page asked for this. Open the desk itself.")


def token(request: Request) -> str:
    """The token that forms carry: the session's, or before that the browser's own.

    A new one is left with the browser by `keep`.
    """
    made: str = _held(request) or getattr(request.state, "token", "") or secrets.token_urlsafe(32)
    request.state.token = made
    return made


def keep(request: Request, response: Response) -> None:
    """Leave the token of `request` with the browser."""
    if not _held(request):
        response.set_cookie(
            COOKIE, request.state.token, httponly=True, samesite="strict", secure=is_safe(request)
        )


def check_token(request: Request, offered: str) -> None:
    """Refuse a form without the token that its page was given."""
    held = _held(request)
    if not held or not compare_digest(held.encode(), offered.encode()):
        raise HTTPException(403, "This form is out of date. Go back, load its page again, resend.")


def is_safe(request: Request) -> bool:
    """Whether the request came through TLS, to the proxy in front at least."""
    return request.url.scheme == "https"


def _held(request: Request) -> str:
    """The token that the forms of this browser must carry; empty if it has none."""
    secret = request.cookies.get(SESSION, "")
    if secret:  # so that a form of before the login, or of another's session, is refused
        return sha256(b"form " + secret.encode()).hexdigest()
    return request.cookies.get(COOKIE, "")


def _name(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


def _is_own(headers: Headers) -> bool:
    """A link from elsewhere may be followed; nothing else comes from other pages."""
    site = headers.get("sec-fetch-site", "none")
    if site in ("same-origin", "none"):
        origin = headers.get("origin")
        # A proxy in front may speak TLS, so that the scheme is not known.
        return origin is None or origin.partition("://")[2] == headers.get("host")
    return headers.get("sec-fetch-mode") == "navigate" and "origin" not in headers
