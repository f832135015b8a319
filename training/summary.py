"""A report as tables for a terminal."""

from rich.markup import escape
from rich.table import Table

from model.indicators import combination
from model.scorer import Scorer
from training.evaluate import Report
from training.figures import TITLES, TOO_FEW, Slice
from training.report import parts

_SHORT = ("roc_auc", "average_precision", "f1")


def table(report: Report) -> Table:
    """The risk's figures, overall and by language, and the share of texts in each band."""
    bands = "; ".join(
        f"{band}: " + ", ".join(f"{share:.1%} of {side}" for side, share in shares.items())
        for band, shares in report.bands.items()
    )
    return _table("language", (report.overall, *report.languages), caption=bands)


def indicators(report: Report) -> Table | str:
    """The figures of each indicator, or why there are none."""
    if not report.indicators:
        return "No indicator was measured: the model has none."
    if not any(each.positive or each.negative for each in report.indicators):
        return "No indicator was measured: the texts have no marks."
    return _table("indicator", report.indicators, caption=None)


def part(table: parts.Table) -> Table:
    """A table of a larger report."""
    made = Table(title=table.title)
    made.add_column(table.columns[0], no_wrap=True)
    for column in table.columns[1:]:
        made.add_column(column, justify="right")
    for row in table.rows:
        made.add_row(*(escape(str(cell)) for cell in row))
    return made


def warning(scorer: Scorer) -> str:
    """What to say aloud of a model that can never give the band `high`; empty for any other."""
    trained = [each for each in scorer.indicators if each.name in scorer.linear.labels]
    if combination([each.strength for each in trained]):
        return ""
    names = ", ".join(each.name for each in trained) or "none"
    return (
        "This model will never give the band `high`: that takes indicators that together point to "
        f"trafficking, and too few texts are marked to train them (trained: {names})."
    )


def _table(first: str, rows: tuple[Slice, ...], *, caption: str | None) -> Table:
    made = Table(caption=caption)
    made.add_column(first, no_wrap=True)  # on a narrow terminal figures wrap, names stay whole
    for column in ("yes", "no", *(TITLES[key] for key in _SHORT)):
        made.add_column(column)
    for row in rows:
        figures = (escape(str(row.figures.get(key, TOO_FEW))) for key in _SHORT)
        made.add_row(row.name, str(row.positive), str(row.negative), *figures)
    return made
