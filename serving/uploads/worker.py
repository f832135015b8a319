"""A process that takes up jobs of one kind, one after the other, until it is told to end."""

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic, sleep
from traceback import format_tb

from model.errors import LurewatchError
from serving.bulk.errors import Busy, Stopped
from serving.bulk.local import end_with_parent
from serving.console import visible
from serving.settings import Settings
from serving.store import engine, jobs
from serving.store.engine import Store
from serving.store.errors import BadStore, StoreAway
from serving.store.uploads import Kind, Seen, State, Upload
from serving.uploads.gauge import Gauge
from serving.uploads.hold import hold
from serving.uploads.look import look
from serving.uploads.score import score
from serving.uploads.shelf import Shelf

IDLE = 0.5  # seconds between two looks for a job, or two tries
NICE = 5  # whoever asks for a score goes first
FAULT = "Something went wrong in the service; it is in its log."

logger = logging.getLogger(__name__)


def main(kind: Kind, owner: str, settings: Settings) -> None:
    """Work as `owner` until SIGTERM, or until the process that started this one has ended."""
    ended = Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the parent, which sends SIGTERM
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    Thread(target=end_with_parent, daemon=True).start()
    os.nice(NICE)
    try:
        store = engine.open(settings.database)
    except BadStore as error:
        logger.error("No upload can be worked on: %s", error)
        return
    work(kind, owner, settings, store, ended)
    store.close()


def work(kind: Kind, owner: str, settings: Settings, store: Store, ended: Event) -> None:
    """Take up jobs until `ended`; what is not done by then is left for others."""
    while not ended.is_set():
        upload = _claim(store, kind, owner)
        if upload is None:
            ended.wait(IDLE)
            continue
        gauge = Gauge(monotonic)
        with hold(store, upload, gauge) as lost:
            stopped = _any(ended, lost)
            outcome = _outcome(upload, settings, gauge, stopped)
        _tell(store, upload, outcome, gauge, ended)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a job has come to its end."""

    state: State = "done"
    seen: Seen | None = None
    error: str | None = None


def _claim(store: Store, kind: Kind, owner: str) -> Upload | None:
    try:
        return jobs.claim(store, kind, owner)
    except StoreAway:
        return None


def _outcome(
    upload: Upload, settings: Settings, gauge: Gauge, stopped: Callable[[], bool]
) -> _Outcome | None:
    """Do a job; None if it was stopped before its end."""
    while not stopped():
        try:
            return _do(upload, settings, gauge, stopped)
        except (StoreAway, BadStore, Busy):
            # The database is away, or a process of a worker that was killed has yet to end.
            sleep(IDLE)
        except Stopped:
            return None
        except (LurewatchError, OSError) as error:
            return _Outcome("failed", error=visible(str(error)))
        except Exception as error:  # its message may hold the text of an ad
            where = "".join(format_tb(error.__traceback__))
            logger.error("Upload %s raised %s\n%s", upload.id, type(error).__name__, where)
            return _Outcome("failed", error=FAULT)
    return None


def _do(upload: Upload, settings: Settings, gauge: Gauge, stopped: Callable[[], bool]) -> _Outcome:
    if upload.kind == "score":
        score(upload, settings, gauge, stopped=stopped)
        return _Outcome()
    shelf = Shelf(settings.data)
    return _Outcome(seen=look(shelf.source(upload), shelf.folder(upload.id)))


def _tell(
    store: Store, upload: Upload, outcome: _Outcome | None, gauge: Gauge, ended: Event
) -> None:
    """Let the store know, once it answers; else the lease runs out, and the work is done again."""
    assert upload.owner
    while True:
        try:
            if outcome is None:
                jobs.leave(store, upload.owner)
            else:
                jobs.end(
                    store,
                    upload.id,
                    upload.owner,
                    outcome.state,
                    gauge.progress,
                    seen=outcome.seen,
                    error=outcome.error,
                )
        except StoreAway:
            if not ended.wait(IDLE):
                continue
        return


def _any(*events: Event) -> Callable[[], bool]:
    return lambda: any(event.is_set() for event in events)
