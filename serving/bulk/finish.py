"""From the parts of a run to its output, rejects and report, with every row accounted for."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from serving.bulk import folder, report, target, write
from serving.bulk.errors import BadFile, Lost
from serving.bulk.finds import Finds
from serving.bulk.folder import Folder
from serving.bulk.job import FINDS, PART, RECORD, REJECTS, Job, digest
from serving.bulk.progress import Watch
from serving.bulk.request import STDIO, Request
from serving.bulk.tally import Done, Tally, total


@dataclass(frozen=True, slots=True)
class Parts:
    """The finished units of a job, in order, in the folder that holds their files."""

    job: Job
    work: Folder
    done: Sequence[Done]

    @property
    def tally(self) -> Tally:
        """The count of all rows."""
        return total(each.tally for each in self.done)


def finish(request: Request, parts: Parts, watch: Watch) -> dict[str, str]:
    """Write output, rejects and report; what was written, and where.

    Raises `Lost` unless rows in are rows out and rejects, and `BadFile` for a part that is damaged.
    """
    lost = rejects(request, parts, watch)
    outputs = {"output": _output(request, parts, watch), **lost}
    if request.report:
        finds = _finds(parts)
        report.write(request.report, parts.job, parts.tally, finds, masked=not request.contacts)
        outputs["report"] = request.report
    return outputs


def rejects(request: Request, parts: Parts, _: Watch) -> dict[str, str]:
    """Write the rejects, if there are any, and hold rows in against rows out; raises `Lost`."""
    work, tally, lines = parts.work, parts.tally, 0
    with work.publishing("rejects") as path, path.open("wb") as out:
        for each in parts.done:
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


def _output(request: Request, parts: Parts, watch: Watch) -> str:
    job, work = parts.job, parts.work
    if request.output == STDIO:
        with folder.naming("Standard output", "written"):
            notes = write.join(_files(parts), sys.stdout.buffer, job.output)
            sys.stdout.buffer.flush()
    else:
        with work.publishing("output") as path, path.open("wb") as out:
            notes = write.join(_files(parts), out, job.output)
        work.deliver("output", request.output)
    for note in notes:
        watch.note(note)
    return "standard output" if request.output == STDIO else request.output


def _finds(parts: Parts) -> Finds:
    """What all units have found for the report."""
    found = Finds()
    for each in parts.done:
        found.merge(json.loads(parts.work.read(each.name + FINDS)))
    return found


def _files(parts: Parts) -> Iterator[Path]:
    """The parts as local files, each only until the next is asked for."""
    for each in parts.done:
        with parts.work.fetching(each.name + PART) as path:
            if not path.exists() or digest(path) != each.sha256:
                parts.work.remove(each.name + RECORD)
                place = parts.work.path(each.name + PART)
                raise BadFile(f"{place} is damaged. Run again to renew it.")
            yield path
