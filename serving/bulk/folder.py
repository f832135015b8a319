"""A folder, here or on any fsspec file system, in which a file is either whole or not there."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from serving.bulk.errors import BadFile

PARTIAL = ".partial"


class Folder(Protocol):
    """Where a run keeps its parts, and where its output goes. Raises `BadFile`, naming the file."""

    url: str

    def path(self, name: str) -> str:
        """The address of a file in it, for people and for readers."""

    def names(self) -> list[str]:
        """The files in it; none if it does not exist."""

    def publishing(self, name: str) -> Any:
        """A context with a local path; what is written there becomes the file if all goes well."""

    def fetching(self, name: str) -> Any:
        """A context with a local path that holds the file."""

    def read(self, name: str) -> bytes:
        """The bytes of a file."""

    def deliver(self, name: str, url: str) -> None:
        """Move a file out of it, on the same file system."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""

    def clear(self) -> None:
        """Take the folder away with all that it holds."""

    def sweep(self) -> None:
        """Take away what killed writers left unfinished."""


def folder(url: str) -> Folder:
    """The folder at a path or at an fsspec URL."""
    return Remote(url) if "://" in url else Local(url)


def split(url: str) -> tuple[Folder, str]:
    """The folder of a file, and its name."""
    if "://" in url:
        parent, _, name = url.rpartition("/")
        return Remote(parent), name
    path = Path(url)
    return Local(str(path.parent)), path.name


@contextmanager
def naming(path: str, act: str) -> Iterator[None]:
    """Turn an `OSError` into a `BadFile` that names the path."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads the output has seen enough: that is no fault
    except OSError as error:
        raise BadFile(f"{path} cannot be {act}: {error.strerror or error}.") from error


class Local:
    """A folder on this machine; what is published has reached the disk."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._root = Path(url)

    def path(self, name: str) -> str:
        """The path of a file in it."""
        return str(self._root / name)

    def names(self) -> list[str]:
        """The files in it."""
        return sorted(os.listdir(self._root)) if self._root.is_dir() else []

    @contextmanager
    def publishing(self, name: str) -> Iterator[Path]:
        """Write beside the name, flush to the disk, rename."""
        final = self._root / name
        partial = final.with_name(f"{name}.{os.getpid()}{PARTIAL}")
        try:
            with naming(str(final), "written"):
                self._root.mkdir(parents=True, exist_ok=True)
                yield partial
                _sync(partial)
                partial.replace(final)
                _sync(self._root)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    @contextmanager
    def fetching(self, name: str) -> Iterator[Path]:
        """The file itself."""
        yield self._root / name

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        with naming(self.path(name), "read"):
            return (self._root / name).read_bytes()

    def deliver(self, name: str, url: str) -> None:
        """Rename it."""
        with naming(url, "written"):
            (self._root / name).replace(url)
            _sync(Path(url).parent)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        with naming(self.path(name), "removed"):
            (self._root / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take the folder away with all that it holds."""
        with naming(self.url, "removed"):
            shutil.rmtree(self._root, ignore_errors=False)

    def sweep(self) -> None:
        """Take away what killed writers left unfinished."""
        for name in self.names():
            if name.endswith(PARTIAL):
                self.remove(name)


class Remote:
    """A folder on an fsspec file system, whose objects appear whole; a copy here is made first."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url
        self._fs, self._root = fsspec.core.url_to_fs(url)

    def path(self, name: str) -> str:
        """The URL of a file in it."""
        return f"{self.url}/{name}"

    def names(self) -> list[str]:
        """The files in it."""
        self._fs.invalidate_cache(self._root)
        with naming(self.url, "listed"):
            if not self._fs.isdir(self._root):
                return []
            return sorted(
                PurePosixPath(path).name for path in self._fs.ls(self._root, detail=False)
            )

    @contextmanager
    def publishing(self, name: str) -> Iterator[Path]:
        """Write here, then put it there."""
        with _scratch() as path:
            yield path
            with naming(self.path(name), "written"):
                self._fs.makedirs(self._root, exist_ok=True)
                self._fs.put_file(str(path), self._at(name))

    @contextmanager
    def fetching(self, name: str) -> Iterator[Path]:
        """A copy of the file, for as long as the context lasts."""
        with _scratch() as path:
            with naming(self.path(name), "read"):
                self._fs.get_file(self._at(name), str(path))
            yield path

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        with naming(self.path(name), "read"):
            return bytes(self._fs.cat_file(self._at(name)))

    def deliver(self, name: str, url: str) -> None:
        """Move it there."""
        with naming(url, "written"):
            self._fs.mv(self._at(name), self._fs._strip_protocol(url))

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        with naming(self.path(name), "removed"), suppress(FileNotFoundError):
            self._fs.rm_file(self._at(name))

    def clear(self) -> None:
        """Take the folder away with all that it holds."""
        with naming(self.url, "removed"):
            self._fs.rm(self._root, recursive=True)

    def sweep(self) -> None:
        """Nothing to do: an object that was not whole never appeared."""

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"


def put(work: Folder, name: str, value: object) -> None:
    """Publish a value as JSON."""
    with work.publishing(name) as path:
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


@contextmanager
def here(url: str) -> Iterator[Path]:
    """A folder as a local path: itself, or a copy of its files for as long as the context lasts."""
    if "://" not in url:
        yield Path(url)
        return
    remote = Remote(url)
    with tempfile.TemporaryDirectory(prefix="lurewatch-") as copied:
        for name in remote.names():
            (Path(copied) / name).write_bytes(remote.read(name))
        yield Path(copied)


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lurewatch-") as folder:
        yield Path(folder) / "file"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
