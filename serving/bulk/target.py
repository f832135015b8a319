"""Where a run writes: what cannot be is refused, and what is done so far has a folder beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from serving.bulk import folder, sources
from serving.bulk.errors import BadFile
from serving.bulk.folder import Folder
from serving.bulk.request import STDIO, Request

WORK, REJECTS = ".work", ".rejects.jsonl"


def check(request: Request) -> None:
    """Raise `BadFile` for an output or report that cannot be, before anything is done."""
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


@contextmanager
def working(request: Request) -> Iterator[Folder]:
    """The folder for what is done so far; of what goes to standard output nothing is kept."""
    if request.output == STDIO:
        with TemporaryDirectory(prefix="lurewatch-") as scratch:
            yield folder.folder(str(Path(scratch) / "work"))
    elif sources.is_remote(request.output):
        yield folder.folder(request.output + WORK)
    else:
        yield folder.folder(str(Path(request.output).resolve()) + WORK)


def rejects(request: Request) -> str:
    """Where the rejects go."""
    return ("lurewatch" if request.output == STDIO else request.output) + REJECTS
