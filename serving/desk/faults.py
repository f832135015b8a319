"""What goes wrong on a page is told on a page."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from serving.desk.pages import open_desk
from serving.store.errors import BadQuestion, NotStored, StillBusy, StoreAway

_STATUSES: Mapping[type[Exception], int] = {
    NotStored: 404,
    StillBusy: 409,
    BadQuestion: 422,
    StoreAway: 503,
    RequestValidationError: 422,
}


class PageRoute(APIRoute):
    """A route that answers with pages, whatever happens."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with a page for each error that is foreseen."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except HTTPException as error:
                return await _told(request, error.status_code, error.detail)
            except tuple(_STATUSES) as error:
                detail = "" if isinstance(error, RequestValidationError) else str(error)
                return await _told(request, _STATUSES[type(error)], detail)

        return handled


async def _told(request: Request, status: int, detail: str) -> Response:
    desk = await open_desk(request)
    return desk.page("fault.html", status=status, shown=status, detail=detail)
