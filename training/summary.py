"""A report as tables for a terminal."""

from rich.markup import escape
from rich.table import Table

from model.indicators import combination
from model.scorer import Scorer
from training.evaluate import TOO_FEW, Report, Slice


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
    for column in ("yes", "no", "ROC AUC", "average precision", "F1"):
        made.add_column(column)
    for row in rows:
        figures = (escape(str(each or TOO_FEW)) for each in (row.auc, row.precision, row.f1))
        made.add_row(row.name, str(row.positive), str(row.negative), *figures)
    return made
