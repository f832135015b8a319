"""The files that come of an upload, to be taken away; the audit log tells of it."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from starlette.responses import FileResponse, Response

from serving.store import uploads
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.uploads.shelf import Shelf

What = Literal["result", "rejects"]

MEDIA: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(store: Store, shelf: Shelf, id: str, what: What, *, by: str = LOCAL) -> Response:
    """One of the files; raises `NotStored`."""
    upload = uploads.get(store, id)
    path = shelf.result(upload) if what == "result" else shelf.rejects(upload)
    uploads.downloaded(store, id, what, by=by)
    ending = path.suffix.removeprefix(".")
    title = upload.name.removesuffix("".join(PurePosixPath(upload.name).suffixes)) or "upload"
    word = "scored" if what == "result" else what
    return FileResponse(path, media_type=MEDIA[ending], filename=f"{title}.{word}.{ending}")
