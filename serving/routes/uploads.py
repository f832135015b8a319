"""Take files in, have them scored, give back what came of them."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from serving import bodies
from serving.answers import answer, answers
from serving.bulk.sources import Form
from serving.deps import ShelfDep, StartDep, StoreDep
from serving.kept import NO_NUL
from serving.limits import PROBLEMS
from serving.problems import documented
from serving.store import jobs, uploads
from serving.store.errors import StillBusy
from serving.store.values import MAX_NAME
from serving.uploads import manage
from serving.uploads.download import MEDIA, download
from serving.uploads.receive import receive
from serving.uploads.schemas import ColumnsOut, DeletedOut, StartIn, UploadOut, UploadsOut, told
from serving.who import KeyDep

router = APIRouter(prefix="/uploads", tags=["uploads"])

MAX_PAGE = 200

_Name = Annotated[str, Query(max_length=MAX_NAME, pattern=NO_NUL, description="What to call it.")]
_FormIs = Annotated[
    Form | None, Query(alias="format", description="Its format, if the name does not tell it.")
]
_BINARY = {"type": "string", "format": "binary"}
_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {**_BINARY, "minLength": 1}}},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {media: {"schema": _BINARY} for media in MEDIA.values()},
    },
    **documented(404, 500, 503),
}


@router.post("", responses=answers(UploadOut, 400, 408, 413, 422, 507), openapi_extra=_BYTES)
async def upload(
    request: Request,
    store: StoreDep,
    shelf: ShelfDep,
    caller: KeyDep,
    name: _Name,
    form: _FormIs = None,
) -> Response:
    """Take a file in; the body is its bytes. A worker then looks at it."""
    pieces = request.stream()
    return answer(told(await receive(shelf, store, pieces, name=name, form=form, by=caller.name)))


@router.get("", responses=answers(UploadsOut, 422))
def list_uploads(
    store: StoreDep,
    *,
    after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many at most.")] = 50,
) -> Response:
    """List uploads, the newest first."""
    found = uploads.page(store, after=after, limit=limit)
    following = found[-1].id if len(found) == limit else None
    return answer({"uploads": [told(each) for each in found], "next": following})


@router.get("/{id}", responses=answers(UploadOut, 404))
def get_upload(id: str, store: StoreDep) -> Response:
    """Tell how far an upload is."""
    return answer(told(uploads.get(store, id)))


@router.get("/{id}/columns", responses=answers(ColumnsOut, 404, 409, 422))
def get_columns(id: str, store: StoreDep) -> Response:
    """Tell its columns, the likely ones of the text, and its first rows."""
    found = uploads.get(store, id)
    if found.status == "looking":
        raise StillBusy(f"The upload {id} is being looked at. Ask again in a moment.")
    if found.seen is None:
        raise jobs.unseen(found)
    return answer(asdict(found.seen))


@router.post(
    "/{id}/start",
    responses=answers(UploadOut, 404, 409, *PROBLEMS),
    openapi_extra=bodies.takes(StartIn),
)
def start(id: str, wanted: StartDep, store: StoreDep, shelf: ShelfDep, caller: KeyDep) -> Response:
    """Have an upload scored: into the queue, or back as a file."""
    ask = wanted.to_ask(uploads.get(store, id))
    return answer(told(manage.start(store, shelf, id, ask, by=caller.name)))


@router.post("/{id}/cancel", responses=answers(UploadOut, 404))
def cancel(id: str, store: StoreDep, caller: KeyDep) -> Response:
    """Stop the work on an upload. What has reached the queue stays there."""
    return answer(told(jobs.cancel(store, id, by=caller.name)))


@router.get("/{id}/result", response_class=FileResponse, responses=_FILE)
def get_result(id: str, store: StoreDep, shelf: ShelfDep, caller: KeyDep) -> Response:
    """Give back the file with the scores."""
    return download(store, shelf, id, "result", by=caller.name)


@router.get("/{id}/rejects", response_class=FileResponse, responses=_FILE)
def get_rejects(id: str, store: StoreDep, shelf: ShelfDep, caller: KeyDep) -> Response:
    """Give the rows that could not be read, each with the reason, as JSON lines."""
    return download(store, shelf, id, "rejects", by=caller.name)


@router.delete("/{id}", responses=answers(DeletedOut, 404, 409))
def delete(id: str, store: StoreDep, shelf: ShelfDep, caller: KeyDep) -> Response:
    """Delete an upload with its files. What has reached the queue stays there."""
    manage.delete(store, shelf, id, by=caller.name)
    return answer({"deleted": id})
