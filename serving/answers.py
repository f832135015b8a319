"""How a route answers: with JSON that its schema declares."""

from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

from serving.problems import documented
from serving.results import Object


def answer(content: BaseModel | Object) -> Response:
    """The response that holds `content`, as it is."""
    # Given the content itself, FastAPI validates it again, on a second thread: a third more time.
    return Response(to_json(content), media_type="application/json")


def answers(schema: type[BaseModel], *problems: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: `schema`, or one of these problems."""
    success = {"model": schema, "description": schema.__doc__}
    return {200: success, **documented(*problems, 500, 503)}
