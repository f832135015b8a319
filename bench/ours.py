"""Lurewatch itself: log-odds of every label and the phrases of every label."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench import labelled, machine, names
from bench.labelled import Labelled
from bench.rounds import Contestant, Measure, single, timed
from model import artifact, indicators
from model.ad import Ad
from model.linear import Linear, explain
from model.ngrams import NgramVectorizer, Ranges
from model.scorer import Scorer, Thresholds
from training import plan, stopwords

#: No character n-grams: a range that is empty.
NO_CHARS = (1, 0)
#: So many times over a batch outlasts the moment until both cores have their thread.
MANY = 64


@dataclass(frozen=True, slots=True)
class Ours:
    """A scorer, and the folder that its artifact was written to."""

    scorer: Scorer
    folder: Path

    def fresh(self) -> Linear:
        """The weights with an empty word cache of their own."""
        return replace(self.scorer.linear)


def full() -> Ranges:
    """The n-grams of the shipped plan."""
    return plan.load().ngrams.ranges


def words() -> Ranges:
    """The same without characters."""
    return replace(full(), chars=NO_CHARS)


def fit(texts: Labelled, ranges: Ranges, folder: Path) -> Ours:
    """Fit on labelled texts, without the calibration, and write the artifact."""
    vectorizer = NgramVectorizer(ranges=ranges, min_df=plan.load().ngrams.min_df)
    weights = labelled.fit(vectorizer.fit_transform(texts.texts), texts.values)
    linear = Linear(
        labels=texts.names,
        ranges=ranges,
        tables=vectorizer.tables_,
        terms=vectorizer.terms_,
        hashes=vectorizer.hashes_,
        idf=vectorizer.idf_,
        weights=weights.matrix.astype(np.float32),
        intercepts=weights.intercepts,
        stop=stopwords.flags(vectorizer.terms_, texts.languages),
    )
    thresholds = Thresholds(0.5, 0.9, dict.fromkeys(texts.names[1:], 0.5))
    scorer = Scorer("", linear, indicators.load(), thresholds, {}, texts.languages)
    return Ours(scorer, artifact.save(folder, scorer, plan={}, extra={}))


def contestants(both: Ours, plain: Ours, warm: Sequence[str]) -> list[Contestant]:
    """Warm, cold, on one thread and two, and one ad alone; each has its own word cache."""
    labels = len(both.scorer.linear.labels)
    ranges = full()
    plainly = f"words 1-{ranges.words}, ideographs 1-{ranges.signs}"
    chars = f"{plainly}, characters {ranges.chars[0]}-{ranges.chars[1]}"
    what = f"scores and phrases of {labels} labels, {chars}"
    only = f"scores and phrases of {labels} labels, {plainly}"
    clock = time.perf_counter
    long = f"{what}; the round's ads {MANY} times over"
    return [
        Contestant(names.OURS, f"{what}; warm cache", _batch(both, warm)),
        Contestant(names.OURS_WORDS, f"{only}; warm cache", _batch(plain, warm)),
        Contestant(names.OURS_COLD, f"{what}; first pass of a new process", _cold(both)),
        Contestant(names.OURS_WORDS_COLD, f"{only}; first pass of a new process", _cold(plain)),
        Contestant(
            names.ONE_THREAD, f"{long}; by the clock", _many(_batch(both, warm, clock=clock))
        ),
        Contestant(names.TWO_THREADS, f"{long}; by the clock, 2 cores", _many(_on_two(both, warm))),
        Contestant(names.ALONE, f"{what}; median of single calls", _alone(both, warm)),
        Contestant(
            names.ALONE_SCORED,
            "the same as a score, with the language of the ad; median of single calls",
            single(lambda text: both.scorer.score([Ad(text)])),
        ),
    ]


def _many(measure: Measure) -> Measure:
    """The same on a batch that is long beside the time that threads take to start."""
    return lambda warm, texts: measure(warm, [*texts] * MANY)


def _batch(
    ours: Ours, warm: Sequence[str], clock: Callable[[], float] = time.process_time
) -> Measure:
    linear = ours.fresh()
    explain(linear, warm)
    return timed(lambda texts: explain(linear, texts), clock=clock)


def _alone(ours: Ours, warm: Sequence[str]) -> Measure:
    linear = ours.fresh()
    explain(linear, warm)
    return single(lambda text: explain(linear, [text]))


def _on_two(ours: Ours, warm: Sequence[str]) -> Measure:
    linear = ours.fresh()
    inner = timed(lambda texts: explain(linear, texts, threads=2), clock=time.perf_counter)

    def measure(warm: Sequence[str], texts: Sequence[str]) -> float:
        with machine.pinned(machine.TWO):
            return inner(warm, texts)

    for _ in range(2):  # each thread remembers words of its own
        explain(linear, warm, threads=2)
    return measure


def _cold(ours: Ours) -> Measure:
    def measure(_: Sequence[str], texts: Sequence[str]) -> float:
        return child("cold", str(ours.folder), texts=texts)

    return measure


def child(*arguments: str, texts: Sequence[str] = ()) -> float:
    """The number that `bench.child` answers with, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.child", *arguments],
        input=json.dumps(texts),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)
