"""What routes need, by name. All are `async` because a plain one costs a change of thread."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer

from model.scorer import Scorer
from serving.figures import Figures
from serving.grouped import AssignIn, MergeIn, MomentIn, SplitIn, VerdictForAllIn
from serving.kept import KeepBatchIn, VerdictIn
from serving.known import Known
from serving.limits import JsonBody
from serving.pace import Pace
from serving.schemas import AdIn, BatchIn
from serving.store.engine import Store
from serving.uploads.schemas import StartIn
from serving.uploads.shelf import Shelf
from serving.vouched import VouchIn

#: What the document says of keys; `who` reads them.
BEARER = HTTPBearer(auto_error=False, description="A key of the service.")
HEADER = APIKeyHeader(
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


async def find_known(request: Request) -> Known:
    """What the app knows of who holds which secret."""
    known: Known = request.app.state.known
    return known


async def find_pace(request: Request) -> Pace:
    """How often somebody may try."""
    pace: Pace = request.app.state.pace
    return pace


async def find_figures(request: Request) -> Figures:
    """The figures that the app counts."""
    figures: Figures = request.app.state.figures
    return figures


ScorerDep = Annotated[Scorer, Depends(find_scorer)]
FiguresDep = Annotated[Figures, Depends(find_figures)]
KnownDep = Annotated[Known, Depends(find_known)]
PaceDep = Annotated[Pace, Depends(find_pace)]
StoreDep = Annotated[Store, Depends(find_store)]
ShelfDep = Annotated[Shelf, Depends(find_shelf)]
AdDep = Annotated[AdIn, Depends(JsonBody(AdIn))]
KeepDep = Annotated[KeepBatchIn, Depends(JsonBody(KeepBatchIn))]
VerdictDep = Annotated[VerdictIn, Depends(JsonBody(VerdictIn))]
VerdictForAllDep = Annotated[VerdictForAllIn, Depends(JsonBody(VerdictForAllIn))]
MomentDep = Annotated[MomentIn, Depends(JsonBody(MomentIn))]
MergeDep = Annotated[MergeIn, Depends(JsonBody(MergeIn))]
SplitDep = Annotated[SplitIn, Depends(JsonBody(SplitIn))]
AssignDep = Annotated[AssignIn, Depends(JsonBody(AssignIn))]
VouchDep = Annotated[VouchIn, Depends(JsonBody(VouchIn))]
BatchDep = Annotated[BatchIn, Depends(JsonBody(BatchIn))]
StartDep = Annotated[StartIn, Depends(JsonBody(StartIn))]
