"""Write records: each unit as a part, then the finished parts as one file."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

from serving.bulk.output import Output, Part

# Imported when they are asked for: a run writes one form, and two of them are slow to import.
_WRITERS = {"csv": "text_out", "jsonl": "text_out", "parquet": "parquet_out", "xlsx": "xlsx_out"}


def part(path: Path, output: Output) -> AbstractContextManager[Part]:
    """A part to write to; it stands at `path` when the context ends well."""
    return cast(AbstractContextManager[Part], _writer(output).part(path, output))


def join(parts: Iterable[Path], out: BinaryIO, output: Output) -> list[str]:
    """Make one file of finished parts, in their order; returns what is to be said aloud.

    `out` need not be seekable. Memory holds some rows of one part at a time. Raises `BadFile` for
    what the form cannot hold.
    """
    return cast(list[str], _writer(output).join(parts, out, output))


def _writer(output: Output) -> Any:
    return import_module(f"serving.bulk.{_WRITERS[output.form]}")
