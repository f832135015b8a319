"""Say how far a run is: a bar on a terminal, plain lines elsewhere, JSON for programs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from model.score import BANDS
from serving.bulk.tally import Tally
from serving.console import visible

Clock = Callable[[], float]
EVERY = 5.0


class Watch(Protocol):
    """Whoever follows a run."""

    def note(self, text: str) -> None:
        """Hear what was found out about the input."""

    def begin(self, tally: Tally) -> None:
        """Hear what an earlier run has done."""

    def tick(self, tally: Tally, share: float) -> None:
        """Hear what has been done in all, and which share of the input that is."""

    def end(self, tally: Tally, outputs: dict[str, str]) -> None:
        """Hear that all is done, and where what has been written is."""


class Silence:
    """Says nothing."""

    def note(self, text: str) -> None:
        """Keep it."""

    def begin(self, tally: Tally) -> None:
        """Keep it."""

    def tick(self, tally: Tally, share: float) -> None:
        """Keep it."""

    def end(self, tally: Tally, outputs: dict[str, str]) -> None:
        """Keep it."""


class Pace:
    """Rows a second, of this run alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows = 0
        self.start = clock()

    def begin(self, rows: int) -> None:
        """From here on `rows` more are counted."""
        self._rows, self.start = rows, self._clock()

    def of(self, rows: int) -> tuple[float, float]:
        """Seconds since the beginning, and rows a second."""
        seconds = self._clock() - self.start
        return seconds, (rows - self._rows) / seconds if seconds > 0 else 0.0


class Plain:
    """Prints a line now and then."""

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._pace = Pace(clock)
        self._said = self._pace.start

    def note(self, text: str) -> None:
        """Print it."""
        _say(self._console, text)

    def begin(self, tally: Tally) -> None:
        """Say what is done already."""
        self._pace.begin(tally.rows)
        _going_on(self._console, tally)

    def tick(self, tally: Tally, share: float) -> None:
        """Print how far it is, if the last time is a while ago."""
        now = self._clock()
        if now - self._said >= EVERY:
            self._said = now
            _, rate = self._pace.of(tally.rows)
            _say(self._console, f"{share:.0%}: {so_far(tally, rate)}")

    def end(self, tally: Tally, outputs: dict[str, str]) -> None:
        """Print the table of bands, the count of rows, and where they are."""
        seconds, _ = self._pace.of(tally.rows)
        summary(self._console, tally, seconds, outputs)


class Bar(Plain):
    """Moves a bar."""

    def __init__(self, progress: Progress, clock: Clock) -> None:
        super().__init__(progress.console, clock)
        self._progress = progress
        self._task = progress.add_task("", total=1.0)

    def tick(self, tally: Tally, share: float) -> None:
        """Move the bar."""
        _, rate = self._pace.of(tally.rows)
        self._progress.update(self._task, description=so_far(tally, rate), completed=share)

    def end(self, tally: Tally, outputs: dict[str, str]) -> None:
        """Take the bar away, and print the table."""
        self._progress.stop()
        super().end(tally, outputs)


class Json:
    """Writes each event as a line of JSON."""

    def __init__(self, out: TextIO, clock: Clock) -> None:
        self._out = out
        self._pace = Pace(clock)

    def note(self, text: str) -> None:
        """Write it."""
        self._write(event="note", text=text)

    def begin(self, tally: Tally) -> None:
        """Write what is done already."""
        self._pace.begin(tally.rows)
        self._write(event="begin", **asdict(tally))

    def tick(self, tally: Tally, share: float) -> None:
        """Write how far it is."""
        seconds, rate = self._pace.of(tally.rows)
        so_far = {"share": round(share, 4), "seconds": round(seconds, 1), "rate": round(rate, 1)}
        self._write(event="progress", **asdict(tally), **so_far)

    def end(self, tally: Tally, outputs: dict[str, str]) -> None:
        """Write the counts and where everything is."""
        seconds, rate = self._pace.of(tally.rows)
        timed = {"seconds": round(seconds, 1), "rate": round(rate, 1)}
        self._write(event="end", **asdict(tally), written=tally.written, **timed, **outputs)

    def _write(self, **event: object) -> None:
        self._out.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._out.flush()


@contextmanager
def watching(console: Console, clock: Clock) -> Iterator[Watch]:
    """Whoever follows a run on this console."""
    if not console.is_terminal:
        yield Plain(console, clock)
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bar(progress, clock)


def so_far(tally: Tally, rate: float) -> str:
    """One line: rows, rate, bands, failures and rejects."""
    bands = ", ".join(f"{band} {tally.bands.get(band, 0):,}" for band in BANDS)
    lost = f"failed {tally.failed:,}, rejects {tally.rejects:,}"
    return f"{tally.rows:,} rows, {rate:,.0f} a second; {bands}, {lost}"


def summary(console: Console, tally: Tally, seconds: float, outputs: dict[str, str]) -> None:
    """The table at the end: bands with counts and shares, rows in and out, seconds, places."""
    table = Table("Band", box=None, pad_edge=False)
    table.add_column("Ads", justify="right")
    table.add_column("Share", justify="right")
    for band in BANDS:
        count = tally.bands.get(band, 0)
        table.add_row(band, f"{count:,}", f"{count / max(tally.scored, 1):.1%}")
    console.print(table)
    rows = f"{tally.rows:,} rows in = {tally.written:,} rows out + {tally.rejects:,} rejects"
    _say(console, f"{rows}; {tally.failed:,} rows out have no score. {seconds:.1f} s.")
    for name, place in outputs.items():
        _say(console, f"{name.capitalize()}: {place}")


def _going_on(console: Console, tally: Tally) -> None:
    if tally.rows:
        _say(console, f"Going on: {tally.rows:,} rows were done by an earlier run.")


def _say(console: Console, text: str) -> None:
    console.print(visible(text), markup=False, highlight=False, soft_wrap=True)
