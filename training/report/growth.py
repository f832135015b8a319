"""Learning curves: what more texts bring, and what more writers bring."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from training import learn
from training.crossfit import at_false_alarms
from training.evaluate import by_size
from training.figures import MIN_EACH, Bools, Figure, Floats, Ints, Slice, measure, share
from training.report import real
from training.report.folds import Folds
from training.report.parts import Line, Lines, Row, Section, Table, slices

SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
WRITERS = (1, 2, 4, 8)
#: Of real honest ads so many may be flagged where a threshold is chosen for a point of the curve.
ALLOWED = 0.01

METHOD = (
    "The risk's own model, learned from a part of the texts, without the indicators. By texts: of "
    "each fold's learning texts a share is drawn, groups of tied texts whole, a larger share "
    "holding the smaller; the fold is then scored. By writers: one writer's set is the test, and "
    "learned from are so many of the other writers, drawn at random, and at last all; the figure "
    "is the mean over the writers tested. Scores are not calibrated, so only their order is "
    "measured. Real ads are scored by a model of that share of all texts, with the threshold that "
    f"{ALLOWED:.0%} of the first halves of the real honest ads reach; counted are the second "
    "halves. A curve that still rises says what more of the same would bring."
)
_KEYS = ("roc_auc", "average_precision", "recall_at_1", "recall_at_5")


def section(folds: Folds, folder: Path | None, progress: Callable[[str], None]) -> Section:
    """Figures by the number of texts, and by the number of writers."""
    grown = []
    for part in SHARES:
        progress(f"learning from {part:.1%} of the texts")
        grown.append(_grown(folds, part))
    others = _writers(folds, progress)
    tables = [slices("By share of the texts", "share", grown, keys=_KEYS)]
    tables += [Table("By number of writers", ("writers", "texts learned from", "ROC AUC"), others)]
    tables += [_real(folds, folder, progress)] if folder else []
    measured = [(s, each) for s, each in zip(SHARES, grown, strict=True) if each.figures]
    lines = tuple(
        Line(title, tuple((s, each.figures[key].value) for s, each in measured))
        for key, title in (("roc_auc", "ROC AUC"), ("recall_at_5", "recall at 5 %"))
    )
    chart = Lines("What more texts bring", "share of the texts learned from", "figure", lines)
    return Section("growth", "Learning curves", METHOD, (chart, *tables))


def _grown(folds: Folds, part: float) -> Slice:
    """Each fold scored by what was learned from a share of the others."""
    score, drawn, name = np.zeros(len(folds.records)), _drawn(folds) < part, f"{part:.1%}"
    for fold in np.unique(folds.held.fold):
        out = folds.held.fold == fold
        if not _tells(folds, ~out & drawn):
            return Slice(name, int(folds.truth.sum()), int((~folds.truth).sum()))
        score[out] = _scores(folds, ~out & drawn, _texts(folds, out))
    return measure(
        name,
        folds.truth,
        score,
        score > 0,
        groups=folds.groups,
        resamples=folds.resamples,
        seed=folds.plan.seed,
    )


def _writers(folds: Folds, progress: Callable[[str], None]) -> tuple[Row, ...]:
    """The mean ROC AUC over writers left out, by how many of the others were learned from."""
    writers = np.array([each.writer for each in folds.records])
    names = [name for name in by_size(writers) if name and _tells(folds, writers == name)]
    rng = np.random.default_rng(folds.plan.seed)
    orders = {name: rng.permutation([other for other in names if other != name]) for name in names}
    rows: list[Row] = []
    for count in [*(n for n in WRITERS if n < len(names) - 1), len(names) - 1]:
        progress(f"learning from {count} writers")
        figures, learned = [], []
        for name, order in orders.items():
            out = writers == name
            seen = np.isin(writers, order[:count]) & ~np.isin(folds.groups, folds.groups[out])
            if not _tells(folds, seen):
                continue
            score = _scores(folds, seen, _texts(folds, out))
            made = measure(
                name, folds.truth[out], score, score > 0, groups=folds.groups[out], resamples=0
            )
            figures.append(made.figures["roc_auc"].value)
            learned.append(int(seen.sum()))
        if figures:
            rows.append((str(count), round(float(np.mean(learned))), _spread(figures)))
    return tuple(rows)


def _real(folds: Folds, folder: Path, progress: Callable[[str], None]) -> Table:
    """Real ads by the share of the texts learned from; deceptive ones file by file."""
    rows = [
        (file.name.split(".")[0], each) for file in real.files(folder) for each in real.read(file)
    ]
    files, texts = np.array([name for name, _ in rows]), [each.text for _, each in rows]
    bait = np.array([each.label for _, each in rows])
    first = np.array([real.in_first_half(each.id) for _, each in rows])
    parts = [~bait & ~first, *((files == name) & bait for name in by_size(files[bait]))]
    drawn, cells = _drawn(folds), list[Row]()
    for part in SHARES if (~bait & first).any() else ():
        if not _tells(folds, drawn < part):
            continue
        progress(f"real ads, learning from {part:.1%} of the texts")
        score = _scores(folds, drawn < part, texts)
        reached = score >= at_false_alarms(score[~bait & first], ALLOWED)
        cells.append((f"{part:.1%}", *(share(reached[each]) for each in parts)))
    found = (f"deceptive: {name}" for name in by_size(files[bait]))
    columns = ("share", "honest ads flagged, second half", *found)
    return Table("Real ads, by share of the texts", columns, tuple(cells))


def _drawn(folds: Folds) -> Floats:
    """A number from 0 to 1 for each text, the same for tied ones: below a share it is drawn."""
    number = np.unique(folds.groups, return_inverse=True)[1]
    drawn: Floats = np.random.default_rng(folds.plan.seed).random(number.max() + 1)[number]
    return drawn


def _scores(folds: Folds, seen: Bools, texts: Sequence[str]) -> Floats:
    """The log-odds of texts by what is learned from some of the records."""
    records = [folds.records[i] for i in np.flatnonzero(seen)]
    learned = learn.from_records(folds.plan, records, folds.labels.of(seen).risk)
    score: Floats = learned.log_odds(texts)[:, 0]
    return score


def _texts(folds: Folds, some: Bools) -> list[str]:
    return [folds.records[i].text for i in np.flatnonzero(some)]


def _tells(folds: Folds, some: Bools) -> bool:
    """Whether some of the texts have enough of both labels."""
    sides: Ints = np.bincount(folds.truth[some], minlength=2)
    return int(sides.min()) >= MIN_EACH


def _spread(values: Sequence[float]) -> Figure:
    """A mean over writers, and two standard errors of it to either side."""
    mean = float(np.mean(values))
    error = 2 * float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else np.nan
    return Figure(mean, mean - error, mean + error)
