"""A whole run: find, cut, score, join, count, tidy."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from model.workspace import cores
from serving.bulk import folder, job, joining, manifest, plan, report, sources
from serving.bulk.cluster import dask_pool
from serving.bulk.engine import Pool, Work, drive
from serving.bulk.errors import BadFile, Stopped
from serving.bulk.folder import Folder
from serving.bulk.job import Job, Task
from serving.bulk.local import Here, local_pool
from serving.bulk.lock import NAME as LOCK
from serving.bulk.lock import lock
from serving.bulk.plan import Plan
from serving.bulk.progress import Watch
from serving.bulk.request import STDIO, Request
from serving.bulk.tally import Done, Tally

WORK, REJECTS = ".work", ".rejects.jsonl"


def run(request: Request, watch: Watch, *, stopped: Callable[[], bool] = lambda: False) -> Tally:
    """Score all that is asked for, or go on with it, and count the rows.

    What is done so far lies in `<output>.work`, until all is. Raises `Stopped` once `stopped()`,
    and the errors of `serving.bulk.errors`.
    """
    _check_target(request)
    with _working(request) as work, lock(work, request.output):
        if request.restart:
            for name in work.names():
                if name != LOCK:
                    work.remove(name)
        work.sweep()
        try:
            made = plan.make(request, work, watch)
        except BaseException:
            if manifest.NAME not in work.names():  # nothing has begun
                work.clear()
            raise
        so_far = _score(request, made, watch, stopped)
        outputs = _finish(request, made, so_far, work, watch)
        work.clear()
    watch.end(so_far.tally, outputs)
    return so_far.tally


@dataclass(slots=True)
class _SoFar:
    """The units met and those done."""

    units: int = 0
    weight: int = 0
    tally: Tally = field(default_factory=Tally)
    done: list[Done] = field(default_factory=list)

    def add(self, done: Done) -> None:
        self.weight += done.weight
        self.tally += done.tally
        self.done.append(done)


def _score(
    request: Request, made: Plan, watch: Watch, stopped: Callable[[], bool]
) -> _SoFar:
    """Score what an earlier run has not."""
    so_far = _SoFar()
    tasks = _undone(made, so_far)
    few = list(islice(tasks, 2))
    watch.begin(so_far.tally)
    with _pool(request, made, few) as (pool, job_):
        work = Work(*(partial(call, job_) for call in (job.score, job.probe)), job.count)
        for done in drive(pool, work, chain(few, tasks), stopped=stopped):
            so_far.add(done)
            watch.tick(so_far.tally, min(so_far.weight / max(made.weight, 1), 1.0))
    if stopped():
        raise Stopped(
            f"Stopped after {so_far.tally.rows:,} rows. Run the same again to go on: "
            f"what is done lies in {request.output}{WORK}."
        )
    return so_far


def _undone(made: Plan, so_far: _SoFar) -> Iterator[Task]:
    """The units that no earlier run has done; those done are added up."""
    before = {each.index: each for each in made.done}
    for task in made.tasks():
        so_far.units += 1
        done = before.get(task.index)
        if done and (done.start, done.end) == (task.unit.start, task.unit.end):
            so_far.add(done)
        else:
            yield task


@contextmanager
def _pool(request: Request, made: Plan, few: list[Task]) -> Iterator[tuple[Pool, Job]]:
    """Workers, and the job as they do it."""
    size = request.processes or cores()
    if request.dask:
        with dask_pool(request.dask, size) as pool:
            yield pool, made.job
    elif len(few) > 1 or made.resumed:
        # What may have ended an earlier run must not end this one: one unit gets a process too.
        with local_pool(size) as pool:
            yield pool, made.job
    else:
        yield Here(), replace(made.job, threads=size)


def _finish(
    request: Request, made: Plan, so_far: _SoFar, work: Folder, watch: Watch
) -> dict[str, str]:
    """Write output, rejects and report; where they are."""
    done = sorted(so_far.done, key=lambda each: each.index)
    with work.publishing("rejects") as path, path.open("wb") as out:
        rejects = joining.join_rejects(done, work, out)
    joining.check(done, so_far.units, rejects)
    outputs = {"output": _output(request, made.job, done, work, watch)}
    place = ("lurewatch" if request.output == STDIO else request.output) + REJECTS
    if rejects:
        work.deliver("rejects", place)
        outputs["rejects"] = place
    elif request.output != STDIO:
        here, name = folder.split(place)
        here.remove(name)  # what an earlier run has left would tell of other rows
    if request.report:
        report.write(request.report, made.job, so_far.tally, joining.finds(done, work), masked=not request.contacts)
        outputs["report"] = request.report
    return outputs


def _output(request: Request, job_: Job, done: list[Done], work: Folder, watch: Watch) -> str:
    to_screen = request.output == STDIO
    if to_screen:
        with folder.naming("Standard output", "written"):
            notes = joining.join(job_, done, work, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    else:
        with work.publishing("output") as path, path.open("wb") as out:
            notes = joining.join(job_, done, work, out)
        work.deliver("output", request.output)
    for note in notes:
        watch.note(note)
    return "standard output" if to_screen else request.output


@contextmanager
def _working(request: Request) -> Iterator[Folder]:
    """The folder for what is done so far."""
    if request.output == STDIO:
        with TemporaryDirectory(prefix="lurewatch-") as scratch:
            yield folder.folder(str(Path(scratch) / "work"))
    elif sources.is_remote(request.output):
        yield folder.folder(request.output + WORK)
    else:
        yield folder.folder(str(Path(request.output).resolve()) + WORK)


def _check_target(request: Request) -> None:
    """Refuse an output that cannot be, before anything is done."""
    for url in filter(None, (request.output, request.report)):
        if url == STDIO or sources.is_remote(url):
            continue
        target = Path(url)
        if target.exists() and not target.is_file():
            raise BadFile(f"{url} is not a file. Give the name of a file.")
        if not target.resolve().parent.is_dir():
            raise BadFile(f"{url} cannot be written: there is no folder {target.parent}.")
        for place in request.places:
            if target.exists() and Path(place).is_file() and target.samefile(place):
                raise BadFile(f"{url} is the input, and is not overwritten. Give another name.")
