"""What routes need, by name. All are `async` because a plain one costs a change of thread."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from model.scorer import Scorer
from serving.figures import Figures
from serving.kept import KeepBatchIn, VerdictIn
from serving.keys import Keys
from serving.limits import JsonBody
from serving.schemas import AdIn, BatchIn
from serving.store.engine import Store
from serving.uploads.schemas import StartIn
from serving.uploads.shelf import Shelf
from serving.vouched import VouchIn

_bearer = HTTPBearer(auto_error=False, description="A key from LUREWATCH_KEYS.")
_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="The same key, in a header of its own."
)


async def find_scorer(request: Request) -> Scorer:
    """The scorer that the app was made with."""
    scorer: Scorer = request.app.state.scorer
    return scorer


async def find_store(request: Request) -> Store:
    """The store that the app was made with; only routes of an app that has one ask."""
    store: Store = request.app.state.store
    return store


async def find_shelf(request: Request) -> Shelf:
    """Where the files of uploads lie, in an app that has a store."""
    shelf: Shelf = request.app.state.shelf
    return shelf


async def find_figures(request: Request) -> Figures:
    """The figures that the app counts."""
    figures: Figures = request.app.state.figures
    return figures


async def need_key(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> None:
    """Refuse a request that brings none of the keys that the app was made with."""
    keys: Keys = request.app.state.keys
    offered = [bearer.credentials if bearer else "", header or ""]
    place = next((found for key in offered if (found := keys.place(key))), None)
    if place is None:
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="lurewatch"'})
    request.state.caller = f"key {place}"


ScorerDep = Annotated[Scorer, Depends(find_scorer)]
FiguresDep = Annotated[Figures, Depends(find_figures)]
StoreDep = Annotated[Store, Depends(find_store)]
ShelfDep = Annotated[Shelf, Depends(find_shelf)]
AdDep = Annotated[AdIn, Depends(JsonBody(AdIn))]
KeepDep = Annotated[KeepBatchIn, Depends(JsonBody(KeepBatchIn))]
VerdictDep = Annotated[VerdictIn, Depends(JsonBody(VerdictIn))]
VouchDep = Annotated[VouchIn, Depends(JsonBody(VouchIn))]
BatchDep = Annotated[BatchIn, Depends(JsonBody(BatchIn))]
StartDep = Annotated[StartIn, Depends(JsonBody(StartIn))]
