"""How a route answers: with JSON that its schema declares, or with a file."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from serving.problems import documented
from serving.results import Object
from serving.store.formats.rows import Form


def answer(content: BaseModel | Object) -> Response:
    """The response that holds `content`, as it is."""
    # Given the content itself, FastAPI validates it again, on a second thread: a third more time.
    return Response(to_json(content), media_type="application/json")


def answers(schema: type[BaseModel], *problems: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: `schema`, or one of these problems."""
    success = {"model": schema, "description": schema.__doc__}
    return {200: success, **documented(*problems, 500, 503)}


def attached(form: Form, pieces: Iterator[bytes]) -> Response:
    """The response that is a file to be saved."""
    name = {"Content-Disposition": f'attachment; filename="{form.name}"'}
    return StreamingResponse(pieces, media_type=form.media, headers=name)
