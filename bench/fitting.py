"""Fit the vectorisers on many ads, and find the peak of memory of ours."""

import gc
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench import machine, names, ours, sklearn_peers
from bench.rounds import Figure
from model.ngrams import NgramVectorizer

#: The goal for memory is about so many ads.
MANY = 100_000


def times(
    texts: Sequence[str], *, rounds: int, progress: Callable[[str], None] = lambda _: None
) -> list[Figure]:
    """Seconds of `fit_transform` on the texts, one after the other on one core, ours on two."""
    size = f"{len(texts):,} ads"
    ways: dict[str, tuple[str, Callable[[], float]]] = {
        names.FIT: (f"{size}; one core", partial(_ours, texts)),
        names.FIT_TWO: (f"{size}; by the clock, two cores", partial(_ours_on_two, texts)),
        names.FIT_SKLEARN: (
            f"{size}; {sklearn_peers.NGRAMS}, sublinear, min_df 3; one core",
            partial(_seconds, sklearn_peers.words_and_chars().fit_transform, texts),
        ),
    }
    values: dict[str, list[float]] = {name: [] for name in ways}
    NgramVectorizer(ranges=ours.full(), min_df=1).fit_transform(texts[:16])  # to compile it
    for number in range(1, rounds + 1):
        for name, (_, measure) in ways.items():
            progress(f"round {number}: {name}")
            values[name].append(measure())
    return [Figure(name, ways[name][0], "s", tuple(found)) for name, found in values.items()]


def memory(real: Path, *, count: int, size: int) -> Figure:
    """GiB at the peak of a fit on all cores, in a new process."""
    settings = (
        f"{count:,} ads of {size:,} characters, their texts included; rows of single precision"
    )
    with machine.pinned(machine.CORES):
        found = ours.child("memory", str(real), str(count), str(size))
    name = names.FIT_MEMORY if count >= MANY else names.FIT_MEMORY_FEWER
    return Figure(name, settings, "GiB", (found,))


def _ours(texts: Sequence[str]) -> float:
    return _seconds(NgramVectorizer(ranges=ours.full()).fit_transform, texts)


def _ours_on_two(texts: Sequence[str]) -> float:
    with machine.pinned(machine.TWO):
        return _seconds(
            NgramVectorizer(ranges=ours.full()).fit_transform, texts, clock=time.perf_counter
        )


def _seconds(
    fit: Callable[[Sequence[str]], object],
    texts: Sequence[str],
    *,
    clock: Callable[[], float] = time.process_time,
) -> float:
    gc.collect()
    start = clock()
    fit(texts)
    return clock() - start
