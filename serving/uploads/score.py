"""Score an upload by a bulk run: into the queue, or into a file beside it."""

from collections.abc import Callable
from functools import partial

from model.workspace import cores
from serving.bulk import finish, run
from serving.bulk.errors import Changed
from serving.bulk.progress import Watch
from serving.bulk.request import Request
from serving.settings import Settings
from serving.store.uploads import Ask, Upload
from serving.uploads import fill
from serving.uploads.fill import Queue
from serving.uploads.shelf import Shelf

ROWS = 1_000  # of a unit: as many are done again after a kill


def score(upload: Upload, settings: Settings, watch: Watch, *, stopped: Callable[[], bool]) -> None:
    """Do what is asked for with an upload, or go on with it. Raises what `bulk.run` raises.

    If the model was changed since it was begun, it begins anew.
    """
    assert upload.ask
    try:
        _run(_request(upload, upload.ask, settings), upload.ask, settings, watch, stopped)
    except Changed:
        anew = _request(upload, upload.ask, settings, restart=True)
        _run(anew, upload.ask, settings, watch, stopped)


def _request(upload: Upload, ask: Ask, settings: Settings, *, restart: bool = False) -> Request:
    shelf = Shelf(settings.data)
    return Request(
        places=(shelf.source(upload).url,),
        output=str(shelf.output(upload.id, ask.to)),
        model=str(settings.model),
        form=upload.form,
        text=ask.text,
        id=ask.id,
        language=ask.language,
        processes=max(1, cores() - 1),  # one is left to whoever asks for a score
        restart=restart,
        rows=ROWS,
        name=upload.name,
    )


def _run(
    request: Request, ask: Ask, settings: Settings, watch: Watch, stopped: Callable[[], bool]
) -> None:
    if ask.to == "queue":
        queue = Queue(database=settings.database, source=ask.source)
        run.run(
            request,
            watch,
            stopped=stopped,
            score=partial(fill.score, queue),
            finish=finish.rejects_alone,
        )
    else:
        run.run(request, watch, stopped=stopped)
