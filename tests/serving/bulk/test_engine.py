"""Workers that die, and what becomes of the units that they had in hand."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from serving.bulk.cluster import dask_pool
from serving.bulk.engine import Work, drive
from serving.bulk.errors import BadFile
from serving.bulk.job import Task
from serving.bulk.local import Here, local_pool
from serving.bulk.rows import Head, Unit
from serving.bulk.sources import Source

ROWS = 4
UNITS = 4


def task(index: int) -> Task:
    source = Source("ads.jsonl", "jsonl")
    return Task(index, Head(source, (), (), ()), Unit(source, index, 0, ROWS, 1), 1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """Scoring that dies of certain rows of unit 2, or of the whole, or once; it leaves traces."""

    def __init__(self, folder: Path, rows: set[int], whole: bool = False, reading: bool = False):
        self.folder, self.rows, self.whole, self.reading = folder, rows, whole, reading

    def score(self, each: Task) -> tuple[int, frozenset[int]]:
        tried = self.folder / f"{each.index}.{os.urandom(4).hex()}"
        tried.touch()
        if each.index == 2 and (self.whole or self.rows - each.skip):
            die()
        return each.index, each.skip

    def probe(self, _: Task, first: int, last: int) -> bool:
        if self.rows & set(range(first, last)):
            die()
        return True

    def count(self, _: Task) -> int:
        if self.reading:
            die()
        return ROWS

    @property
    def work(self) -> Work:
        return Work(self.score, self.probe, self.count)


class Once(Deadly):
    """Scoring that dies when it meets unit 2 for the first time."""

    def score(self, each: Task) -> tuple[int, frozenset[int]]:
        seen = self.folder / "seen"
        if each.index == 2 and not seen.exists():
            seen.touch()
            die()
        return each.index, each.skip


def driven(work: Work, *, pool=local_pool, stopped: Callable[[], bool] = lambda: False):
    with pool(2) as workers:
        found = list(drive(workers, work, map(task, range(UNITS)), stopped=stopped))
    assert len({index for index, _ in found}) == len(found)
    return dict(found)


@pytest.mark.parametrize("pool", [local_pool, partial(dask_pool, "local")], ids=["local", "dask"])
def test_unit_whose_worker_was_killed_is_done_again(tmp_path, pool):
    assert driven(Once(tmp_path, set()).work, pool=pool) == dict.fromkeys(range(UNITS), frozenset())


@pytest.mark.parametrize("guilty", [{0}, {1, 3}, set(range(ROWS))], ids=str)
def test_rows_that_kill_are_found_and_left_out(tmp_path, guilty):
    found = driven(Deadly(tmp_path, guilty).work)
    assert found == {0: frozenset(), 1: frozenset(), 2: guilty, 3: frozenset()}
    tries = [path.name.partition(".")[0] for path in tmp_path.iterdir()]
    assert (tries.count("2"), tries.count("1")) == (4, 1)  # thrice killed, then done


@pytest.mark.parametrize(
    ("how", "said"),
    [({"whole": True}, "try fewer --processes"), ({"whole": True, "reading": True}, "reading it")],
    ids=["whole", "reading"],
)
def test_unit_that_kills_without_guilty_rows_is_named(tmp_path, how, said):
    with pytest.raises(BadFile, match=rf"^ads.jsonl, from row 1 on: .*{said}"):
        driven(Deadly(tmp_path, set(), **how).work)


def test_stop_lets_what_was_begun_end(tmp_path):
    stops = iter([False, False, True, True, True, True, True])
    assert set(driven(Deadly(tmp_path, set()).work, stopped=lambda: next(stops))) == {0, 1}


def test_error_of_a_worker_is_raised_here():
    def work(_: Task) -> object:
        raise BadFile("ads.jsonl cannot be read.")

    with pytest.raises(BadFile, match=r"ads.jsonl cannot be read"):
        list(drive(Here(), Work(work, work, work), [task(0)], stopped=lambda: False))


def test_worker_killed_while_idle_is_replaced(tmp_path):
    work = Deadly(tmp_path, set())
    with local_pool(1) as pool:
        for index in range(3):
            pool.submit(task(index), work.score)
            [ended] = pool.wait()
            if ended.killed:  # the death was not known yet when the call was handed over
                pool.submit(task(index), work.score)
                [ended] = pool.wait()
            assert ended.value == (index, frozenset())
            [process] = pool.processes()
            os.kill(process.pid, signal.SIGKILL)
            process.join()
