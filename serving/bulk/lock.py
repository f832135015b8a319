"""One run at a time for one output."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from serving.bulk.errors import BadFile, Busy
from serving.bulk.folder import Folder, Local, naming

NAME = "lock"


@contextmanager
def hold(work: Folder, output: str) -> Iterator[None]:
    """Hold the folder of a run; raises `Busy` if another run does.

    On this machine the system holds the lock, and lets it go with the process. Elsewhere it is a
    file that says who wrote it: that guards against mistakes, not against a race.
    """
    holding = _held if isinstance(work, Local) else _said
    with holding(work, output):
        yield


@contextmanager
def _held(work: Folder, output: str) -> Iterator[None]:
    path = Path(work.path(NAME))
    with naming(str(path), "written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            gone = not os.path.samestat(os.fstat(handle), path.stat())
        except (BlockingIOError, FileNotFoundError):
            gone = True
        if gone:  # held, or taken away by a run that has just ended
            raise _busy(output, os.pread(handle, 200, 0))
        os.truncate(handle, 0)
        os.pwrite(handle, _me(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def _said(work: Folder, output: str) -> Iterator[None]:
    if NAME in work.names():
        owner = work.read(NAME)
        if not _is_gone(owner):
            raise _busy(output, owner, f" If it has ended, delete {work.path(NAME)}.")
    with work.publishing(NAME) as path:
        path.write_bytes(_me())
    try:
        yield
    finally:
        with suppress(BadFile):
            work.remove(NAME)


def _me() -> bytes:
    return json.dumps({"host": socket.gethostname(), "process": os.getpid()}).encode()


def _is_gone(owner: bytes) -> bool:
    """Whether the owner ran on this machine and runs no more."""
    try:
        said = json.loads(owner)
        if said["host"] != socket.gethostname():
            return False
        os.kill(said["process"], 0)
    except ProcessLookupError:
        return True
    except (ValueError, LookupError, TypeError, OSError):
        return False
    return False


def _busy(output: str, owner: bytes, way_out: str = "") -> Busy:
    try:
        said = json.loads(owner)
        who = f"process {said['process']} on {said['host']}"
    except (ValueError, LookupError, TypeError):
        who = "another process"
    return Busy(
        f"{output} is being written by {who}. Wait until it has ended, or give -o another name."
        f"{way_out}"
    )
