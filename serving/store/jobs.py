"""The work on uploads: asked for, taken by one worker at a time, taken up again if that one dies.

A worker holds a job by a lease that it renews. Machines that share a database must agree on the
time to within the lease.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, and_, case, or_, select, update

from serving.store import audit, uploads
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.errors import BadQuestion, StillBusy
from serving.store.tables import jobs
from serving.store.tables import uploads as files
from serving.store.uploads import Ask, Kind, Progress, Seen, State, Upload

LEASE = timedelta(seconds=10)
MOST_ATTEMPTS = 5
KILLED = f"It ended the process that worked on it, {MOST_ATTEMPTS} times over."


def start(connection: Connection, upload: Upload, ask: Ask, at: datetime, *, by: str) -> None:
    """Have an upload scored, in the caller's transaction.

    Raises `StillBusy`, and `BadQuestion` for a column that it does not have.
    """
    if upload.busy:
        raise StillBusy(f"The upload {upload.id} is being worked on. Wait, or cancel that first.")
    _check(upload, ask)
    begun = {"kind": "score", "state": "waiting", "since": at, "attempts": 0, "error": None}
    told = {"asked": asdict(ask), "progress": asdict(Progress())}
    connection.execute(_of(upload.id).values(**begun, **told))
    audit.append(connection, at, Entry(by, "start", upload.id, {"to": ask.to}))


def cancel(store: Store, id: str, *, by: str = LOCAL) -> Upload:
    """Stop the work on an upload; what has reached the queue stays there. Raises `NotStored`."""
    with store.write() as connection:
        upload = uploads.find(connection, id, lock=True)
        if upload.state in ("waiting", "running"):
            connection.execute(_of(id).values(state="cancelled"))
            audit.append(connection, store.clock(), Entry(by, "cancel", id))
        return uploads.find(connection, id)


def claim(store: Store, kind: Kind, owner: str) -> Upload | None:
    """The job that has waited longest, now held by `owner`; None if none waits."""
    now = store.clock()
    left = and_(jobs.c.owner.is_not(None), jobs.c.expires < now)
    ready = or_(jobs.c.state == "waiting", left)
    which = select(jobs.c.upload, jobs.c.state, jobs.c.attempts)
    which = which.where(jobs.c.kind == kind, ready).order_by(jobs.c.since).limit(1)
    with store.read() as connection:  # to look keeps no writer waiting
        if connection.execute(which).first() is None:
            return None
    with store.write() as connection:
        row = connection.execute(which.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        if row.state not in ("waiting", "running"):  # its owner has died, and it is over
            connection.execute(_of(row.upload).values(owner=None, expires=None))
            return None
        if row.attempts >= MOST_ATTEMPTS:
            over = {"state": "failed", "error": KILLED, "owner": None, "expires": None}
            connection.execute(_of(row.upload).values(**over))
            return None
        held = {"owner": owner, "expires": now + LEASE, "attempts": row.attempts + 1}
        connection.execute(_of(row.upload).values(state="running", **held))
        return uploads.find(connection, row.upload)


def renew(store: Store, id: str, owner: str, progress: Progress, *, moved: bool) -> bool:
    """Hold a job for longer and tell how far it is; false if it is to be left.

    `moved` says that something was done since the last time.
    """
    told = {"expires": store.clock() + LEASE, "progress": asdict(progress)}
    if moved:
        told["attempts"] = 0
    with store.write() as connection:
        return bool(connection.execute(_held(id, owner).values(**told)).rowcount)


def end(
    store: Store,
    id: str,
    owner: str,
    state: State,
    progress: Progress,
    *,
    seen: Seen | None = None,
    error: str | None = None,
) -> None:
    """Let go of a job that is over; of one that was cancelled meanwhile, nothing else changes."""
    told = {"state": state, "error": error, "progress": asdict(progress)}
    with store.write() as connection:
        ours = connection.execute(_held(id, owner).values(**told)).rowcount
        if ours and seen is not None:
            connection.execute(update(files).where(files.c.id == id).values(seen=asdict(seen)))
        connection.execute(_left(owner))


def leave(store: Store, owner: str) -> None:
    """Let others take up what `owner` has not ended."""
    with store.write() as connection:
        connection.execute(_left(owner))


def unseen(upload: Upload) -> BadQuestion:
    """The error for an upload whose columns are not known."""
    why = upload.error or "It was cancelled before anybody looked. Upload it again."
    return BadQuestion(f"The columns of the upload {upload.id} are not known: {why}")


def _check(upload: Upload, ask: Ask) -> None:
    if upload.seen is None:
        raise unseen(upload)
    if not ask.text:
        raise BadQuestion("No column is said to hold the ads. Name one, or several.")
    for name in filter(None, (*ask.text, ask.id, ask.language)):
        if name not in upload.seen.columns:
            there = ", ".join(upload.seen.columns[:40])
            raise BadQuestion(f"There is no column {name[:40]!r}. The columns are: {there}.")


def _of(id: str) -> Update:
    return update(jobs).where(jobs.c.upload == id)


def _held(id: str, owner: str) -> Update:
    return _of(id).where(jobs.c.owner == owner, jobs.c.state == "running")


def _left(owner: str) -> Update:
    again = case((jobs.c.state == "running", "waiting"), else_=jobs.c.state)
    free = update(jobs).where(jobs.c.owner == owner)
    return free.values(state=again, owner=None, expires=None)
