"""Real ads: how many honest ones are flagged, and how many baits are not.

Nothing is learned from them. Each file is split in two by a hash of the id: the first half may be
read and used to choose thresholds, the second is only ever counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from model.errors import BadData
from model.indicators import load
from model.score import BANDS, Band, Score
from training import data
from training.crossfit import at_false_alarms
from training.data import Columns, Record
from training.figures import Bools, Figure, Floats, share
from training.report.folds import Folds, score
from training.report.held import in_bands
from training.report.parts import Bars, Quote, Quotes, Row, Section, Table

#: The texts of each file that are shown.
SHOWN = 10
SHARES = (0.01, 0.05)

METHOD = (
    "Real ads, of which none was learned from, scored by a model of all labelled texts. Each file "
    "is split in two by a hash of the id. The tables count the second half; thresholds are chosen "
    "on the first half, and the texts shown are from it. Deceptive ads choose nothing, so all of "
    "them are counted. Intervals take the ads of a file for independent (Wilson); near copies make "
    "them too narrow."
)


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of one label in one file, and what the model says of them."""

    name: str
    records: tuple[Record, ...]
    scores: tuple[Score, ...]

    @property
    def risks(self) -> Floats:
        """Their risks (texts,)."""
        return np.array([each.risk for each in self.scores])

    @property
    def first(self) -> Bools:
        """Which are in the half that may be read (texts,)."""
        return np.array([in_first_half(each.id) for each in self.records], dtype=np.bool_)

    def at_least(self, band: Band) -> Bools:
        """Which reach the band (texts,)."""
        least = BANDS.index(band)
        return np.array([BANDS.index(each.band) >= least for each in self.scores], dtype=np.bool_)


def in_first_half(name: str) -> bool:
    """Whether the text of this id is in the half that may be read."""
    return sha256(name.encode()).digest()[0] % 2 == 0


def files(folder: Path) -> list[Path]:
    """The data files of a folder; raises `BadData` where there are none."""
    found = sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")])
    if not found:
        raise BadData(f"{folder} holds no *.jsonl and no *.jsonl.gz. Name a folder that does.")
    return found


def read(file: Path) -> tuple[Record, ...]:
    """The rows of a file, of which the label may also say `spam`."""
    columns = Columns()
    return data.load(file, columns=Columns(positive=(*columns.positive, "spam"))).records


def section(folds: Folds, folder: Path, progress: Callable[[str], None]) -> Section:
    """The share of each file in each band, and what scores highest."""
    honest: list[Scored] = []
    bait: list[Scored] = []
    for file in files(folder):
        progress(f"scoring {file.name}")
        records = read(file)
        for label, side in ((False, honest), (True, bait)):
            rows = tuple(each for each in records if each.label == label)
            if rows:
                said = score(folds.full, [each.text for each in rows])
                side.append(Scored(file.name.split(".")[0], rows, tuple(said)))
    parts: list[Table | Bars | Quotes] = []
    if honest:
        bars = Bars("Honest ads by band, second half", BANDS, tuple(_bar(each) for each in honest))
        parts += [_honest(honest, bait), bars]
    if bait:
        parts.append(_bait(bait, honest))
    if any(each.first.any() for each in honest):
        parts.append(_chosen(folds, honest, bait))
    parts += map(_highest, honest)
    return Section("real", "Real ads", METHOD, tuple(parts))


_FLAGGED = ("risk of .5 or more", "review or above", "high")


def _honest(files: Sequence[Scored], bait: Sequence[Scored]) -> Table:
    rows: list[Row] = [
        (each.name, int((~each.first).sum()), *_reached(each, ~each.first)) for each in files
    ]
    if alone := [each for each in _without(files, bait) if not each.first.all()]:
        figures = zip(*(_reached(each, ~each.first) for each in alone), strict=True)
        worst = (max(column, key=lambda each: each.value) for column in figures)
        rows.append(
            ("worst of files without bait", sum(int((~e.first).sum()) for e in alone), *worst)
        )
    return Table("Honest ads flagged, second half", ("file", "ads", *_FLAGGED), tuple(rows))


def _bait(files: Sequence[Scored], honest: Sequence[Scored]) -> Table:
    alone = _without(files, honest)
    named = [(each.name, [each]) for each in files]
    named += [("files without honest ads", alone)] if alone else []
    rows: list[Row] = []
    for name, parts in named:
        records = tuple(record for part in parts for record in part.records)
        merged = Scored(name, records, tuple(said for part in parts for said in part.scores))
        rows.append((name, len(records), *_reached(merged, np.ones(len(records), np.bool_))))
    return Table("Deceptive ads flagged, all of them", ("file", "ads", *_FLAGGED), tuple(rows))


def _without(files: Sequence[Scored], others: Sequence[Scored]) -> list[Scored]:
    """The files of one label alone, where the two labels cannot differ by where they come from."""
    return [each for each in files if each.name not in {other.name for other in others}]


def _reached(file: Scored, rows: Bools) -> tuple[Figure, ...]:
    reached = (file.risks >= 0.5, file.at_least("review"), file.at_least("high"))
    return tuple(share(each[rows]) for each in reached)


def _threshold(files: Sequence[Scored], allowed: float) -> float:
    return at_false_alarms(np.concatenate([each.risks[each.first] for each in files]), allowed)


def _chosen(folds: Folds, honest: Sequence[Scored], bait: Sequence[Scored]) -> Table:
    """What a threshold chosen on the first halves leaves of everything else."""
    thresholds = [_threshold(honest, each) for each in SHARES]
    held = np.array([each.risk for each in folds.scores])
    rest = [(each.name, each.risks[~each.first]) for each in honest]
    named: list[tuple[str, Floats]] = [
        ("honest, second half, all files", np.concatenate([risks for _, risks in rest])),
        *((f"honest, second half: {name}", risks) for name, risks in rest),
        ("labelled deceptive texts, held out", held[folds.truth]),
        ("labelled honest texts, held out", held[~folds.truth]),
        *((f"deceptive: {each.name}", each.risks) for each in bait),
    ]
    rows: list[Row] = [("threshold", *(Figure(each) for each in thresholds))]
    rows += [(name, *(share(risks >= each) for each in thresholds)) for name, risks in named]
    columns = ("share of texts flagged", *(f"at {each:.0%} of the first halves" for each in SHARES))
    return Table("Thresholds chosen on real honest ads", columns, tuple(rows))


def _bar(file: Scored) -> tuple[str, tuple[float, ...]]:
    rest = np.flatnonzero(~file.first)
    return file.name, in_bands([file.scores[i].band for i in rest])


def _highest(file: Scored) -> Quotes:
    titles = {each.name: each.title for each in load()}
    first = np.flatnonzero(file.first)
    order = first[np.argsort(-file.risks[first], kind="stable")][:SHOWN]
    quotes = tuple(quote(file.records[i], file.scores[i], titles) for i in order)
    return Quotes(f"Highest risks among the honest ads of {file.name}, first half", quotes)


def quote(record: Record, said: Score, titles: dict[str, str]) -> Quote:
    """A text with its phrases, each with what it shows and what it adds to the risk's log-odds."""
    spans = sorted(
        (
            each.start,
            each.end,
            f"{each.contribution:+.2f} {', '.join(titles[name] for name in each.indicators)}",
        )
        for each in said.phrases
    )
    head = f"risk {said.risk:.3f}, {said.band}, {said.language.code}"
    return Quote(record.id, head, record.text, tuple(spans))
