"""What is done with an upload in the store and on the disk together."""

from datetime import datetime, timedelta

from serving.store import jobs, uploads
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.errors import NotStored, StillBusy
from serving.store.uploads import Ask, Upload
from serving.uploads.shelf import Shelf

ARRIVING = timedelta(days=1)  # what came later than this may still be on its way in


def start(store: Store, shelf: Shelf, id: str, ask: Ask, *, by: str = LOCAL) -> Upload:
    """Have an upload scored; what came of it before is dropped. Raises as `jobs.start` does."""
    with store.write() as connection:
        upload = uploads.find(connection, id, lock=True)
        jobs.start(connection, upload, ask, store.clock(), by=by)
        shelf.clear(id)
        return uploads.find(connection, id)


def delete(store: Store, shelf: Shelf, id: str, *, by: str = LOCAL) -> None:
    """Delete an upload with its files; what reached the queue stays there.

    Raises `NotStored`, `StillBusy`.
    """
    with store.write() as connection:
        upload = uploads.find(connection, id, lock=True)
        uploads.remove(connection, upload, store.clock(), by=by)
        shelf.remove(id)


def purge(store: Store, shelf: Shelf, *, before: datetime, by: str = LOCAL) -> int:
    """Delete the uploads received before a time, but for those that are worked on; how many.

    Files that never became an upload, because the service was killed, go too.
    """
    gone = 0
    for id in uploads.over(store, before):
        try:
            delete(store, shelf, id, by=by)
        except (NotStored, StillBusy):  # somebody was faster
            continue
        gone += 1
    shelf.sweep(uploads.known(store), min(before, store.clock() - ARRIVING))
    return gone
