"""Take a file in: to disk as it comes, within limits, and only then known to the store."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from serving.bulk import sources
from serving.bulk.errors import BadFormat
from serving.bulk.sources import FORMS, Form, Packed
from serving.store import uploads
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.uploads import Upload
from serving.store.values import MAX_NAME
from serving.uploads.shelf import Shelf

MAX_FILE = 4_000_000_000  # bytes
MAX_SILENCE = 30.0  # seconds between two pieces


async def receive(
    shelf: Shelf,
    store: Store,
    pieces: AsyncIterator[bytes],
    *,
    name: str,
    form: Form | None = None,
    by: str = LOCAL,
) -> Upload:
    """Keep a file that comes in pieces; it is on the disk before its upload is known.

    Raises `BadQuestion` for what is no file that we read, and what becomes a problem with status
    400, 408, 413 or 507.
    """
    name = _label(name)
    told, packed = _form(name, form)
    id = uploads.new_id(store)
    try:
        await run_in_threadpool(shelf.make, id)
        size = await _write(shelf.input(id, told, packed), pieces)
        return await run_in_threadpool(
            uploads.new, store, id, name=name, form=told, packed=packed, size=size, by=by
        )
    except BaseException as error:
        shelf.remove(id)
        if isinstance(error, OSError):
            why = error.strerror or type(error).__name__
            raise HTTPException(507, f"The file cannot be kept: {why}.") from error
        raise


async def _write(path: Path, pieces: AsyncIterator[bytes]) -> int:
    """Write a file so that it outlives a power cut; returns its bytes."""
    size = 0
    with path.open("xb") as file:
        while (piece := await _next(pieces)) is not None:
            size += len(piece)
            if size > MAX_FILE:
                raise HTTPException(413, f"The file has more than {MAX_FILE:,} bytes. Cut it.")
            await run_in_threadpool(file.write, piece)
        if not size:
            raise BadQuestion("The file is empty. Send its bytes as the body.")
        file.flush()
        await run_in_threadpool(os.fsync, file.fileno())
    return size


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(MAX_SILENCE):
            return await anext(pieces, None)
    except TimeoutError:
        raise HTTPException(408, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400, "The connection closed before the file had arrived.") from None


def _label(name: str) -> str:
    """What people call the file: the last part of a path, and nothing that does not print."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, last)).strip()[-MAX_NAME:] or "upload"


def _form(name: str, said: Form | None) -> tuple[Form, Packed]:
    try:
        told, packed = sources.form_of(name)
    except BadFormat:
        if said is None:
            raise BadQuestion(
                f"The name {name[:40]!r} does not tell the format. Let it end in "
                f"{', '.join(FORMS)} (then .gz or .zst if it is packed), or say the format."
            ) from None
        return said, sources.PACKED.get(f".{name.rpartition('.')[2].lower()}", "")
    return said or told, packed
