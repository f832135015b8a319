"""How a route answers: JSON straight from the schema."""

from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from serving.problems import documented


def answer(content: BaseModel) -> Response:
    """The response that holds `content`."""
    # Given the content itself, FastAPI validates it again, on a second thread: a third more time.
    return Response(content.model_dump_json(), media_type="application/json")


def answers(schema: type[BaseModel], *problems: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: `schema`, or one of these problems."""
    success = {"model": schema, "description": schema.__doc__}
    return {200: success, **documented(*problems, 500, 503)}
