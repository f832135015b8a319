"""A request's JSON body, read within limits: how large, how slow, how packed, how well formed.

FastAPI's own reading answers 500 to lone surrogates and decodes before it asks for a key, so the
bytes go to pydantic's JSON parser instead. Of a key given twice, the last one counts.
"""

import asyncio
from typing import Generic, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from serving.problems import standard

MAX_BYTES = 1_000_000
MAX_SECONDS = 30.0

PROBLEMS = (400, 408, 413, 415, 422)  # what a body can be refused with

Schema = TypeVar("Schema", bound=BaseModel)


class JsonBody(Generic[Schema]):
    """A need of a route: the body of its request, as the schema says."""

    def __init__(self, schema: type[Schema], *, seconds: float = MAX_SECONDS) -> None:
        self.schema = schema
        self.seconds = seconds

    async def __call__(self, request: Request) -> Schema:
        """The body as a value of the schema; raises what becomes a problem with status 4xx."""
        body = await read(request, seconds=self.seconds)
        _check_packing(request, body)
        try:
            return self.schema.model_validate_json(body)
        except ValidationError as error:
            raise _refusal(error, body) from None


async def read(request: Request, *, seconds: float = MAX_SECONDS) -> bytes:
    """The body as it is; raises what becomes a problem with status 4xx if it is over a limit."""
    try:
        async with asyncio.timeout(seconds):
            return await _read(request)
    except TimeoutError:
        raise HTTPException(408, headers={"Connection": "close"}) from None


async def _read(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 18 or int(length) > MAX_BYTES):
        raise _too_large()
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_BYTES:
                raise _too_large()
            chunks.append(chunk)
    except ClientDisconnect:
        raise HTTPException(400, "The connection closed before the body had arrived.") from None
    return b"".join(chunks)


def _too_large() -> HTTPException:
    # The connection stays open: closed on a client that is still sending, it loses the answer.
    return HTTPException(
        413, f"The body has more than {MAX_BYTES:,} bytes. Send the ads in several smaller batches."
    )


def _check_packing(request: Request, body: bytes) -> None:
    if not body:
        raise HTTPException(400, "The body is empty. Send JSON, such as the schema's example.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415, headers={"Accept-Encoding": "identity"})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415, headers={"Accept": "application/json"})


def _refusal(error: ValidationError, body: bytes) -> Exception:
    # Neither the input nor the context is asked for: both may hold the text that was sent.
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] != "json_invalid":
        return RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found])
    try:
        body.decode()
    except UnicodeDecodeError as broken:
        return HTTPException(400, f"The body is not UTF-8 at byte {broken.start}. Encode it so.")
    reason = found[0]["msg"].removeprefix("Invalid JSON: ")
    if "hex escape" in reason:
        reason += r" (a \u escape must be whole, and half of a surrogate pair is no character)"
    return HTTPException(400, f"{standard(400)} The parser says: {reason}.")
