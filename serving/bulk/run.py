"""A whole run: find, cut, score, join, count, tidy."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from operator import attrgetter

from model.errors import LurewatchError
from model.workspace import cores
from serving.bulk import job, lock, manifest, plan, target
from serving.bulk.cluster import dask_pool
from serving.bulk.engine import Pool, Work, drive
from serving.bulk.errors import Stopped
from serving.bulk.finish import Ending, finish
from serving.bulk.folder import Folder
from serving.bulk.job import Job, Task
from serving.bulk.local import Here, local_pool
from serving.bulk.plan import Plan
from serving.bulk.progress import Watch
from serving.bulk.request import STDIO, Request
from serving.bulk.tally import Done, Tally

Score = Callable[[Job, Task], Done]
Finish = Callable[[Request, Job, Folder], AbstractContextManager[Ending]]


def run(
    request: Request,
    watch: Watch,
    *,
    stopped: Callable[[], bool] = lambda: False,
    score: Score = job.score,
    finish: Finish = finish,
) -> Tally:
    """Score all that is asked for, or go on with it, and count the rows.

    What is done so far lies in `<output>.work`, until all is. `score` does a unit, in a process of
    its own, and `finish` puts the units together. Raises `Stopped` once `stopped()`, and the
    errors of `serving.bulk.errors`.
    """
    target.check(request)
    with target.working(request) as work, lock.hold(work, request.output):
        _tidy(request, work)
        try:
            made = plan.make(request, work, watch)
        except BaseException:
            if manifest.NAME not in work.names():  # nothing has begun
                work.clear()
            raise
        try:
            with finish(request, made.job, work) as ending:
                so_far = _score(request, made, watch, stopped, score, ending)
                outputs = ending.end(sorted(so_far.done, key=attrgetter("index")), watch)
        except (LurewatchError, OSError) as error:
            if request.output != STDIO and not isinstance(error, Stopped):
                watch.note(f"What is done lies in {work.url}: run the same again to go on.")
            raise
        finally:
            work.sweep()
        work.clear()
    watch.end(so_far.tally, outputs)
    return so_far.tally


def _tidy(request: Request, work: Folder) -> None:
    work.sweep()
    if request.restart:
        for name in work.names():
            if name != lock.NAME:
                work.remove(name)


@dataclass(slots=True)
class _SoFar:
    """What is done, by this run and by an earlier one."""

    whole: int
    ending: Ending
    weight: int = 0
    tally: Tally = field(default_factory=Tally)
    done: list[Done] = field(default_factory=list)

    @property
    def share(self) -> float:
        return min(self.weight / max(self.whole, 1), 1.0)

    def add(self, done: Done) -> None:
        self.weight += done.weight
        self.tally += done.tally
        self.done.append(done)
        self.ending.add(done)


def _score(
    request: Request,
    made: Plan,
    watch: Watch,
    stopped: Callable[[], bool],
    score: Score,
    ending: Ending,
) -> _SoFar:
    """The records of all units, once they are all done."""
    so_far = _SoFar(made.weight, ending)
    tasks = _undone(made, so_far)
    few = list(islice(tasks, 2))
    watch.begin(so_far.tally)
    with _pool(request, made, few) as (pool, shaped):
        work = Work(partial(score, shaped), partial(job.probe, shaped), job.count)
        for done in drive(pool, work, chain(few, tasks), stopped=stopped):
            so_far.add(done)
            watch.tick(so_far.tally, so_far.share)
    if stopped():
        kept = f"what is done lies in {request.output}{target.WORK}."
        way = "Nothing is kept." if request.output == STDIO else f"Run it again to go on: {kept}"
        raise Stopped(f"Stopped after {so_far.tally.rows:,} rows. {way}")
    return so_far


def _undone(made: Plan, so_far: _SoFar) -> Iterator[Task]:
    """The units that no earlier run has done; those done are added up."""
    before = {each.index: each for each in made.done}
    for task in made.tasks():
        done = before.get(task.index)
        unit = task.unit
        if done and (done.source, done.start, done.end) == (unit.source.url, unit.start, unit.end):
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
