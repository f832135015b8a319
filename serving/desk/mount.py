"""Put the desk into the service."""

from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI
from starlette.staticfiles import StaticFiles

from serving.desk import about, ad, allowed, check, queue, tongue, uploads
from serving.desk.guard import need_local
from serving.desk.pages import Press

STATIC = Path(__file__).with_name("static")


def mount(app: FastAPI) -> None:
    """Add the desk's pages to `app`, which holds the scorer."""
    app.state.press = Press.of(tongue.load())
    pages = APIRouter(dependencies=[Depends(need_local)], include_in_schema=False)
    routers = (check, queue, ad, uploads, allowed, about)
    for router in (each.router for each in routers):
        pages.include_router(router)
    app.include_router(pages)
    app.mount("/desk", StaticFiles(directory=STATIC))
