"""Drive units through workers that may die: none is lost, and none is done twice.

A unit whose worker was killed is tried again. One that has seen its worker killed three times is
bisected until the rows that do it are known; they become rejects.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

from serving.bulk.errors import BadFile
from serving.bulk.job import Task
from serving.bulk.tally import Done

STRIKES = 3

Call = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that came to its end; `killed` says how many workers died of it without one."""

    task: Task
    value: Any = None
    killed: int = 0


class Pool(Protocol):
    """Workers that each do one call at a time."""

    def free(self) -> bool:
        """Whether another call is wanted."""

    def submit(self, task: Task, call: Call, *arguments: object) -> None:
        """Begin `call(task, *arguments)`."""

    def wait(self) -> list[Ended]:
        """Wait for some calls to end; none if nothing runs. Raises what a call has raised."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with a task: `score(task)`, `probe(task, first, last)` and `count(task)`."""

    score: Callable[[Task], Done]
    probe: Callable[[Task, int, int], bool]
    count: Callable[[Task], int]


def drive(
    pool: Pool, work: Work, tasks: Iterable[Task], *, stopped: Callable[[], bool]
) -> Iterator[Done]:
    """The records of all tasks as they end; once `stopped()`, only of those already begun."""
    suspects: list[Task] = []
    yield from _all(pool, work, iter(tasks), suspects, stopped)
    for task in suspects:
        if not stopped():
            yield _without_guilty(pool, work, task)


def _all(
    pool: Pool,
    work: Work,
    tasks: Iterator[Task],
    suspects: list[Task],
    stopped: Callable[[], bool],
) -> Iterator[Done]:
    ready: deque[Task] = deque()
    strikes: Counter[int] = Counter()
    while True:
        while pool.free() and not stopped():
            task = ready.popleft() if ready else next(tasks, None)
            if task is None:
                break
            pool.submit(task, work.score)
        if not ready:  # units are cut as they are asked for: now nobody waits for it
            ready.extend(islice(tasks, 1))
        ended = pool.wait()
        if not ended:
            return
        for each in ended:
            if not each.killed:
                yield each.value
                continue
            strikes[each.task.index] += each.killed
            struck_out = strikes[each.task.index] >= STRIKES
            (suspects if struck_out else ready).append(each.task)


def _without_guilty(pool: Pool, work: Work, task: Task) -> Done:
    """Find the rows that kill, by halves, and score the rest."""
    where = f"{task.unit.source.url}, from row {task.unit.row} on"
    rows = _alone(pool, task, work.count)
    if rows.killed:
        raise BadFile(f"{where}: reading it ends the process. Take that part out of the file.")
    guilty = frozenset(_guilty(pool, work, task, 0, rows.value))
    done = _alone(pool, replace(task, skip=guilty), work.score)
    if done.killed:
        raise BadFile(
            f"{where}: scoring it ends the process, though no row does so alone. Perhaps there is "
            "too little memory: try fewer --processes."
        )
    found: Done = done.value
    return found


def _guilty(pool: Pool, work: Work, task: Task, first: int, last: int) -> Iterator[int]:
    if first == last or not _alone(pool, task, work.probe, first, last).killed:
        return
    if last - first == 1:
        yield first
        return
    middle = (first + last) // 2
    yield from _guilty(pool, work, task, first, middle)
    yield from _guilty(pool, work, task, middle, last)


def _alone(pool: Pool, task: Task, call: Call, *arguments: object) -> Ended:
    """The end of a call while nothing else runs; killed only if that happens every time."""
    killed = 0
    while True:
        pool.submit(task, call, *arguments)
        [ended] = pool.wait()
        killed += ended.killed
        if not ended.killed or killed >= STRIKES:
            return ended
