"""From the parts of a run to its output, with every row accounted for."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from serving.bulk import write
from serving.bulk.errors import BadFile, Lost
from serving.bulk.finds import Finds
from serving.bulk.folder import Folder
from serving.bulk.job import FINDS, PART, RECORD, REJECTS, Job, digest
from serving.bulk.tally import Done, Tally, total


def join(job: Job, done: Sequence[Done], work: Folder, out: BinaryIO) -> list[str]:
    """Write all parts, in order, as one output; what is to be said of it."""
    return write.join(_parts(done, work), out, job.output)


def join_rejects(done: Sequence[Done], work: Folder, out: BinaryIO) -> int:
    """Write the rejects of all units in order, a line of JSON each; how many there were."""
    lines = 0
    for each in done:
        if each.tally.rejects:
            raw = work.read(_name(each) + REJECTS)
            lines += raw.count(b"\n")
            out.write(raw)
    return lines


def finds(done: Sequence[Done], work: Folder) -> Finds:
    """What all units have found for the report."""
    found = Finds()
    for each in done:
        found.merge(json.loads(work.read(_name(each) + FINDS)))
    return found


def check(done: Sequence[Done], units: int, rejects: int) -> Tally:
    """The count of all rows; raises `Lost` unless rows in are rows out and rejects."""
    tally = total(each.tally for each in done)
    if len(done) != units or tally.rows != tally.written + tally.rejects:
        raise Lost(
            f"{tally.rows:,} rows in {units:,} units went in, {tally.written:,} rows and "
            f"{tally.rejects:,} rejects in {len(done):,} units came out. Please report this fault."
        )
    if tally.rejects != rejects:
        raise Lost(f"{tally.rejects:,} rows were rejected, {rejects:,} are written.")
    return tally


def _parts(done: Sequence[Done], work: Folder) -> Iterator[Path]:
    """The parts as local files, each only until the next is asked for."""
    for each in done:
        with work.fetching(_name(each) + PART) as path:
            if digest(path) != each.sha256:
                work.remove(_name(each) + RECORD)
                raise BadFile(f"{work.path(_name(each) + PART)} is damaged. Run again to renew it.")
            yield path


def _name(done: Done) -> str:
    return f"{done.index:07d}"
