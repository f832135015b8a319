"""`lurewatch score` for files: who is told, what is asked, and how it ends."""

import glob
import sys
from pathlib import Path, PurePosixPath
from time import perf_counter

from rich.console import Console

from serving.bulk import sources
from serving.bulk.errors import BadFormat
from serving.bulk.progress import Json, Silence, Watch, watching
from serving.bulk.request import STDIO, Request
from serving.bulk.run import run
from serving.bulk.stop import stopping
from serving.bulk.tally import Tally


def score_files(request: Request, *, as_json: bool, quiet: bool) -> Tally:
    """Score files, tell how it goes, and let Ctrl+C end it in good order."""
    if as_json:
        return _watched(request, Json(sys.stdout, perf_counter))
    if quiet:
        return _watched(request, Silence())
    with watching(Console(stderr=True), perf_counter) as watch:
        return _watched(request, watch)


def default_output(places: tuple[str, ...]) -> str:
    """Where the result goes if nothing is said: beside the one input, else standard output."""
    if places == (STDIO,):
        return STDIO
    if len(places) > 1 or glob.has_magic(places[0]) or Path(places[0]).is_dir():
        raise BadFormat("For several inputs, -o must say where the result goes, and in which form.")
    path = PurePosixPath(places[0])
    _, packed = sources.form_of(path.name)
    plain = path.with_suffix("") if packed else path
    return str(plain.with_name(f"{plain.stem}.scored{plain.suffix}"))


def _watched(request: Request, watch: Watch) -> Tally:
    with stopping(watch.note) as stopped:
        return run(request, watch, stopped=stopped)
