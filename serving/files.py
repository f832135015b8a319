"""Open what is read, and give what is written its name only when it is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from serving.lines import BadFile

Place = Path | BinaryIO


@dataclass(frozen=True, slots=True)
class Source:
    """A stream being read; `size` is the whole of it in bytes where that is known."""

    stream: BinaryIO
    size: int | None = None

    def share(self) -> float | None:
        """How much of it has been read, from 0 to 1, where that is known."""
        return min(self.stream.tell() / self.size, 1.0) if self.size else None


def name_of(source: Place) -> str:
    """What errors call `source`."""
    return str(source) if isinstance(source, Path) else "Standard input"


@contextmanager
def reading(source: Place) -> Iterator[Source]:
    """`source` opened; a stream is left open."""
    if not isinstance(source, Path):
        yield Source(source)
        return
    try:
        stream = source.open("rb")
    except OSError as error:
        raise BadFile(f"{source} cannot be read: {error.strerror}.") from error
    with stream:
        yield Source(stream, os.fstat(stream.fileno()).st_size)


@contextmanager
def replacing(target: Place, source: Place) -> Iterator[BinaryIO]:
    """A stream that becomes `target` if all goes well, and is gone without a trace if not."""
    if not isinstance(target, Path):
        with _named("Standard output"):
            yield target
            target.flush()
        return
    final = target.resolve()
    _check(final, source)
    partial = final.with_name(f"{final.name}.{os.getpid()}.partial")
    try:
        with _named(str(target)):
            with partial.open("xb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            partial.replace(final)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def _named(target: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads the output has seen enough: that is no fault
    except OSError as error:
        raise BadFile(f"{target} cannot be written: {error.strerror}.") from error


def _check(target: Path, source: Place) -> None:
    if not target.exists():
        return
    if not target.is_file():
        raise BadFile(f"{target} is not a file. Give -o the name of a file, or - for the screen.")
    if isinstance(source, Path) and source.exists() and target.samefile(source):
        raise BadFile(f"{target} is the input, and is not overwritten. Give -o another name.")
