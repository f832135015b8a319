"""Make a plain file of a packed one, and lines of JSON of a spreadsheet, within limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from serving.bulk import sources
from serving.bulk.errors import BadFile
from serving.bulk.limits import LIMITS, MIB, Limits
from serving.bulk.sources import Source


def is_needed(source: Source) -> bool:
    """Whether `source` must be unpacked before it can be looked at."""
    return bool(source.packed) or source.form == "xlsx"


def unpack(source: Source, path: Path, *, limits: Limits = LIMITS) -> Source:
    """Write what `source` holds to `path`, and return that as a source of the same name.

    Of a spreadsheet, each row becomes a line of JSON, so that its number stays. Raises `BadFile`
    for what is damaged or over the limits.
    """
    if source.form != "xlsx":
        _copy(source, path, limits)
        return _plain(source, path)
    from serving.bulk import xlsx_in

    book = path.with_name(f"{path.name}.xlsx")
    try:
        _copy(source, book, limits)
        notes = xlsx_in.convert(book, path, str(source), limits)
    finally:
        book.unlink(missing_ok=True)
    return replace(_plain(source, path), form="jsonl", notes=(*source.notes, *notes))


def _plain(source: Source, path: Path) -> Source:
    size = path.stat().st_size
    return replace(source, url=str(path), packed="", size=size, name=str(source))


def _copy(source: Source, path: Path, limits: Limits) -> None:
    written, packed = 0, source.size
    with _stream(source) as stream, sources.open(str(path), "wb") as out:
        while block := stream.read(MIB):
            written += len(block)
            if written > limits.unpacked:
                raise BadFile(
                    f"{source} unpacks to more than {limits.unpacked:,} bytes. Cut it into parts."
                )
            if packed and written > limits.free and written > limits.ratio * packed:
                raise BadFile(
                    f"{source} unpacks to more than {limits.ratio} times its {packed:,} bytes, as "
                    "no ads do. If it is to be trusted, unpack it yourself."
                )
            out.write(block)


@contextmanager
def _stream(source: Source) -> Iterator[BinaryIO]:
    with sources.open(source.url) as file:
        if not source.packed:
            yield file
            return
        import pyarrow as pa

        try:
            with pa.CompressedInputStream(file, source.packed) as stream:
                yield cast(BinaryIO, stream)
        except (OSError, pa.ArrowInvalid) as error:
            raise BadFile(
                f"{source} is damaged or cut off, and cannot be unpacked: {error}."
            ) from error
