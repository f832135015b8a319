"""`python -m bench`: measure Lurewatch and its peers on real ads, in one run."""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numba
from rich.console import Console
from threadpoolctl import threadpool_limits

from bench import (
    ads,
    bulk,
    explainers,
    fitting,
    floor,
    hashing_peers,
    labelled,
    machine,
    ours,
    report,
    sklearn_peers,
    tables,
    web,
)
from bench.rounds import Contestant, Figure, interleave

ROOT = Path(__file__).parents[1]
SCORING = ("ours", "sklearn", "explainers", "hashing", "floor")
PARTS = (*SCORING, "fit", "memory", "http", "start", "tables", "bulk")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for."""
    asked = parse(arguments)
    out = Console(width=None if sys.stdout.isatty() else 200)
    if not any(asked.real.glob("*.jsonl.gz")):
        out.print(f"Skipped: there are no real ads (*.jsonl.gz) in {asked.real}; name them: --real")
        return 0
    rows = [row for row in ads.read(asked.real) if asked.language in (None, row[0])]
    machine.pin(machine.FIRST)
    numba.set_num_threads(1)
    status = Console(stderr=True).status("")
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder, status:
        try:
            header, figures = Run(asked, rows, Path(folder), status.update).all()
        except ads.TooFew as error:
            out.print(str(error))
            return 2
    report.show(out, header, figures)
    if asked.json:
        report.write(asked.json, header, figures)
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options, each with the default of `make bench`."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    real = ROOT.parent / "shared/data/real"
    parser.add_argument("--real", type=Path, default=real, help="folder of real ads, *.jsonl.gz")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be repeated")
    parser.add_argument("--language", help="only the real ads in this language, such as en")
    parser.add_argument("--json", type=Path, help="write every round's figures to this file")
    sizes = {
        "ads": (120, "unseen ads in a round"),
        "rounds": (5, "rounds of every contestant"),
        "size": (3_000, "characters of an ad"),
        "lime-ads": (1, "ads in a round for LIME"),
        "fit-ads": (4_000, "ads to fit the vectorisers on"),
        "fit-rounds": (1, "fits of each vectoriser"),
        "memory-ads": (10_000, "ads of the fit whose memory is measured"),
        "table-ads": (20_000, "ads of 1,000 characters in a table"),
        "bulk-rows": (200_000, "rows of the files that are scored from end to end"),
        "bulk-rounds": (3, "rounds of scoring them"),
        "requests": (1_000, "requests for a figure of a round"),
    }
    for name, (default, what) in sizes.items():
        parser.add_argument(
            f"--{name}", type=int, default=default, help=f"{what} (default: {default:,})"
        )
    return parser.parse_args(arguments)


class Run:
    """One run: the texts, and the models that are fitted once for all parts."""

    def __init__(
        self,
        asked: argparse.Namespace,
        rows: list[tuple[str, str]],
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self.asked, self.rows, self.folder, self.say = asked, rows, folder, say
        self.parts = asked.only or PARTS
        self.ads = ads.prepare(rows, count=asked.ads, rounds=asked.rounds, size=asked.size)
        self.texts = labelled.load(ROOT / "data/labeled")

    def all(self) -> tuple[dict[str, str], list[Figure]]:
        """What the header says, and the figures of the parts that were asked for."""
        header = machine.facts() | self._sizes()
        need_ours = {"ours", "http", "start", "bulk"} & set(self.parts)
        both = self._ours("full") if need_ours else None
        figures = self._scoring(both)
        if "fit" in self.parts:
            texts = ads.many(self.rows, count=self.asked.fit_ads, size=self.asked.size)
            figures += fitting.times(texts, rounds=self.asked.fit_rounds, progress=self.say)
        if "memory" in self.parts:
            self.say("memory of a fit")
            figures.append(
                fitting.memory(self.asked.real, count=self.asked.memory_ads, size=self.asked.size)
            )
        return header, figures + self._web(both) + self._tables() + self._bulk(both)

    def _tables(self) -> list[Figure]:
        if "tables" not in self.parts:
            return []
        texts = ads.many(self.rows, count=self.asked.table_ads, size=1_000)
        return tables.figures(texts, self.folder, rounds=self.asked.rounds, progress=self.say)

    def _bulk(self, both: ours.Ours | None) -> list[Figure]:
        if both is None or "bulk" not in self.parts:
            return []
        self.say("fitting scikit-learn")
        order = random.Random(0)
        texts = [text for _, text in order.sample(self.rows, len(self.rows)) if text.strip()]
        return bulk.figures(
            texts,
            both,
            sklearn_peers.Pipeline.fit(sklearn_peers.words_and_chars(), self.texts),
            self.folder,
            rows=self.asked.bulk_rows,
            rounds=self.asked.bulk_rounds,
            progress=self.say,
        )

    def _scoring(self, both: ours.Ours | None) -> list[Figure]:
        found: list[Contestant] = []
        if both and "ours" in self.parts:
            found += ours.contestants(both, self._ours("words"), self.ads.warm)
        if "floor" in self.parts:
            found += floor.contestants()
        if "hashing" in self.parts:
            found += hashing_peers.contestants(self.texts, self.folder)
        if {"sklearn", "explainers"} & set(self.parts):
            self.say("fitting scikit-learn")
            full = sklearn_peers.Pipeline.fit(sklearn_peers.words_and_chars(), self.texts)
            plain = sklearn_peers.Pipeline.fit(sklearn_peers.words(), self.texts)
            if "sklearn" in self.parts:
                found += sklearn_peers.contestants(full, plain)
            if "explainers" in self.parts:
                found += explainers.contestants(full, plain, self.texts, lime=self.asked.lime_ads)
        return interleave(found, self.ads.warm, self.ads.rounds, progress=self.say)

    def _web(self, both: ours.Ours | None) -> list[Figure]:
        figures: list[Figure] = []
        if both and "http" in self.parts:
            with machine.pinned(machine.LAST):
                figures += web.requests(
                    both.folder,
                    self.ads.rounds,
                    self.folder,
                    most=self.asked.requests,
                    progress=self.say,
                )
        if both and "start" in self.parts:
            self.say("starts of the service")
            figures.append(web.starts(both.folder))
        return figures

    def _ours(self, name: str) -> ours.Ours:
        self.say(f"fitting ours, {name}")
        ranges = ours.full() if name == "full" else ours.words()
        return ours.fit(self.texts, ranges, self.folder / name)

    def _sizes(self) -> dict[str, str]:
        mix = " ".join(f"{language} {count}" for language, count in self.ads.mix.items())
        return {
            "ads": f"{self.asked.rounds} rounds of about {self.asked.ads} unseen ads of "
            f"{self.asked.size:,} characters ({mix})",
            "warm-up": f"{len(self.ads.warm)} other ads",
            "trained on": f"{len(self.texts.texts):,} labelled texts",
            "labels": str(len(self.texts.names)),
            "clock": "processor time of one core, unless said otherwise",
        }


if __name__ == "__main__":
    sys.exit(main())
