"""Join the parts of a run, in their order, on a thread of its own while others are still scored.

One file is written by one processor: done at the end, that would keep all others waiting.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from serving.bulk import write
from serving.bulk.errors import BadFile
from serving.bulk.folder import Folder
from serving.bulk.job import PART, RECORD, digest
from serving.bulk.output import Output
from serving.bulk.tally import Done

WHOLE = "output"


class Joining:
    """The parts in `work`, joined to its file `WHOLE` on `thread`. Units may end in any order."""

    def __init__(self, work: Folder, output: Output, thread: ThreadPoolExecutor) -> None:
        self._work = work
        self._output = output
        self._early: dict[int, Done] = {}  # those that wait for others before them
        self._next = 0
        self._ready: SimpleQueue[Done | None] = SimpleQueue()
        self._dropped = False
        self._joined = thread.submit(self._join)

    def add(self, done: Done) -> None:
        """Join a unit's part when its turn comes. Raises what went wrong with one before."""
        self._early[done.index] = done
        while self._next in self._early:
            self._ready.put(self._early.pop(self._next))
            self._next += 1
        if self._joined.done():
            self._joined.result()

    def end(self) -> list[str]:
        """Wait until all is joined; returns what is to be said aloud. Raises what went wrong."""
        self._ready.put(None)
        return self._joined.result()

    def drop(self) -> None:
        """Leave nothing of what is joined, unless all is."""
        self._dropped = True
        self._ready.put(None)

    def _join(self) -> list[str]:
        with self._work.publishing(WHOLE) as path, path.open("wb") as out:
            return write.join(self._parts(), out, self._output)

    def _parts(self) -> Iterator[Path]:
        """The parts as local files, each only until the next is asked for."""
        while (done := self._ready.get()) is not None and not self._dropped:
            with self._work.fetching(done.name + PART) as path:
                if not path.exists() or digest(path) != done.sha256:
                    self._work.remove(done.name + RECORD)
                    place = self._work.path(done.name + PART)
                    raise BadFile(f"{place} is damaged. Run again to renew it.")
                yield path
        if self._dropped:
            raise _Dropped


class _Dropped(Exception):
    """Nobody wants the output any more."""


@contextmanager
def joining(work: Folder, output: Output) -> Iterator[Joining]:
    """Parts may be added until the context ends."""
    with ThreadPoolExecutor(1) as thread:
        made = Joining(work, output, thread)
        try:
            yield made
        finally:
            made.drop()
