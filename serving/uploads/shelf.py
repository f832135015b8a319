"""Where the files of uploads lie: a folder for each, named by its id and by nothing that was sent.

<data>/uploads/<id>/input.csv.gz                what was received
<data>/uploads/<id>/result.csv                  its rows with their scores
<data>/uploads/<id>/result.csv.rejects.jsonl    rows that could not be read
"""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from serving.bulk.sources import FORMS, PACKED, Form, Packed, Source
from serving.bulk.target import REJECTS
from serving.store.errors import NotStored
from serving.store.uploads import Target, Upload

INPUT, RESULT = "input", "result"
_ENDINGS = {form: ending for ending, form in reversed(FORMS.items())}
_PACKINGS = {packed: ending for ending, packed in PACKED.items()}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The uploads in a data folder."""

    data: Path

    @property
    def root(self) -> Path:
        """Where the folders of all uploads are."""
        return self.data / "uploads"

    def folder(self, id: str) -> Path:
        """The folder of an upload."""
        return self.root / id

    def make(self, id: str) -> Path:
        """A new folder, which nobody else on this machine can read."""
        made = self.folder(id)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.mkdir(mode=0o700)
        return made

    def input(self, id: str, form: Form, packed: Packed) -> Path:
        """Where what was received lies."""
        return self.folder(id) / f"{INPUT}{_ENDINGS[form]}{_PACKINGS.get(packed, '')}"

    def source(self, upload: Upload) -> Source:
        """What was received, to be read."""
        path = self.input(upload.id, upload.form, upload.packed)
        return Source(str(path), upload.form, upload.packed, upload.size, upload.name)

    def output(self, id: str, to: Target) -> Path:
        """Where the result goes; of what goes to the queue only the rejects are there."""
        return self.folder(id) / f"{RESULT}.{'jsonl' if to == 'queue' else to}"

    def result(self, upload: Upload) -> Path:
        """The file that came of an upload; raises `NotStored`."""
        ask = upload.ask
        if upload.status != "done" or ask is None or ask.to == "queue":
            raise NotStored(f"There is no result of the upload {upload.id} as a file.")
        return _there(self.output(upload.id, ask.to))

    def rejects(self, upload: Upload) -> Path:
        """The rows that could not be read, as JSON lines; raises `NotStored` if there are none."""
        if upload.status != "done" or upload.ask is None or not upload.progress.rejects:
            raise NotStored(f"There are no rejects of the upload {upload.id}.")
        return _there(Path(f"{self.output(upload.id, upload.ask.to)}{REJECTS}"))

    def clear(self, id: str) -> None:
        """Take away all that came of an upload; what was received stays."""
        for path in self.folder(id).iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.stem.partition(".")[0] != INPUT:
                path.unlink()

    def remove(self, id: str) -> None:
        """Take away all the files of an upload."""
        if self.folder(id).exists():
            shutil.rmtree(self.folder(id))

    def sweep(self, known: Collection[str], before: datetime) -> None:
        """Take away folders older than a time that belong to no upload: nobody was told of them."""
        found = self.root.iterdir() if self.root.is_dir() else ()
        for path in found:
            lost = _is_id(path.name) and path.name not in known
            if lost and path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path)


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _there(path: Path) -> Path:
    if not path.is_file():
        raise NotStored(f"{path.name} is not in the data folder any more.")
    return path
