"""The JSON that is sent and received about uploads, field by field."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from serving import examples
from serving.bulk.sources import Form
from serving.examples import shown
from serving.kept import NO_NUL, Name
from serving.results import Object
from serving.store.uploads import Ask, Status, Target, Upload

MAX_COLUMN = 1_000
MAX_TEXTS = 20

Column = Annotated[str, StringConstraints(max_length=MAX_COLUMN, pattern=NO_NUL)]


class StartIn(BaseModel):
    """What to do with an upload."""

    model_config = ConfigDict(**shown(examples.START), extra="forbid", strict=True)

    text: list[Column] = Field(
        default_factory=list,
        max_length=MAX_TEXTS,
        description="The columns that hold the ad, joined by a blank line; none: the likely ones.",
    )
    id: Column | None = Field(default=None, description="The column that names a row.")
    language: Column | None = Field(default=None, description="The column that tells the language.")
    to: Target = Field(default="queue", description="Into the queue, or back as such a file.")
    source: Name | None = Field(
        default=None, description="What the queue says the ads come from; the name, if null."
    )

    def to_ask(self, upload: Upload) -> Ask:
        """What is asked for, with what was left open filled in."""
        guess = upload.seen.guess if upload.seen else ()
        return Ask(
            text=tuple(self.text) or guess,
            id=self.id,
            language=self.language,
            to=self.to,
            source=self.source or upload.name,
        )


class ProgressOut(BaseModel):
    """How far the work on an upload is."""

    model_config = shown(examples.PROGRESS)

    rows: int = Field(description="Rows read so far.")
    scored: int = Field(description="Those with a score.")
    failed: int = Field(description="Those of a file that stand in it without a score.")
    rejects: int = Field(description="Those that could not be read, or not be kept.")
    bands: dict[str, int] = Field(description="How many ads each band has.")
    share: float = Field(description="The share of the file, from 0 to 1.")
    rate: float = Field(description="Rows a second.")
    notes: list[str] = Field(description="What is to be known of the reading.")


class UploadOut(BaseModel):
    """A file that was uploaded."""

    model_config = shown(examples.UPLOAD)

    id: str = Field(description="Its name here.")
    received: datetime = Field(description="When it came, in UTC.")
    by: str = Field(description="Who sent it.")
    name: str = Field(description="What it was called.")
    format: Form = Field(description="Its format.")
    size: int = Field(description="Its bytes.")
    status: Status = Field(description="How far it is.")
    to: Target | None = Field(description="Where its ads go; null before that is said.")
    source: str | None = Field(description="What the queue says they come from.")
    progress: ProgressOut = Field(description="How far the work on it is.")
    error: str | None = Field(description="Why it failed.")


class UploadsOut(BaseModel):
    """A page of the list of uploads."""

    model_config = shown({"uploads": [examples.UPLOAD], "next": None})

    uploads: list[UploadOut] = Field(description="The newest first.")
    next: str | None = Field(description="Send it as `after` for the next page; null on the last.")


class ColumnsOut(BaseModel):
    """What a look at an upload has shown."""

    model_config = shown(examples.COLUMNS)

    columns: list[str] = Field(description="The names of its columns.")
    guess: list[str] = Field(description="The column that likely holds the ads.")
    rows: list[list[str]] = Field(description="The beginnings of the first rows' cells.")
    notes: list[str] = Field(description="What is to be known of the reading.")


class DeletedOut(BaseModel):
    """An upload that was deleted."""

    model_config = shown({"deleted": examples.UPLOAD_ID})

    deleted: str = Field(description="Its id.")


def told(upload: Upload) -> Object:
    """What to tell of an upload, as `UploadOut` declares."""
    ask = upload.ask
    return {
        "id": upload.id,
        "received": upload.received.isoformat(),
        "by": upload.by,
        "name": upload.name,
        "format": upload.form,
        "size": upload.size,
        "status": upload.status,
        "to": ask and ask.to,
        "source": ask and ask.source,
        "progress": upload.progress,
        "error": upload.error,
    }
