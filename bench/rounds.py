"""Measure contestants in turn, A B C A B C …, so that a change of the machine's speed meets all."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Texts that a contestant is given, untimed, right before it is timed.
WARM_UP = 16

Measure = Callable[[Sequence[str], Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way of doing the work. `measure(warm, texts)` gives microseconds for one of the texts.

    `most` limits how many texts of a round a slow one gets.
    """

    name: str
    settings: str
    measure: Measure
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A contestant's value in each round, and how it was reached."""

    name: str
    settings: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.values)

    def over(self, other: "Figure") -> tuple[float, ...]:
        """How many times the other's value, round by round."""
        return tuple(a / b for a, b in zip(self.values, other.values, strict=True))


def timed(
    run: Callable[[Any], object],
    prepare: Callable[[Sequence[str]], Any] = list,
    *,
    clock: Callable[[], float] = time.process_time,
) -> Measure:
    """Measure one call of `run` on what `prepare`, which is not timed, makes of the texts."""

    def measure(warm: Sequence[str], texts: Sequence[str]) -> float:
        run(prepare(warm[: min(WARM_UP, len(texts))]))
        ready = prepare(texts)
        gc.collect()
        start = clock()
        run(ready)
        return (clock() - start) / len(texts) * 1e6

    return measure


def single(run: Callable[[str], object]) -> Measure:
    """Measure calls with one text each, and take the median."""

    def measure(warm: Sequence[str], texts: Sequence[str]) -> float:
        for text in warm[:WARM_UP]:
            run(text)
        gc.collect()
        return statistics.median(_once(run, text) for text in texts) * 1e6

    return measure


def interleave(
    contestants: Iterable[Contestant],
    warm: Sequence[str],
    rounds: Iterable[Sequence[str]],
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Figure]:
    """Every contestant's figure; in each round all get the same texts."""
    values: Mapping[str, tuple[Contestant, list[float]]] = {
        each.name: (each, []) for each in contestants
    }
    for number, texts in enumerate(rounds, 1):
        for name, (contestant, found) in values.items():
            progress(f"round {number}: {name}")
            found.append(contestant.measure(warm, texts[: contestant.most]))
    return [
        Figure(name, each.settings, "µs/ad", tuple(found)) for name, (each, found) in values.items()
    ]


def _once(run: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    run(text)
    return time.perf_counter() - start
