"""Files that were uploaded, each with the work that is done on it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select

from serving.bulk.sources import Form, Packed
from serving.store import audit, ids
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store, utc
from serving.store.errors import BadQuestion, NotStored, StillBusy
from serving.store.tables import jobs, uploads
from serving.store.values import check_name

Kind = Literal["look", "score"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]
Status = Literal["looking", "ready", "waiting", "running", "done", "failed", "cancelled"]
Target = Literal["queue", "csv", "jsonl", "parquet", "xlsx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is to be done with an upload: the columns to read, and where its ads go.

    `source` is what the queue says they come from. Raises `BadQuestion` for one that is none.
    """

    text: tuple[str, ...]
    to: Target
    source: str
    id: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        check_name("source", self.source)
        if not self.source:
            raise BadQuestion("The source is empty. Say where the ads come from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at a file has shown: its columns, the likely ones of the text, some rows."""

    columns: tuple[str, ...]
    guess: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Rows so far and what became of them, as `bulk.tally.Tally`; `rate` is rows a second."""

    rows: int = 0
    scored: int = 0
    failed: int = 0
    rejects: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)
    share: float = 0.0
    rate: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was received, as it is now. `owner` works on it, until told otherwise."""

    id: str
    received: datetime
    by: str
    name: str
    form: Form
    packed: Packed
    size: int
    seen: Seen | None
    kind: Kind
    state: State
    ask: Ask | None
    progress: Progress
    error: str | None
    owner: str | None

    @property
    def status(self) -> Status:
        """How far it is, in one word."""
        if self.kind == "look" and self.state in ("waiting", "running"):
            return "looking"
        return "ready" if self.kind == "look" and self.state == "done" else self.state

    @property
    def busy(self) -> bool:
        """Whether something is done with it, or will be without being asked for."""
        return self.state in ("waiting", "running") or self.owner is not None


def new(
    store: Store, id: str, *, name: str, form: Form, packed: Packed, size: int, by: str = LOCAL
) -> Upload:
    """Keep that a file was received, and have it looked at."""
    at = store.clock()
    file = {"name": name, "form": form, "packed": packed, "size": size}
    job = {"upload": id, "kind": "look", "since": at, "state": "waiting", "attempts": 0}
    with store.write() as connection:
        connection.execute(insert(uploads).values(id=id, received=at, by=by, **file))
        connection.execute(insert(jobs).values(**job, progress=asdict(Progress())))
        audit.append(connection, at, Entry(by, "upload", id, {"form": form, "size": size}))
        return find(connection, id)


def get(store: Store, id: str) -> Upload:
    """The upload of this id; raises `NotStored`."""
    with store.read() as connection:
        return find(connection, id)


def over(store: Store, before: datetime) -> list[str]:
    """The ids of uploads received before a time, on which nothing is done."""
    which = select(uploads, jobs).join(jobs).where(uploads.c.received < before)
    with store.read() as connection:
        return [each.id for each in map(_upload, connection.execute(which)) if not each.busy]


def known(store: Store) -> set[str]:
    """The ids of all uploads."""
    with store.read() as connection:
        return set(connection.scalars(select(uploads.c.id)))


def page(store: Store, *, after: str | None = None, limit: int) -> tuple[Upload, ...]:
    """Uploads, the newest first: those that came before the one with the id `after`."""
    which = select(uploads, jobs).join(jobs).order_by(uploads.c.id.desc()).limit(limit)
    if after is not None:
        which = which.where(uploads.c.id < after)
    with store.read() as connection:
        return tuple(map(_upload, connection.execute(which)))


def find(connection: Connection, id: str, *, lock: bool = False) -> Upload:
    """The upload of this id, which nobody else changes if it is locked; raises `NotStored`."""
    which = select(uploads, jobs).join(jobs).where(uploads.c.id == id)
    row = connection.execute(which.with_for_update() if lock else which).first()
    if row is None:
        raise NotStored(f"There is no upload {id[:40]!r}. It may have been deleted.")
    return _upload(row)


def remove(connection: Connection, upload: Upload, at: datetime, *, by: str) -> None:
    """Forget an upload in the caller's transaction; raises `StillBusy`."""
    if upload.busy:
        raise StillBusy(f"The upload {upload.id} is being worked on. Cancel that first, or wait.")
    connection.execute(delete(uploads).where(uploads.c.id == upload.id))
    audit.append(connection, at, Entry(by, "delete", upload.id))


def downloaded(store: Store, id: str, what: str, *, by: str = LOCAL) -> None:
    """Keep in the audit log that somebody took a file."""
    with store.write() as connection:
        audit.append(connection, store.clock(), Entry(by, "download", id, {"file": what}))


def new_id(store: Store) -> str:
    """An id for an upload that comes in now."""
    return ids.new(store.clock())


def _upload(row: Row[Any]) -> Upload:
    told = row._mapping
    same = ("id", "by", "name", "form", "packed", "size", "kind", "state", "error", "owner")
    return Upload(
        **{key: told[key] for key in same},
        received=utc(told["received"]),
        seen=None if told["seen"] is None else Seen(**_frozen(told["seen"])),
        ask=None if told["asked"] is None else Ask(**_frozen(told["asked"])),
        progress=Progress(**_frozen(told["progress"])),
    )


def _frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a JSON object, its lists as tuples."""
    return {name: _tuple(value) for name, value in values.items()}


def _tuple(value: Any) -> Any:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return tuple(map(_tuple, value)) if is_list else value
