"""Say how far a run is: a bar on a terminal, plain lines elsewhere, a table at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from model.score import BANDS
from serving.console import visible
from serving.score_file import Tally, Watch

Clock = Callable[[], float]
EVERY = 5.0


class Silence:
    """Says nothing."""

    def note(self, text: str) -> None:
        """Keep it."""

    def tick(self, tally: Tally, share: float | None) -> None:
        """Keep it."""


class Plain:
    """Prints a line now and then."""

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._start = self._said = clock()

    def note(self, text: str) -> None:
        """Print it."""
        _say(self._console, text)

    def tick(self, tally: Tally, share: float | None) -> None:
        """Print how far it is, if the last time is a while ago."""
        now = self._clock()
        if now - self._said < EVERY:
            return
        self._said = now
        done = "" if share is None else f"{share:.0%}: "
        _say(self._console, done + so_far(tally, now - self._start))


class Bar:
    """Moves a bar."""

    def __init__(self, progress: Progress, clock: Clock) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)
        self._clock = clock
        self._start = clock()

    def note(self, text: str) -> None:
        """Print it above the bar."""
        _say(self._progress.console, text)

    def tick(self, tally: Tally, share: float | None) -> None:
        """Move the bar."""
        text = so_far(tally, self._clock() - self._start)
        total = None if share is None else 1.0
        self._progress.update(self._task, description=text, total=total, completed=share or 0)


@contextmanager
def watching(console: Console, clock: Clock, *, quiet: bool = False) -> Iterator[Watch]:
    """Whoever follows a run on this console."""
    if quiet or not console.is_terminal:
        yield Silence() if quiet else Plain(console, clock)
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bar(progress, clock)


def so_far(tally: Tally, seconds: float) -> str:
    """One line: rows, rate, bands and failures."""
    rate = tally.rows / seconds if seconds > 0 else 0
    bands = ", ".join(f"{band} {tally.bands.get(band, 0):,}" for band in BANDS)
    return f"{tally.rows:,} rows, {rate:,.0f} a second; {bands}, failed {tally.failed:,}"


def summary(console: Console, tally: Tally, seconds: float, target: str) -> None:
    """The table at the end: bands with counts and shares, rows in and out, failures, seconds."""
    table = Table("Band", box=None, pad_edge=False)
    table.add_column("Ads", justify="right")
    table.add_column("Share", justify="right")
    for band in BANDS:
        count = tally.bands.get(band, 0)
        table.add_row(band, f"{count:,}", f"{count / max(tally.scored, 1):.1%}")
    console.print(table)
    rows = f"{tally.rows:,} rows in, {tally.scored + tally.failed:,} rows out"
    _say(console, f"{rows}, {tally.failed:,} failed, {seconds:.1f} s. Written to {target}.")


def _say(console: Console, text: str) -> None:
    console.print(visible(text), markup=False, highlight=False, soft_wrap=True)
