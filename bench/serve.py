"""The service with two more routes that answer with fixed bytes, to compare the real ones with.

`python -m bench.serve MODEL ANSWER` prints its port and serves until it is stopped.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.responses import Response

from model import artifact
from serving import server
from serving.deps import AdDep
from serving.settings import Settings


def main(model: str, long_answer: str, short_answer: str) -> None:
    """Serve a model on a free port."""
    config = server.configure(artifact.load(Path(model)), Settings(port=0))
    for name, file in (("long", long_answer), ("short", short_answer)):
        add_fixed(config.app, name, Path(file).read_bytes())
    with server.listen("127.0.0.1", 0) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[listening])


def add_fixed(app: FastAPI, name: str, answer: bytes) -> None:
    """Routes `/fixed/NAME`, that leaves the request unread, and `/parsed/NAME`, that checks it."""

    @app.post(f"/fixed/{name}")
    async def fixed() -> Response:
        return Response(answer, media_type="application/json")

    @app.post(f"/parsed/{name}")
    async def parsed(ad: AdDep) -> Response:
        del ad
        return Response(answer, media_type="application/json")


if __name__ == "__main__":
    main(*sys.argv[1:])
