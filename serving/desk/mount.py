"""Put the desk into the service."""

from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI
from starlette.staticfiles import StaticFiles

from serving.desk import (
    about,
    account,
    ad,
    admin,
    allowed,
    campaigns,
    check,
    login,
    queue,
    tongue,
    uploads,
)
from serving.desk.pages import Press
from serving.who import by_session

STATIC = Path(__file__).with_name("static")


def mount(app: FastAPI) -> None:
    """Add the desk's pages to `app`, which holds the scorer."""
    app.state.press = Press.of(tongue.load())
    pages = APIRouter(dependencies=[Depends(by_session)], include_in_schema=False)
    routers = (check, queue, ad, campaigns, uploads, allowed, about, login, account, admin)
    for router in (each.router for each in routers):
        pages.include_router(router)
    app.include_router(pages)
    app.mount("/desk", StaticFiles(directory=STATIC))
