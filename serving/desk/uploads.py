"""Uploads: a file in, its columns chosen, its ads in the queue or back as a file."""

from collections.abc import Mapping
from typing import Annotated, cast, get_args

from fastapi import APIRouter, Depends, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from model.score import BANDS
from serving.answers import answer
from serving.deps import ShelfDep, StoreDep
from serving.desk.faults import PageRoute
from serving.desk.forms import Form, FormDep, read_form
from serving.desk.pages import Desk, DeskDep
from serving.desk.sent import read_sent
from serving.store import jobs, uploads
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.uploads import Ask, Target, Upload
from serving.store.values import MAX_NAME
from serving.uploads import manage
from serving.uploads.download import What, download
from serving.uploads.receive import MAX_FILE, receive
from serving.who import PersonDep

router = APIRouter(prefix="/uploads", route_class=PageRoute)

LENGTH = 50
WIDTH = 40  # columns that are shown

Id = Annotated[str, Path(max_length=64)]


@router.get("")
def show_all(desk: DeskDep, store: StoreDep, after: str | None = None) -> Response:
    """The uploads, the newest first, and the form for another."""
    return _list(desk, store, after=after)


@router.post("")
async def send(
    request: Request, desk: DeskDep, store: StoreDep, shelf: ShelfDep, caller: PersonDep
) -> Response:
    """Take a file in, and show it."""
    try:
        sent = await read_sent(request)
        made = await receive(shelf, store, sent.pieces, name=sent.name, by=caller.name)
    except BadQuestion as error:
        return await run_in_threadpool(_list, desk, store, fault=error)
    return RedirectResponse(f"/uploads/{made.id}", 303)


@router.get("/{id}")
def show(id: Id, desk: DeskDep, store: StoreDep) -> Response:
    """One upload: its columns to choose from, or how far it is."""
    return _page(desk, uploads.get(store, id))


@router.get("/{id}/progress")
def progress(id: Id, desk: DeskDep, store: StoreDep) -> Response:
    """How far it is, in the words of the page, for its script."""
    upload = uploads.get(store, id)
    figures = {name: desk.tongue.number(each) for name, each in _figures(upload).items()}
    return answer(
        {
            "status": upload.status,
            "busy": upload.busy,
            "share": upload.progress.share,
            "figures": {**figures, "share": _share(desk, upload)},
        }
    )


@router.post("/{id}/start")
def start(
    id: Id, desk: DeskDep, form: FormDep, store: StoreDep, shelf: ShelfDep, caller: PersonDep
) -> Response:
    """Have it scored as the form says."""
    upload = uploads.get(store, id)
    try:
        manage.start(store, shelf, id, _ask(form), by=caller.name)
    except BadQuestion as error:
        return _page(desk, upload, fault=error)
    return RedirectResponse(f"/uploads/{id}", 303)


@router.post("/{id}/cancel", dependencies=[Depends(read_form)])
def cancel(id: Id, store: StoreDep, caller: PersonDep) -> Response:
    """Stop the work on it."""
    jobs.cancel(store, id, by=caller.name)
    return RedirectResponse(f"/uploads/{id}", 303)


@router.post("/{id}/delete", dependencies=[Depends(read_form)])
def delete(id: Id, store: StoreDep, shelf: ShelfDep, caller: PersonDep) -> Response:
    """Delete it with its files, and show the others."""
    manage.delete(store, shelf, id, by=caller.name)
    return RedirectResponse("/uploads", 303)


@router.get("/{id}/{what}")
def take(id: Id, what: What, store: StoreDep, shelf: ShelfDep, caller: PersonDep) -> Response:
    """Give back the result, or the rejects."""
    return download(store, shelf, id, what, by=caller.name)


def _list(
    desk: Desk, store: Store, *, after: str | None = None, fault: BadQuestion | None = None
) -> Response:
    found = uploads.page(store, after=after, limit=LENGTH)
    return desk.page(
        "uploads.html",
        status=422 if fault else 200,
        uploads=found,
        next=found[-1].id if len(found) == LENGTH else None,
        most=MAX_FILE,
        fault=fault,
    )


def _page(desk: Desk, upload: Upload, *, fault: BadQuestion | None = None) -> Response:
    return desk.page(
        "upload.html",
        status=422 if fault else 200,
        upload=upload,
        draft=upload.ask or _draft(upload),
        figures=_figures(upload),
        share=_share(desk, upload),
        width=WIDTH,
        longest=MAX_NAME,
        fault=fault,
    )


def _figures(upload: Upload) -> Mapping[str, float]:
    """The counts that the page shows, by name."""
    so_far = upload.progress
    bands = {str(band): so_far.bands.get(band, 0) for band in reversed(BANDS)}
    lost = {"failed": so_far.failed, "rejects": so_far.rejects}
    return {"rows": so_far.rows, **bands, **lost, "rate": so_far.rate}


def _share(desk: Desk, upload: Upload) -> str:
    """How much is done, in tens, so that a screen reader does not say it all the time."""
    return desk.tongue.number(int(upload.progress.share * 10) / 10, "0%")


def _draft(upload: Upload) -> Ask:
    """The form as it is opened first."""
    guess = upload.seen.guess if upload.seen else ()
    return Ask(text=guess, to="queue", source=upload.name)


def _ask(form: Form) -> Ask:
    """What the form asks for; raises `BadQuestion`."""
    to = form.one("form") if form.one("to") == "file" else form.one("to")
    if to not in get_args(Target):
        raise BadQuestion(f"The ads cannot go to {to[:40]!r}. Choose where they go.")
    return Ask(
        text=form.all("text"),
        to=cast("Target", to),
        source=form.one("source").strip(),
        id=form.one("id") or None,
        language=form.one("language") or None,
    )
