"""Score one unit: the same work for every engine, done wholly or not at all."""

import gc
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from model import artifact
from model.errors import BadArtifact
from model.scorer import Scorer
from serving.bulk import ads, folder
from serving.bulk.ads import Fields
from serving.bulk.finds import Finds
from serving.bulk.folder import Folder
from serving.bulk.layout import Layout
from serving.bulk.output import Output, Part
from serving.bulk.read import read
from serving.bulk.rows import Head, Reject, Row, Unit
from serving.bulk.tally import Done, Tally
from serving.bulk.write import part

#: Rows that are scored in one call, and the characters after which a call is made anyway.
BATCH, CHARS = 500, 4_000_000
#: How the names of a unit's files end.
PART, REJECTS, FINDS, RECORD = ".part", ".rejects", ".finds", ".json"
KILLED = "It ended the process that scored it, three times over."


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is the same for all units of a run; `work` is the folder for their parts."""

    model: str
    version: str
    work: str
    layout: Layout
    fields: Fields
    output: Output
    report: bool = False
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """A unit of an input, `index` among all; `weight` in bytes.

    Rows whose place in the unit is in `skip` become rejects that the model does not see.
    """

    index: int
    head: Head
    unit: Unit
    weight: int
    skip: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """How the files of the unit begin."""
        return f"{self.index:07d}"


def score(job: Job, task: Task) -> Done:
    """Score a unit; its part, its rejects and its record are then in the job's folder.

    The record comes last, so a unit that has one is done. Raises `BadArtifact` for a model that is
    not the job's, `BadFile` for what cannot be read or written.
    """
    work = folder.folder(job.work)
    finds = Finds() if job.report else None
    with (
        work.publishing(task.name + REJECTS) as rejects,
        work.publishing(task.name + PART) as path,
    ):
        tally = _write(job, task, path, rejects, finds)
        sha256 = digest(path)
    if finds is not None:
        folder.put(work, task.name + FINDS, finds.dump())
    return record(work, task, tally, sha256)


def record(work: Folder, task: Task, tally: Tally, sha256: str = "") -> Done:
    """Keep that a unit is done."""
    unit = task.unit
    done = Done(
        index=task.index,
        name=task.name,
        source=unit.source.url,
        start=unit.start,
        end=unit.end,
        weight=task.weight,
        tally=tally,
        sha256=sha256,
    )
    folder.put(work, task.name + RECORD, asdict(done))
    return done


def probe(job: Job, task: Task, first: int, last: int) -> bool:
    """Do the same with the rows at these places alone and keep nothing; true if all went well."""
    with TemporaryDirectory(prefix="lurewatch-") as scratch:
        kept = (item for place, item in enumerate(_items(task)) if first <= place < last)
        with part(Path(scratch) / "part", job.output) as out:
            for batch in batches(kept):
                _score(job, batch, out, None)
    return True


def count(task: Task) -> int:
    """How many rows a unit has, rejects included."""
    return sum(1 for _ in _items(task))


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(job: Job, task: Task, path: Path, rejects: Path, finds: Finds | None) -> Tally:
    tally = Tally()
    with (
        _uncollected(),
        part(path, job.output) as out,
        # Half of a surrogate pair becomes `\ud800`, which in JSON is that very character.
        rejects.open("w", encoding="utf-8", errors="backslashreplace") as bad,
    ):
        for batch in batches(marked(task)):
            reject(bad, task, batch)
            tally += _score(job, batch, out, finds)
    return tally


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python does not look for cycles: rows make none, and it took up to a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _items(task: Task) -> Iterator[Row | Reject]:
    return read(task.head, task.unit)


def marked(task: Task) -> Iterator[Row | Reject]:
    """The rows of a unit, those to skip as rejects."""
    items = _items(task)
    return _skipping(items, task.skip) if task.skip else items


def _skipping(items: Iterator[Row | Reject], skip: frozenset[int]) -> Iterator[Row | Reject]:
    for place, item in enumerate(items):
        if place in skip and isinstance(item, Row):
            raw = json.dumps(item.cells, ensure_ascii=False, default=str)
            yield Reject(item.number, place, KILLED, raw)
        else:
            yield item


def batches(items: Iterable[Row | Reject]) -> Iterator[list[Row | Reject]]:
    """Some rows and rejects at a time, for one call of the model."""
    batch: list[Row | Reject] = []
    chars = 0
    for item in items:
        batch.append(item)
        if isinstance(item, Row):
            chars += sum([len(cell) for cell in item.cells.values() if isinstance(cell, str)])
        if len(batch) >= BATCH or chars >= CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def reject(out: IO[str], task: Task, batch: Iterable[Row | Reject]) -> None:
    """Write the rejects of a batch."""
    for item in batch:
        if isinstance(item, Reject):
            record = {"input": str(task.head.source), **asdict(item)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def _score(job: Job, batch: list[Row | Reject], out: Part, finds: Finds | None) -> Tally:
    """Score and write the rows of a batch, and count them."""
    rows = [item for item in batch if isinstance(item, Row)]
    made = ads.score(load(job.model, job.version), rows, job.fields, threads=job.threads)
    out.write(job.layout.lay(rows, made))
    if finds is not None:
        finds.add(rows, list(made.results()), job.fields)
    rejects = len(batch) - len(rows)
    return Tally(
        len(batch), len(made.scored), len(made.faults), rejects, Counter(made.scored.bands)
    )


@lru_cache(maxsize=1)
def load(model: str, version: str) -> Scorer:
    """The model, loaded and checked once in a process."""
    with folder.here(model) as path:
        scorer = artifact.load(path)
    if scorer.version != version:
        raise BadArtifact(
            f"{model} holds the model {scorer.version}, this run is scored with {version}. "
            "Give every worker the same model."
        )
    return scorer
