"""What goes wrong on a page is told on a page."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

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
                if error.status_code == 401 and request.method == "GET":
                    return _to_login(request)
                return await _told(request, error.status_code, error.detail, error.headers)
            except tuple(_STATUSES) as error:
                detail = "" if isinstance(error, RequestValidationError) else str(error)
                return await _told(request, _STATUSES[type(error)], detail)

        return handled


def _to_login(request: Request) -> Response:
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?{urlencode({'to': place})}", 303)


async def _told(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    desk = await open_desk(request)
    page = desk.page("fault.html", status=status, shown=status, detail=detail)
    page.headers.update(headers or {})
    return page
