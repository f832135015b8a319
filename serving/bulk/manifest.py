"""What a run was begun with, so that it goes on only with the same; and which units are done."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from serving.bulk.errors import Changed
from serving.bulk.folder import Folder, naming, put
from serving.bulk.job import RECORD
from serving.bulk.sources import Source
from serving.bulk.tally import Done

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Input:
    """An input as it was: its size in bytes, and a SHA-256 of it or what its store says of it."""

    url: str
    size: int | None
    print: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Inputs in order, the version of the model, and the options that shape the output."""

    inputs: tuple[Input, ...]
    model: str
    options: Mapping[str, Any]


def write(work: Folder, manifest: Manifest) -> None:
    """Begin a run."""
    put(work, NAME, asdict(manifest))


def done(work: Folder, manifest: Manifest) -> list[Done] | None:
    """The units that an earlier run has done, or None if there was none.

    Raises `Changed`, naming what is not as it was when that run was begun.
    """
    names = work.names()
    if NAME not in names:
        return None
    records = [name for name in names if name.endswith(RECORD) and name != NAME]
    try:
        changes = _changes(json.loads(work.read(NAME)), json.loads(json.dumps(asdict(manifest))))
        found = [Done.parse(json.loads(work.read(name))) for name in records]
    except (LookupError, TypeError, ValueError):
        changes = ["Lurewatch itself has changed"]
    if changes:
        raise Changed(
            f"{work.url} holds an unfinished run, and since it was begun {'; '.join(changes)}. "
            "Go on with what it was begun with, or start anew with --restart."
        )
    return found


def fingerprint(source: Source) -> Input:
    """What an input is, so that a change is seen."""
    if "://" in source.url:
        import fsspec

        files, path = fsspec.core.url_to_fs(source.url)
        with naming(source.url, "read"):
            return Input(source.url, source.size, files.ukey(path))
    with naming(source.url, "read"), Path(source.url).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Input(source.url, file.tell(), digest)


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    found = _input_changes(then["inputs"], now["inputs"])
    if then["model"] != now["model"]:
        found.append(f"the model has changed from {then['model']} to {now['model']}")
    for name, value in now["options"].items():
        if (before := then["options"].get(name)) != value:
            found.append(f"{name} has changed from {before!r} to {value!r}")
    return found


def _input_changes(
    then: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[str]:
    before, after = ({each["url"]: each for each in inputs} for inputs in (then, now))
    found = [f"{url} is not among the inputs any more" for url in before.keys() - after.keys()]
    found += [f"{url} has come to the inputs" for url in after.keys() - before.keys()]
    found += [
        f"{url} has changed" for url, each in after.items() if url in before and before[url] != each
    ]
    if not found and list(before) != list(after):
        found.append("the inputs come in another order")
    return sorted(found)
