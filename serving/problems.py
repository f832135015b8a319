"""One shape for everything that goes wrong (RFC 9457); it never repeats the text that was sent.

The names of unknown fields are the one thing repeated: escaped to ASCII and cut short.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from serving import examples
from serving.examples import shown
from serving.store.errors import BadQuestion, NotStored, StillBusy, StoreAway

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 20
MAX_NAME = 40


class Fault(BaseModel):
    """One thing that does not fit in the request."""

    model_config = shown(examples.FAULT)

    location: str = Field(description="Where it is.")
    message: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    model_config = shown(examples.PROBLEM)

    type: str = Field(
        default="about:blank", description="Always `about:blank`: `status` tells the kind."
    )
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened and what to do about it.")
    errors: list[Fault] = Field(
        default_factory=list, description=f"The first {MAX_FAULTS} things that do not fit."
    )


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that tells of a problem."""
    content = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors)
    )
    return Response(
        content.model_dump_json(), status_code=status, headers=headers, media_type=MEDIA_TYPE
    )


def install(app: FastAPI) -> None:
    """Have `app` answer its errors as problems."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    for kind in _STATUSES:
        app.add_exception_handler(kind, _failed)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these problems."""
    return {
        status: {
            "description": _DETAILS[status],
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": Problem(
                        title=HTTPStatus(status).phrase, status=status, detail=_DETAILS[status]
                    ).model_dump(),
                }
            },
        }
        for status in statuses
    }


def standard(status: int) -> str:
    """What to say of a status when there is nothing more exact."""
    return _DETAILS.get(status, HTTPStatus(status).phrase)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    generic = error.detail == HTTPStatus(error.status_code).phrase
    detail = standard(error.status_code) if generic else error.detail
    return problem(error.status_code, detail, headers=error.headers)


async def _failed(_: Request, error: Exception) -> Response:
    status = _STATUSES[type(error)]
    return problem(status, str(error), headers={"Retry-After": "1"} if status == 503 else None)


async def _unfit(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    places = "1 place" if len(found) == 1 else f"{len(found):,} places"
    faults = [
        Fault(location=_place(each["loc"]), message=_say(each)) for each in found[:MAX_FAULTS]
    ]
    return problem(422, f"The request does not fit in {places}; see errors.", errors=faults)


def _place(path: Iterable[str | int]) -> str:
    names = (f"[{step}]" if isinstance(step, int) else f".{_safe(step)}" for step in path)
    return "".join(names).removeprefix(".")


def _safe(name: str) -> str:
    plain = ascii(name)[1:-1]
    return plain if len(plain) <= MAX_NAME else plain[:MAX_NAME] + "..."


def _say(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "This field is unknown; leave it out."
    return str(error["msg"])


_STATUSES: dict[type[Exception], int] = {
    StoreAway: 503,
    NotStored: 404,
    StillBusy: 409,
    BadQuestion: 422,
}
_DETAILS = {
    400: "The body is not JSON in UTF-8.",
    401: "A key is needed: send `Authorization: Bearer KEY` or `X-API-Key: KEY`.",
    403: "The key has no right to this, or another site's page asked.",
    404: "Nothing is at this address; /openapi.json lists what there is.",
    405: "This address does not answer this method; the Allow header lists those it does.",
    408: "The body took too long to arrive.",
    409: "The upload is being worked on.",
    413: "The body is too large.",
    415: "The body must be plain JSON: `Content-Type: application/json`, not compressed.",
    421: "This answers on localhost and 127.0.0.1 only.",
    422: "The request is JSON but does not fit the schema; `errors` says where.",
    429: "The key may not ask so often; wait as long as the Retry-After header says.",
    500: "Something went wrong in the service; it is in its log.",
    503: "The service is busy; try again in a moment.",
    507: "There is no room to keep the file.",
}
