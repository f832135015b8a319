"""Grouped cross-validation: how well the risk tells deceptive texts from honest ones."""

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
from sklearn.metrics import roc_curve

from model.score import BANDS
from training.data import Record
from training.evaluate import by_size
from training.figures import BINS, Slice, calibration, share
from training.report.folds import Folds
from training.report.parts import ORDER, Bars, Dots, Line, Lines, Part, Row, Section, Table, slices

#: Groups by length in characters, and where all but the first begin.
GROUPS = ("0-149", "150-299", "300-599", "600-1199", "1200 or more")
LENGTHS = (150, 300, 600, 1200)

METHOD = (
    "Each text is scored by models that saw neither it nor its twin nor a near copy of it; their "
    "calibration and thresholds come from the other folds. Intervals hold 95 % of resamples of "
    "whole groups of tied texts. Recall at 1 and 5 % is read off the ROC curve of the row's own "
    "texts: the share of deceptive ones above the risk that 1 or 5 % of the honest ones reach. "
    "Yes and no count the deceptive and the honest texts. "
    f"ECE is over {BINS} parts of equal count."
)


def section(folds: Folds) -> Section:
    """Figures overall and by language, kind, sector, indicator, length and writer."""
    meter = folds.meter
    overall = meter.part("all", np.ones(len(folds.records), dtype=np.bool_))
    languages = meter.parts([each.language for each in folds.records])
    tables = [slices("Risk by language", "language", (overall, *languages))]
    tables += [slices(f"Risk by {name}", name, _parts(folds, name)) for name in _KEYS]
    tables.append(
        slices(
            "Risk by indicator shown",
            "indicator",
            _by_indicator(folds),
            keys=ORDER,
            note=_BY_INDICATOR,
        )
    )
    charts = (_calibration(folds), _roc(folds), _dots(languages))
    bars = tuple(_bars(folds, side) for side in (True, False))
    parts: tuple[Part, ...] = (tables[0], *charts, _bands(folds), *bars, *tables[1:])
    return Section("held", "Grouped cross-validation", METHOD, parts)


def length(record: Record) -> str:
    """The length group of a text, in characters."""
    return GROUPS[bisect_right(LENGTHS, len(record.text))]


def _parts(folds: Folds, name: str) -> list[Slice]:
    """The slices of one key, the largest first, those of length in their order."""
    parts = folds.meter.parts([_KEYS[name](each) or "none" for each in folds.records])
    return sorted(parts, key=lambda each: GROUPS.index(each.name) if name == "length" else 0)


_KEYS: dict[str, Callable[[Record], str]] = {
    "kind": lambda each: each.kind,
    "sector": lambda each: each.sector,
    "length": length,
    "writer": lambda each: each.writer,
}

_BY_INDICATOR = "The risk of deceptive texts that show the indicator, against all honest texts."


def _by_indicator(folds: Folds) -> tuple[Slice, ...]:
    shown = folds.labels.values
    return tuple(
        folds.meter.part(name, ~folds.truth | shown[:, i])
        for i, name in enumerate(folds.labels.names)
        if i
    )


def _bands(folds: Folds) -> Table:
    """The share of each side that reaches each band, by language."""
    judged, every = folds.meter.judged, np.array([each.language for each in folds.records])
    rows: list[Row] = []
    for name in ("all", *by_size(every)):
        part = (every == name) | (name == "all")
        cells = [
            share(reached[part & side])
            for side in (folds.truth, ~folds.truth)
            for reached in (judged.flagged[:, 0], judged.high)
        ]
        rows.append((name, *cells))
    columns = [
        f"{side}: {band}"
        for side in ("deceptive", "honest")
        for band in ("review or above", "high")
    ]
    return Table("Bands by language", ("language", *columns), tuple(rows))


def _bars(folds: Folds, side: bool) -> Bars:
    rows = [(each.language, i) for i, each in enumerate(folds.records) if each.label == side]
    names = by_size([name for name, _ in rows])
    bars = tuple(
        (name, in_bands([folds.scores[i].band for each, i in rows if each == name]))
        for name in names
    )
    return Bars(f"{'Deceptive' if side else 'Honest'} texts by band", BANDS, bars)


def in_bands(bands: list[str]) -> tuple[float, ...]:
    """The share of texts in each band, the lowest first."""
    return tuple(bands.count(band) / max(1, len(bands)) for band in BANDS)


def _calibration(folds: Folds) -> Lines:
    said, true = calibration(folds.truth, folds.meter.judged.probability[:, 0])
    line = Line("held-out texts", tuple(zip(said.tolist(), true.tolist(), strict=True)))
    return Lines("Calibration", "risk", "share deceptive", (line,), diagonal=True)


def _roc(folds: Folds) -> Lines:
    """The part of the curve where an analyst works."""
    most = 0.2
    lines = []
    languages = np.array([each.language for each in folds.records])
    for name in ("all", *by_size(languages)[:6]):
        part = (languages == name) | (name == "all")
        false, true, _ = roc_curve(folds.truth[part], folds.meter.judged.probability[part, 0])
        grid = np.linspace(0, most, 81)
        height = [float(true[false <= x].max()) for x in grid]
        lines.append(Line(name, tuple(zip(grid.tolist(), height, strict=True))))
    axes = ("share of honest texts flagged", "share of deceptive texts found")
    return Lines("Few false alarms", *axes, tuple(lines), most=(most, 1.0))


def _dots(parts: tuple[Slice, ...]) -> Dots:
    rows = tuple((each.name, each.figures["roc_auc"]) for each in parts if each.figures)
    return Dots("ROC AUC by language", "ROC AUC", rows)
