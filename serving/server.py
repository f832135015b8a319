"""Run the service until it is told to stop."""

import errno
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

import uvicorn

from model.scorer import Scorer
from serving import logs
from serving.app import create_app
from serving.settings import DATABASE, MAKE_KEY, BadSettings, Settings
from serving.store import engine, people, promotions
from serving.store.engine import Store
from serving.uploads import crew

MAX_CONNECTIONS = 512  # idle ones too; `Shield` caps the requests among them
GRACE = 30  # seconds for running requests to end
NEAR = 50
NOT_KEPT = "Nothing is kept: keys are set, and LUREWATCH_DATABASE_URL names no database"

logger = logging.getLogger(__name__)


def run(scorer: Scorer, settings: Settings) -> None:
    """Serve `scorer` until interrupted.

    Uploads are worked on by processes that end with it. Raises `BadSettings` where it cannot
    listen, or others would reach what nobody needs a password for; `BadStore` where it cannot keep
    ads.
    """
    # uvicorn sends SIGTERM again when it has ended, which would leave the workers behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        opened(settings) as store,
        listen(settings.host, settings.port) as listening,
        crew.working(settings, store) if store else nullcontext(),
        suppress(KeyboardInterrupt),
    ):
        if store:
            promotions.note(store, scorer.version)
        server = uvicorn.Server(configure(scorer, settings, store))
        # uvicorn says where it listens only of sockets that it has opened itself.
        logger.info("Listening on %s", _address(settings.host, listening))
        logger.info("%s", f"Ads are kept in {store.name}" if store else NOT_KEPT)
        server.run(sockets=[listening])


@contextmanager
def opened(settings: Settings) -> Iterator[Store | None]:
    """The store of a service; None for one that opens by keys alone and names no database.

    Raises `BadSettings` if other machines reach the service and it asks for no password or key.
    """
    if settings.keys and not settings.local and settings.database == DATABASE:
        yield None
        return
    store = engine.open(settings.database)
    try:
        if not (settings.local or settings.keys or people.there_are(store)):
            raise BadSettings(
                f"The host {settings.host!r} can be reached from other machines, and nobody has a "
                "password. Let an admin in with `lurewatch people add NAME --role admin`, or set "
                f'a key with LUREWATCH_KEYS="$({MAKE_KEY})", or listen on 127.0.0.1.'
            )
        yield store
    finally:
        store.close()


def configure(scorer: Scorer, settings: Settings, store: Store | None = None) -> uvicorn.Config:
    """The server's own limits, for clients that are slow, many or never leave."""
    return uvicorn.Config(
        create_app(scorer, settings, store),
        host=settings.host,
        port=settings.port,
        log_config=logs.config(),
        access_log=False,  # `Watch` tells of requests
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=16_384,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; raises `BadSettings` if that cannot be."""
    try:
        return _open(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise BadSettings(
                f"Cannot listen on {host} port {port}: {error.strerror or error}. "
                "Give an address of this machine: --host and --port, or LUREWATCH_HOST and "
                "LUREWATCH_PORT."
            ) from error
        other = _next_free(host, port) or "N"
        raise BadSettings(
            f"Port {port} on {host} is in use. Give another: --port {other}, or "
            f"LUREWATCH_PORT={other}."
        ) from error


def _address(host: str, listening: socket.socket) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


def _open(host: str, port: int) -> socket.socket:
    # asyncio sends answers at once (TCP_NODELAY) only on a socket that says its protocol.
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    opened = socket.socket(family, kind, proto)
    try:
        # A port whose last connections are still closing may be taken at once.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(2048)
    except OSError:
        opened.close()
        raise
    return opened


def _next_free(host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + NEAR, 65_535) + 1):
        with suppress(OSError):
            _open(host, candidate).close()
            return candidate
    return None
