"""A real PostgreSQL server in a folder of its own, run by a user without rights."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
USER = "postgres"


def missing() -> str:
    """Why there can be no server; nothing if there can."""
    return "" if PLACES else "PostgreSQL is not installed (Debian: apt-get install postgresql)"


class Server:
    """A server that is started and stopped at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        # It refuses to run as root, and gives its user away to nobody.
        self.user = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(folder, USER, USER)
        self._run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        """Stop at once, as if killed."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def new_url(self) -> str:
        """The address of a new database."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [PLACES[0] / program, "-D", self.folder / "data", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        subprocess.run(command, check=True, cwd=self.folder, **quiet, **self.user)


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="lurewatch-pg-", dir="/tmp") as name:
        server = Server(Path(name))
        server.start()
        try:
            yield server
        finally:
            server.stop()
