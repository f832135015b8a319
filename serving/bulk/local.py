"""Workers on this machine: processes, each rebuilt when it is killed."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from multiprocessing.process import BaseProcess

from serving.bulk.engine import Call, Ended
from serving.bulk.job import Task

Running = dict["Future[object]", tuple[int, Task]]


class LocalPool:
    """`size` slots of one process each, so that a death is laid to the unit that it met."""

    def __init__(self, size: int) -> None:
        self._slots: list[ProcessPoolExecutor | None] = [None] * size
        self._running: Running = {}

    def free(self) -> bool:
        """Whether a slot has nothing to do."""
        return len(self._running) < len(self._slots)

    def submit(self, task: Task, call: Call, *arguments: object) -> None:
        """Begin `call(task, *arguments)` in a free slot."""
        busy = {slot for slot, _ in self._running.values()}
        slot = next(slot for slot in range(len(self._slots)) if slot not in busy)
        try:
            future = self._executor(slot).submit(call, task, *arguments)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            self._slots[slot] = None
            future = self._executor(slot).submit(call, task, *arguments)
        self._running[future] = slot, task

    def wait(self) -> list[Ended]:
        """Wait for some calls to end; none if nothing runs."""
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        return [self._end(future) for future in done]

    def close(self) -> None:
        """End all processes, at once if a call still runs."""
        if self._running:
            for process in self.processes():
                process.kill()
        for executor in filter(None, self._slots):
            executor.shutdown(cancel_futures=True)

    def processes(self) -> list[BaseProcess]:
        """The processes that there are now."""
        # In Python 3.14 this has a public name, kill_workers; in 3.11 it has none.
        made = (executor._processes or {} for executor in filter(None, self._slots))
        return [process for each in made for process in each.values()]

    def _end(self, future: "Future[object]") -> Ended:
        slot, task = self._running.pop(future)
        try:
            return Ended(task, future.result())
        except BrokenProcessPool:
            self._slots[slot] = None
            return Ended(task, killed=1)

    def _executor(self, slot: int) -> ProcessPoolExecutor:
        executor = self._slots[slot]
        if executor is None:
            executor = ProcessPoolExecutor(1, mp_context=_context(), initializer=_begin)
            self._slots[slot] = executor
        return executor


class Here:
    """No process but this one: for a run that is over before others would have started."""

    def __init__(self) -> None:
        self._ended: list[Ended] = []

    def free(self) -> bool:
        """Whether the last call has been told of."""
        return not self._ended

    def submit(self, task: Task, call: Call, *arguments: object) -> None:
        """Do `call(task, *arguments)`."""
        self._ended.append(Ended(task, call(task, *arguments)))

    def wait(self) -> list[Ended]:
        """The call that has ended, if there was one."""
        ended, self._ended = self._ended, []
        return ended


@contextmanager
def local_pool(size: int) -> Iterator[LocalPool]:
    """A pool of processes that end with the context."""
    pool = LocalPool(size)
    try:
        yield pool
    finally:
        pool.close()


def _context() -> multiprocessing.context.BaseContext:
    """Processes forked from one that has imported everything and has no threads."""
    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    context.set_forkserver_preload(["serving.bulk.job"])
    return context


def _begin() -> None:
    # Ctrl+C reaches the whole group: the parent lets the units end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this process when its parent ends, even if that is killed; to be run as a thread."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
