"""From what is asked to the work: inputs looked at, columns chosen, units cut."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from model import artifact
from serving.bulk import manifest, sources, unpack
from serving.bulk.ads import Fields
from serving.bulk.columns import check, choose
from serving.bulk.cut import cut
from serving.bulk.errors import BadColumn, BadFormat
from serving.bulk.folder import Folder
from serving.bulk.heads import look
from serving.bulk.job import Job, Task
from serving.bulk.layout import Layout, lay_out
from serving.bulk.manifest import Manifest
from serving.bulk.output import Output
from serving.bulk.progress import Watch
from serving.bulk.request import STDIO, Request
from serving.bulk.rows import Head, Unit
from serving.bulk.sources import Form, Source
from serving.bulk.tally import Done


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of a run, and what an earlier one has done of it, `resumed` if there was one."""

    job: Job
    heads: tuple[Head, ...]
    rows: int
    done: tuple[Done, ...] = ()
    resumed: bool = False

    @property
    def weight(self) -> int:
        """The size of all inputs in bytes."""
        return sum(head.source.size or 0 for head in self.heads)

    def tasks(self) -> Iterator[Task]:
        """All units, cut as they are asked for; the same whenever they are cut."""
        numbers = count()
        for head in self.heads:
            for unit, weight in _weighed(head, self.rows):
                yield Task(next(numbers), head, unit, weight)


def make(request: Request, work: Folder, watch: Watch) -> Plan:
    """Look at the inputs and choose what is not said; what was chosen is said to `watch`.

    Raises `Changed` if `work` holds a run that was begun with something else.
    """
    found = _find(request, work)
    model = artifact.locate(Path(request.model).resolve())
    version = artifact.check(model)["version"]
    begun = Manifest(tuple(map(manifest.fingerprint, found)), version, request.options)
    done = manifest.done(work, begun)
    heads = [look(source) for source in _plain(found, work)]
    fields = _fields(request, heads, watch)
    layout = _layout(request, found, heads, version, watch)
    if done is None:
        manifest.write(work, begun)
    return Plan(
        job=Job(
            model=str(model),
            version=version,
            work=work.url,
            layout=layout,
            fields=fields,
            output=Output(
                layout.form,
                layout.columns,
                escape=request.escape,
                delimiter=_delimiter(request, heads),
                bom=request.escape and request.output != STDIO,
            ),
            report=request.report is not None,
        ),
        # The samples have served; they would go to the workers with every unit.
        heads=tuple(replace(head, sample=()) for head in heads),
        rows=request.rows,
        done=tuple(done or ()),
        resumed=done is not None,
    )


def _find(request: Request, work: Folder) -> list[Source]:
    places = [place for place in request.places if place != STDIO]
    found = sources.find(places, form=request.form) if places else []
    if request.name:
        found = [replace(source, name=request.name) for source in found]
    return [_standard_input(request, work), *found] if STDIO in request.places else found


def _standard_input(request: Request, work: Folder) -> Source:
    if request.form is None:
        raise BadFormat("Standard input does not tell its format. Say it with --format.")
    with work.publishing("stdin") as path:
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        size = path.stat().st_size
    return Source(work.path("stdin"), request.form, size=size, name="Standard input")


def _plain(found: Sequence[Source], work: Folder) -> Iterator[Source]:
    """The sources, those that are packed or spreadsheets unpacked into the folder of the run."""
    for number, source in enumerate(found):
        if not unpack.is_needed(source):
            yield source
            continue
        name = f"input-{number}"
        with work.publishing(name) as path:
            plain = unpack.unpack(source, path)
        yield replace(plain, url=work.path(name))


def _fields(request: Request, heads: Sequence[Head], watch: Watch) -> Fields:
    choice = choose(heads[0].columns, heads[0].sample, request.text)
    watch.note(str(choice))
    for head in heads:
        for name in (*choice.names, *filter(None, (request.id, request.language))):
            try:
                check(head.columns, name)
            except BadColumn as error:
                raise BadColumn(f"{head.source}: {error}") from error
    return Fields(choice.names, request.id, request.language)


def _layout(
    request: Request, found: Sequence[Source], heads: Sequence[Head], version: str, watch: Watch
) -> Layout:
    late = any(source.form == "jsonl" for source in found)
    layout = lay_out(heads, _form(request, found), version, late=late)
    for note in dict.fromkeys(note for head in heads for note in head.notes):
        watch.note(note)
    if layout.prefix:
        watch.note(f"The input has columns of our names: ours begin with {layout.prefix}.")
    return layout


def _form(request: Request, found: Sequence[Source]) -> Form:
    if request.output == STDIO:
        return found[0].form
    form, packed = sources.form_of(request.output)
    if packed:
        raise BadFormat(
            f"{request.output} would be packed. Write it plain, and pack it afterwards."
        )
    return form


def _delimiter(request: Request, heads: Sequence[Head]) -> str:
    if request.output.lower().endswith((".tsv", ".tab")):
        return "\t"
    found = {head.delimiter for head in heads if head.source.form == "csv"}
    return found.pop() if len(found) == 1 else ","


def _weighed(head: Head, rows: int) -> Iterator[tuple[Unit, int]]:
    """The units of a table, each with its bytes."""
    if head.source.form != "parquet":
        for unit in cut(head, rows=rows):
            yield unit, unit.end - unit.start
        return
    units = list(cut(head, rows=rows))
    whole = max((unit.end for unit in units), default=1)
    for unit in units:
        yield unit, (head.source.size or 0) * (unit.end - unit.start) // whole
