"""Hold a job for as long as a block lasts, and learn whether it is to be left."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from serving.store import jobs
from serving.store.engine import Store
from serving.store.errors import StoreAway
from serving.store.uploads import Upload
from serving.uploads.gauge import Gauge

BEAT = 1.0  # seconds between two renewals: some of them may fail before the lease ends


@contextmanager
def hold(store: Store, upload: Upload, gauge: Gauge) -> Iterator[Event]:
    """Renew the lease from a thread; the event is set once the job is cancelled or taken away.

    While the database is away nobody else can take the job, so the work goes on.
    """
    lost, over = Event(), Event()
    thread = Thread(target=_beat, args=(store, upload, gauge, lost, over), daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        over.set()
        thread.join()


def _beat(store: Store, upload: Upload, gauge: Gauge, lost: Event, over: Event) -> None:
    assert upload.owner
    rows = 0
    while not over.wait(BEAT) and not lost.is_set():
        progress = gauge.progress
        try:
            held = jobs.renew(store, upload.id, upload.owner, progress, moved=progress.rows > rows)
        except StoreAway:
            continue
        rows = progress.rows
        if not held:
            lost.set()
