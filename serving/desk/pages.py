"""Pages made from templates, in the reader's language, with the headers that keep them safe."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from fastapi import Depends
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from serving.desk import guard, wording
from serving.desk.marked import pieces
from serving.desk.tongue import Tongue, choose
from serving.desk.unseen import UNSEEN
from serving.roles import GUEST

TEMPLATES = Path(__file__).with_name("templates")
LANGUAGE = "lurewatch_language"
_YEAR = 31_536_000
_INSIDE = re.compile(r"/(?![/\\])[!-\[\]-~]*")


@dataclass(frozen=True, slots=True)
class Press:
    """What pages are made with: every language, and the templates in it."""

    tongues: Mapping[str, Tongue]
    templates: Mapping[str, Environment]

    @classmethod
    def of(cls, tongues: Mapping[str, Tongue]) -> "Press":
        """A press for these languages."""
        return cls(tongues, {code: _environment(each) for code, each in tongues.items()})


@dataclass(frozen=True, slots=True)
class Desk:
    """One request's way to make a page."""

    request: Request
    tongue: Tongue
    press: Press

    def page(
        self,
        template: str,
        known: Mapping[str, object] = MappingProxyType({}),
        /,
        *,
        status: int = 200,
        **context: object,
    ) -> Response:
        """The page that a template makes of what is `known` and of `context`."""
        made = self.press.templates[self.tongue.code].get_template(template)
        words = made.render(
            known,
            **context,
            token=guard.token(self.request),
            here=self.request.url.path,
            caller=getattr(self.request.state, "caller", GUEST),
            tongues=self.press.tongues.values(),
        )
        response = HTMLResponse(words, status, headers=guard.HEADERS)
        guard.keep(self.request, response)
        return response


async def open_desk(request: Request) -> Desk:
    """The way to make pages for a request."""
    press: Press = request.app.state.press
    asked = request.cookies.get(LANGUAGE)
    accepted = request.headers.get("accept-language", "")
    return Desk(request, choose(press.tongues, asked, accepted), press)


DeskDep = Annotated[Desk, Depends(open_desk)]


def inside(place: str) -> str:
    """The address of a page of ours to lead somebody to, or that of the first page."""
    return place if _INSIDE.fullmatch(place) else "/"


def remember(response: Response, code: str) -> Response:
    """`response`, with the language that the reader chose left in the browser."""
    response.set_cookie(LANGUAGE, code, max_age=_YEAR, httponly=True, samesite="strict")
    return response


def _environment(tongue: Tongue) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(tongue.words, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.globals |= {
        "tongue": tongue,
        "wording": wording,
        "pieces": pieces,
        "unseen": UNSEEN,
    }
    return environment
