"""Find what is to be read: files, globs, folders and addresses such as `s3://bucket/ads/*.csv`."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal, cast, get_args

from serving.bulk.errors import BadFile, BadFormat

Form = Literal["csv", "jsonl", "parquet", "xlsx"]
Packed = Literal["", "gzip", "zstd"]
FORMS: dict[str, Form] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
}
PACKED: dict[str, Packed] = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: where it is, and in which form.

    `name` is what messages call it, `size` its bytes as it lies there, where that is known.
    """

    url: str
    form: Form
    packed: Packed = ""
    size: int | None = None
    name: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name or self.url


def find(places: Sequence[str], *, form: Form | None = None) -> list[Source]:
    """The sources at `places`, each once; what a folder or glob holds comes in order of name.

    Of a folder the files are taken whose endings tell a form. `form` is for names that do not.
    Raises `BadFile` for what is not there and `BadFormat` for a name that tells no form.
    """
    urls = [url for place in places for url in _expand(place)]
    return [_source(url, form) for url in dict.fromkeys(urls)]


def form_of(name: str) -> tuple[Form, Packed]:
    """The form and packing that a file's name tells."""
    path = PurePosixPath(name.lower())
    packed = PACKED.get(path.suffix, "")
    form = FORMS.get(path.with_suffix("").suffix if packed else path.suffix)
    if form is None:
        raise BadFormat(
            f"{name} does not tell its format by an ending ({', '.join(FORMS)}; also with "
            f"{' or '.join(PACKED)}). Give it one, or say --format {', '.join(get_args(Form))}."
        )
    return form, packed


def open(url: str, mode: Literal["rb", "wb"] = "rb") -> BinaryIO:
    """The file at `url`, opened; raises `BadFile`."""
    doing = "read" if mode == "rb" else "written"
    try:
        if not is_remote(url):
            return Path(url).open(mode)
        files, path = _filesystem(url)
        return cast(BinaryIO, files.open(path, mode))
    except OSError as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise BadFile(f"{url} cannot be {doing}: {reason}.") from error


def is_remote(url: str) -> bool:
    """Whether `url` is an address for fsspec, rather than a path."""
    return "://" in url


def _source(url: str, form: Form | None) -> Source:
    try:
        told, packed = form_of(url)
    except BadFormat:
        if form is None:
            raise
        told, packed = form, PACKED.get(PurePosixPath(url.lower()).suffix, "")
    return Source(url, form or told, packed, _size(url))


def _expand(place: str) -> Iterator[str]:
    if is_remote(place):
        yield from _expand_remote(place)
        return
    if os.path.isdir(place):
        inside = sorted(str(path) for path in Path(place).rglob("*") if path.is_file())
        yield from _told(place, inside)
    elif os.path.exists(place):
        yield place
    else:
        matches = sorted(filter(os.path.isfile, glob.glob(place, recursive=True)))
        if not matches:
            raise BadFile(f"{place} is not there. Give the name of a file, a folder or a pattern.")
        yield from matches


def _expand_remote(place: str) -> Iterator[str]:
    files, path = _filesystem(place)
    try:
        if glob.has_magic(path):
            found = sorted(files.glob(path))
        elif files.isdir(path):
            found = list(_told(place, sorted(files.find(path))))
        else:
            found = [path] if files.exists(path) else []
    except OSError as error:
        raise BadFile(f"{place} cannot be listed: {error}.") from error
    if not found:
        raise BadFile(f"{place} is not there. Give the address of a file, a folder or a pattern.")
    yield from (files.unstrip_protocol(each) for each in found)


def _told(folder: str, names: Iterable[str]) -> Iterator[str]:
    told = [name for name in names if _tells(name)]
    if not told:
        raise BadFile(f"{folder} holds no file with an ending that we read ({', '.join(FORMS)}).")
    yield from told


def _tells(name: str) -> bool:
    try:
        return bool(form_of(name)) and not PurePosixPath(name).name.startswith(".")
    except BadFormat:
        return False


def _size(url: str) -> int | None:
    try:
        if not is_remote(url):
            return os.stat(url).st_size
        files, path = _filesystem(url)
        size = files.size(path)
        return None if size is None else int(size)
    except OSError as error:
        raise BadFile(f"{url} cannot be read: {error.strerror or error}.") from error


def _filesystem(url: str) -> tuple[Any, str]:
    """The filesystem of an address, and its path there."""
    try:
        import fsspec

        files, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise BadFile(
            f"{url} cannot be reached: {str(error).rstrip('.')}. Addresses need fsspec and the "
            "package for their kind: pip install 'lurewatch[dask]', and s3fs, gcsfs or adlfs."
        ) from error
    return files, str(path)
