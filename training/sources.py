"""Rows of labelled data, from a file, a folder or the hub, read through `datasets`.

Local files are streamed: nothing is copied into a cache, and nothing touches the network.
"""

from collections.abc import Iterator
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from model.errors import BadData

HUB = (
    "hub:"  # a name is sought on the hub only if it says so: a misspelt path must never leave here
)

Row = dict[str, Any]


def read(
    source: str | Path, *, split: str = "train", cache: Path | None = None
) -> Iterator[tuple[str, Row]]:
    """Every row with the place it stands at, files by name and rows in their order.

    `source` is a file, a folder (its data files, not those of its subfolders), or
    `hub:owner/name`, where `@revision` may follow. `split` is for the hub only.
    """
    if isinstance(source, str) and source.startswith(HUB):
        yield from _numbered(source, _hub(source, split, cache))
        return
    for file in _files(Path(source)):
        with TemporaryDirectory() as scratch:
            yield from _numbered(str(file), _local(file, cache or Path(scratch)))


_FORMATS = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}

# One chunk a file: types are inferred from the first chunk, and a column that is empty there
# (no row has a pair yet) would make the next one fail.
_JSON = {"chunksize": 1 << 29, "parse_agent_traces": False}


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise BadData(
            f"{path} does not exist. Name a file or a folder; a data set of the hub is "
            f"{HUB}owner/name."
        )
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    known = [file for file in files if file.is_file() and _format(file) in _FORMATS]
    if not known:
        raise BadData(f"{path} is no data file and holds none. Use {', '.join(_FORMATS)}.")
    return known


def _format(file: Path) -> str:
    return Path(file.name.lower().removesuffix(".gz")).suffix


def _local(file: Path, cache: Path) -> list[Row]:
    suffix = _format(file)
    options: dict[str, Any] = {"data_files": [escape(str(file))], "streaming": True}
    options |= {"split": "train", "cache_dir": str(cache)}
    if _FORMATS[suffix] == "json":
        options |= _JSON
    if _FORMATS[suffix] == "csv":
        # Every cell stays the text it is: "007" is no number and "NA" is Namibia.
        options |= {"sep": "\t" if suffix == ".tsv" else ",", "na_filter": False}
        head = _load(str(file), "csv", **options, nrows=1)
        options |= {"features": _texts(list(head[0]))}
    return _load(str(file), _FORMATS[suffix], **options)


def _hub(source: str, split: str, cache: Path | None) -> list[Row]:
    name, _, revision = source.removeprefix(HUB).partition("@")
    options: dict[str, Any] = {"split": split, "cache_dir": cache and str(cache)}
    return _load(source, name, **options, revision=revision or None)


def _load(where: str, name: str, **options: Any) -> list[Row]:
    # Imported here: it takes seconds, and most commands never read labelled rows.
    import datasets  # it ships no types

    try:
        rows = [dict(row) for row in datasets.load_dataset(name, **options)]
    except StopIteration:  # how an empty JSON file shows
        rows = []
    except (ValueError, OSError, RuntimeError) as error:
        mend = (
            "Look at the name, the split and the connection."
            if where.startswith(HUB)
            else "Mend it; for files of our own form, lurewatch-train check names the line."
        )
        raise BadData(f"{where} cannot be read: {str(error).rstrip('.')}. {mend}") from error
    if not rows:
        raise BadData(f"{where} holds no rows. Fill it or take it away.")
    return rows


def _texts(names: list[str]) -> Any:
    from datasets import Features, Value

    return Features({name: Value("string") for name in names})


def _numbered(where: str, rows: list[Row]) -> Iterator[tuple[str, Row]]:
    return ((f"{where}, row {number}", row) for number, row in enumerate(rows, 1))
