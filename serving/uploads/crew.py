"""The workers of a service: processes of their own, each started anew when it dies.

One looks at uploads and one scores them, so that a long file keeps nobody from seeing another.
"""

import logging
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from secrets import token_hex
from threading import Event, Thread
from typing import get_args

from serving.settings import Settings
from serving.store import jobs
from serving.store.engine import Store
from serving.store.errors import StoreAway
from serving.store.uploads import Kind
from serving.uploads import worker

PAUSE = 1.0  # seconds before a worker that died is started anew
GRACE = 10.0  # seconds for a worker to end what it has in hand

logger = logging.getLogger(__name__)


@contextmanager
def working(settings: Settings, store: Store) -> Iterator[None]:
    """Workers until the end of the block."""
    over = Event()
    threads = [Thread(target=_keep, args=(kind, settings, store, over)) for kind in get_args(Kind)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@dataclass(frozen=True, slots=True)
class _Worker:
    process: SpawnProcess
    owner: str


def _keep(kind: Kind, settings: Settings, store: Store, over: Event) -> None:
    """Keep one worker of a kind alive until `over`."""
    while not over.is_set():
        try:
            one = _start(kind, settings)
        except OSError as error:  # there is no room for a process just now
            logger.error("No worker can be started: %s", error)
            over.wait(PAUSE)
            continue
        while not over.wait(PAUSE) and one.process.is_alive():
            pass
        _end(one)
        with suppress(StoreAway):  # else the lease runs out
            jobs.leave(store, one.owner)


def _start(kind: Kind, settings: Settings) -> _Worker:
    owner = f"{socket.gethostname()}/{kind}/{token_hex(4)}"
    # Not forked: the threads and locks of the service stay out of it.
    process = multiprocessing.get_context("spawn").Process(
        target=worker.main, args=(kind, owner, settings), name=f"lurewatch {kind}"
    )
    process.start()
    return _Worker(process, owner)


def _end(one: _Worker) -> None:
    one.process.terminate()
    one.process.join(GRACE)
    one.process.kill()
    one.process.join()
