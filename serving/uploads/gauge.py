"""How far a job is, kept for whoever asks."""

from collections.abc import Callable
from dataclasses import asdict, replace

from serving.bulk.progress import Pace
from serving.bulk.tally import Tally
from serving.store.uploads import Progress

MOST_NOTES = 20


class Gauge:
    """Follows a run, as a `Watch`, and remembers the last that it heard."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._pace = Pace(clock)
        self.progress = Progress()

    def note(self, text: str) -> None:
        """Keep it, once."""
        notes = dict.fromkeys((*self.progress.notes, text))
        self.progress = replace(self.progress, notes=tuple(notes)[:MOST_NOTES])

    def begin(self, tally: Tally) -> None:
        """Keep what an earlier run has done."""
        self._pace.begin(tally.rows)
        self._keep(tally, 0.0)

    def tick(self, tally: Tally, share: float) -> None:
        """Keep how far it is."""
        self._keep(tally, share)

    def end(self, tally: Tally, _: dict[str, str]) -> None:
        """Keep the counts."""
        self._keep(tally, 1.0)

    def _keep(self, tally: Tally, share: float) -> None:
        _, rate = self._pace.of(tally.rows)
        so_far = asdict(tally) | {"share": round(share, 4), "rate": round(rate, 1)}
        self.progress = replace(self.progress, **so_far)
