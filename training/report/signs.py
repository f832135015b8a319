"""The indicators: how well each is told, and all of them together."""

import numpy as np

from training.figures import counts, figure, sampled
from training.report import rationale
from training.report.folds import Folds
from training.report.parts import Row, Section, Table, slices

METHOD = (
    "Indicators are measured where somebody looked for them, each by held-out models at its own "
    "threshold; macro is the plain mean over all that were trained. " + rationale.METHOD
)


def section(folds: Folds) -> Section:
    """Indicators one by one and macro; agreement with marks; faithfulness."""
    parts = folds.meter.indicators()
    return Section(
        "indicators",
        "Indicators and phrases",
        METHOD,
        (
            _macro(folds),
            slices("Each indicator", "indicator", parts),
            *rationale.measured(folds),
        ),
    )


def _macro(folds: Folds) -> Table:
    """The mean over all indicators, in the same resamples for each."""
    known, judged = folds.labels.known, folds.meter.judged
    drawn = counts(folds.groups[known], folds.resamples, seed=folds.plan.seed)
    found = [
        sampled(
            folds.labels.values[known, i],
            judged.probability[known, i],
            judged.flagged[known, i],
            drawn,
        )
        for i in range(1, len(folds.labels.names))
    ]
    cells = (
        figure(np.mean([each[key] for each in found], axis=0))
        for key in ("average_precision", "f1")
    )
    rows: tuple[Row, ...] = (("macro", len(found), *cells),) if found else ()
    return Table("All indicators", ("", "indicators", "average precision", "F1"), rows)
