"""Put the rows of a unit into the queue. A unit that is done again after a kill adds nothing."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO

from model.ad import Ad
from model.scorer import Scorer
from serving.bulk import ads as bulk
from serving.bulk import folder, job
from serving.bulk.ads import Fields
from serving.bulk.job import Job, Task
from serving.bulk.output import as_json
from serving.bulk.rows import Reject, Row
from serving.bulk.tally import Done, Tally
from serving.flat import Result
from serving.store import ads, engine, intake
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.intake import Received
from serving.store.values import New

TOGETHER = 100  # ads in a transaction, so that whoever decides meanwhile does not wait long
NOWHERE = -1  # the `at` of a row that could be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Where ads go, and what is said to be their source."""

    database: str = field(repr=False)
    source: str


def score(queue: Queue, made: Job, task: Task) -> Done:
    """Score a unit and store its ads; what cannot be stored is a reject, and nothing is lost.

    Raises `StoreAway` and `BadStore` while there is no database, and what `job.score` raises.
    """
    work, tally = folder.folder(made.work), Tally()
    with (
        closing(engine.open(queue.database)) as store,
        work.publishing(task.name + job.REJECTS) as path,
        path.open("w", encoding="utf-8", errors="backslashreplace") as out,
    ):
        for batch in job.batches(job.marked(task)):
            found = _results(queue, made, batch)
            tally += _keep(store, task, found, out)
    return job.record(work, task, tally)


def _results(queue: Queue, made: Job, batch: Sequence[Row | Reject]) -> list[New | Reject]:
    """What is to be stored, and what cannot be, in no order."""
    rows = [item for item in batch if isinstance(item, Row)]
    scorer = job.load(made.model, made.version)
    results = bulk.score(scorer, rows, made.fields, threads=made.threads).results()
    found = (_new(queue, made.fields, scorer, *each) for each in zip(rows, results, strict=True))
    return [*found, *(item for item in batch if isinstance(item, Reject))]


def _keep(store: Store, task: Task, found: Sequence[New | Reject], out: IO[str]) -> Tally:
    good = [each for each in found if isinstance(each, New)]
    for first in range(0, len(good), TOGETHER):
        ads.add(store, good[first : first + TOGETHER])
    bad = [each for each in found if isinstance(each, Reject)]
    job.reject(out, task, sorted(bad, key=lambda each: each.number))
    bands = Counter(each.result["band"] for each in good)
    return Tally(len(found), len(good), 0, len(bad), bands)


def _new(queue: Queue, fields: Fields, scorer: Scorer, row: Row, result: Result) -> New | Reject:
    if isinstance(result, str):
        return _reject(row, result)
    try:
        ad = Ad(bulk.text_of(row, fields.text))
        return intake.new(scorer, Received(ad, queue.source, _name(row, fields.id)), result)
    except BadQuestion as error:
        return _reject(row, f"Row {row.number}: {error}")


def _name(row: Row, column: str | None) -> str:
    """What the row is called there; without a name, its number, so that copies stay apart."""
    cell = None if column is None else row.cells.get(column)
    if cell is None or cell == "":
        return str(row.number)
    return cell if isinstance(cell, str) else as_json(cell)


def _reject(row: Row, reason: str) -> Reject:
    return Reject(row.number, NOWHERE, reason, json.dumps(row.cells, ensure_ascii=False))
