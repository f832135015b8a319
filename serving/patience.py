"""A word to whoever waits for the scorer, where that takes long."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import typer

SOON = 2.0
SAID = "Preparing the scorer; the first time on a machine this takes about half a minute."


@contextmanager
def patience(seconds: float = SOON, *, quiet: bool = False) -> Iterator[None]:
    """Say on standard error what is being done, if it is not done within `seconds`."""
    timer = Timer(seconds, typer.echo, [SAID], {"err": True})
    timer.daemon = True  # an interrupted start does not wait for it
    if not quiet:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
