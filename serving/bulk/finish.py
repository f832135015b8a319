"""From the parts of a run to its output, rejects and report, with every row accounted for."""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from serving.bulk import folder, report, target
from serving.bulk.errors import Lost
from serving.bulk.finds import Finds
from serving.bulk.folder import Folder
from serving.bulk.job import FINDS, REJECTS, Job
from serving.bulk.joining import WHOLE, Joining, joining
from serving.bulk.progress import Watch
from serving.bulk.request import STDIO, Request
from serving.bulk.tally import Done, total


class Ending(Protocol):
    """How a run ends: each unit is added as it is done, and `end` puts them together."""

    def add(self, done: Done) -> None:
        """Take note of a unit; raises `BadFile` for one that is damaged."""

    def end(self, done: Sequence[Done], watch: Watch) -> dict[str, str]:
        """Write what is to be written of all units, in order; what was written, and where."""


@contextmanager
def finish(request: Request, job: Job, work: Folder) -> Iterator[Ending]:
    """Write output, rejects and report.

    Raises `Lost` unless rows in are rows out and rejects, and `BadFile` for a part that is damaged.
    """
    with joining(work, job.output) as joined:
        yield _Files(request, job, work, joined)


@contextmanager
def rejects_alone(request: Request, _: Job, work: Folder) -> Iterator[Ending]:
    """Write the rejects and nothing else; the scores are where the units have put them."""
    yield _Rejects(request, work)


@dataclass(frozen=True, slots=True)
class _Rejects:
    request: Request
    work: Folder

    def add(self, done: Done) -> None:
        pass

    def end(self, done: Sequence[Done], watch: Watch) -> dict[str, str]:
        del watch
        return _rejects(self.request, self.work, done)


@dataclass(frozen=True, slots=True)
class _Files:
    request: Request
    job: Job
    work: Folder
    joined: Joining

    def add(self, done: Done) -> None:
        self.joined.add(done)

    def end(self, done: Sequence[Done], watch: Watch) -> dict[str, str]:
        request = self.request
        lost = _rejects(request, self.work, done)
        notes = self.joined.end()
        outputs = {"output": self._deliver(), **lost}
        for note in notes:
            watch.note(note)
        if request.report:
            tally, finds = total(each.tally for each in done), _finds(self.work, done)
            report.write(request.report, self.job, tally, finds, masked=not request.contacts)
            outputs["report"] = request.report
        return outputs

    def _deliver(self) -> str:
        if self.request.output == STDIO:
            with (
                self.work.fetching(WHOLE) as path,
                path.open("rb") as whole,
                folder.naming("Standard output", "written"),
            ):
                shutil.copyfileobj(whole, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            return "standard output"
        self.work.deliver(WHOLE, self.request.output)
        return self.request.output


def _rejects(request: Request, work: Folder, done: Sequence[Done]) -> dict[str, str]:
    """Write the rejects, if there are any, and hold rows in against rows out; raises `Lost`."""
    tally, lines = total(each.tally for each in done), 0
    with work.publishing("rejects") as path, path.open("wb") as out:
        for each in done:
            if each.tally.rejects:
                raw = work.read(each.name + REJECTS)
                lines += raw.count(b"\n")
                out.write(raw)
    if tally.rows != tally.written + lines:
        raise Lost(
            f"{tally.rows:,} rows went in, but {tally.written:,} rows and {lines:,} rejects came "
            "out. This is a fault of Lurewatch: please report it."
        )
    place = target.rejects(request)
    if lines:
        work.deliver("rejects", place)
        return {"rejects": place}
    if request.output != STDIO:
        here, name = folder.split(place)
        here.remove(name)  # what an earlier run has left would tell of other rows
    return {}


def _finds(work: Folder, done: Sequence[Done]) -> Finds:
    """What all units have found for the report."""
    found = Finds()
    for each in done:
        found.merge(json.loads(work.read(each.name + FINDS)))
    return found
