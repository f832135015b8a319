"""Files from end to end: rows a second on two processes, memory, and what the parts take alone.

Every figure of speed comes twice, by the clock and by processor time: on a machine that others use
too, the clock punishes whoever wants two cores.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.special import expit

from bench import machine, names
from bench.ours import Ours
from bench.rounds import Figure
from bench.sklearn_peers import Pipeline
from model.ad import Ad
from model.linear import explain
from serving.bulk.output import Columns, Output
from serving.bulk.sources import Form
from serving.bulk.write import join, part

FORMS: Mapping[str, Form] = {names.FILE_CSV: "csv", names.FILE_PARQUET: "parquet"}
PROCESSES = 2
BATCH = 500
WRITTEN = 10_000  # rows that are held while a file is written
#: Rows for the slow peer.
PLAIN = 2_000
#: Seconds between two looks at the processes.
LOOK = 0.25

Rates = dict[str, tuple[float, float]]  # rows a second by the clock, and by processor time


@dataclass(frozen=True, slots=True)
class Used:
    """What a command took: seconds, processor seconds of all its processes, memory in GiB."""

    seconds: float
    cpu: float
    memory: tuple[float, ...]


def figures(
    texts: Sequence[str],
    ours: Ours,
    pipeline: Pipeline,
    folder: Path,
    *,
    rows: int,
    rounds: int,
    progress: Callable[[str], None],
) -> list[Figure]:
    """The figures of all contestants, who take turns; `rows` are drawn from `texts` in turn."""
    places = {name: folder / f"rows.{form}" for name, form in FORMS.items()}
    for name, path in places.items():
        progress(f"writing {path.name}")
        write(path, FORMS[name], texts, rows=rows)
    found: list[Rates] = []
    memory: list[tuple[float, ...]] = []
    for number in range(1, rounds + 1):
        progress(f"round {number}: alone")
        rates = {**_alone(ours, texts), names.FILE_PLAIN: _plain(pipeline, texts, folder)}
        for name, path in places.items():
            progress(f"round {number}: {name}")
            used = score(path, folder / f"out{path.suffix}", ours.folder)
            rates[name] = rows / used.seconds, rows / used.cpu
            memory.append(used.memory)
        found.append(rates)
    return [*_speeds(found), *_memory(memory)]


def write(path: Path, form: Form, texts: Sequence[str], *, rows: int) -> None:
    """A table with `rows` rows: an id, and the texts over and over."""
    output = Output(form, Columns(("id", "text"), ("integer", "text")), escape=False, bom=False)
    piece = path.with_suffix(".piece")
    with part(piece, output) as out:
        for first in range(0, rows, WRITTEN):
            numbers = range(first, min(first + WRITTEN, rows))
            out.write([{"id": i, "text": texts[i * 7919 % len(texts)]} for i in numbers])
    with path.open("wb") as whole:
        join([piece], whole, output)
    piece.unlink(missing_ok=True)


def score(path: Path, out: Path, model: Path) -> Used:
    """Score a file with the command, on two cores and two processes."""
    command = ["score", path, "-o", out, "--model", model, "--processes", PROCESSES, "--quiet"]
    with machine.pinned(machine.TWO):
        start = time.perf_counter()
        running = subprocess.Popen([sys.executable, "-m", "serving", *map(str, command)])
    cpu: dict[int, float] = {}
    memory = []
    while running.poll() is None:
        alive = list(_family(running.pid))
        cpu.update({pid: spent for pid in alive if (spent := machine.cpu_seconds(pid))})
        memory.append(sum(map(machine.own_gib, alive)))
        time.sleep(LOOK)
    seconds = time.perf_counter() - start
    if running.returncode:
        raise RuntimeError(f"{command} ended with {running.returncode}")
    out.unlink()
    return Used(seconds, sum(cpu.values()), tuple(memory))


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for child in machine.children(pid):
        yield from _family(child)


def _alone(ours: Ours, texts: Sequence[str]) -> Rates:
    """Log-odds and phrases alone, and whole scores: one process, no files."""
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    ads = [[Ad(text) for text in batch] for batch in batches]
    scorer = ours.scorer
    return {
        names.FILE_KERNEL: _rate(lambda batch: explain(scorer.linear, batch), batches),
        names.FILE_COLUMNS: _rate(scorer.columns, ads),
        names.FILE_SCORER: _rate(scorer.score, ads),
    }


def _plain(pipeline: Pipeline, texts: Sequence[str], folder: Path) -> tuple[float, float]:
    """The script that one would write: read with pandas, score with scikit-learn, write."""
    path = folder / "plain.csv"
    some = texts[:PLAIN]
    pd.DataFrame({"id": range(len(some)), "text": some}).to_csv(path, index=False)

    def script(_: Sequence[str]) -> None:
        table = pd.read_csv(path)
        chances = expit(pipeline.scores(table["text"]))
        table["risk"], table["band"] = chances[:, 0], pd.cut(chances[:, 0], [0, 0.5, 0.9, 1])
        table.to_csv(folder / "plain.out.csv", index=False)

    return _rate(script, [some])


def _rate(work: Callable[[Any], object], batches: Sequence[Sequence[Any]]) -> tuple[float, float]:
    work(batches[0])
    wall, cpu = time.perf_counter(), time.process_time()
    for batch in batches:
        work(batch)
    rows = sum(map(len, batches))
    return rows / (time.perf_counter() - wall), rows / (time.process_time() - cpu)


def _speeds(found: Sequence[Rates]) -> Iterator[Figure]:
    for name in found[0]:
        clock, cpu = zip(*(rates[name] for rates in found), strict=True)
        yield Figure(name, SETTINGS[name], "rows/s", clock)
        yield Figure(name + names.BY_CPU, SETTINGS[name], "rows/CPU s", cpu)


def _memory(looks: Sequence[Sequence[float]]) -> Iterator[Figure]:
    """The peak of a run, and by how much its second half lies above its first."""
    peaks = tuple(max(each) for each in looks)
    halves = [(each[: len(each) // 2], each[len(each) // 2 :]) for each in looks]
    growth = tuple(max(late) - max(early, default=0) for early, late in halves)
    how = "all processes, what they share counted once"
    yield Figure(names.FILE_MEMORY, how, "GiB", peaks)
    yield Figure(names.FILE_GROWTH, f"second half of a run against its first; {how}", "GiB", growth)


SETTINGS = {
    names.FILE_CSV: f"lurewatch score, {PROCESSES} processes, start and end included",
    names.FILE_PARQUET: f"lurewatch score, {PROCESSES} processes, start and end included",
    names.FILE_KERNEL: f"log-odds and phrases, one process, batches of {BATCH}, no file",
    names.FILE_COLUMNS: f"whole scores by column, one process, batches of {BATCH}, no file",
    names.FILE_SCORER: f"whole scores, with language, one process, batches of {BATCH}, no file",
    names.FILE_PLAIN: "pandas and TF-IDF of words + characters: scores, no phrases",
}
