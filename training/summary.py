"""A report as tables for a terminal."""

from rich.table import Table

from training.evaluate import Figure, Report, Slice


def table(report: Report) -> Table:
    """The risk's figures, overall and by language, and the share of texts in each band."""
    bands = "; ".join(
        f"{band}: " + ", ".join(f"{share:.1%} of {side}" for side, share in shares.items())
        for band, shares in report.bands.items()
    )
    return _table("language", (report.overall, *report.languages), caption=bands)


def indicators(report: Report) -> Table:
    """The figures of each indicator."""
    return _table("indicator", report.indicators, caption=None)


def _table(first: str, rows: tuple[Slice, ...], *, caption: str | None) -> Table:
    # Without a width of its own a table is cut to 80 columns where there is no terminal.
    made = Table(first, "yes", "no", "ROC AUC", "average precision", "F1", caption=caption)
    for row in rows:
        figures = (_shown(each) for each in (row.auc, row.precision, row.f1))
        made.add_row(row.name, str(row.positive), str(row.negative), *figures)
    return made


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return "too few"
    interval = "" if figure.low != figure.low else f" [{figure.low:.3f} {figure.high:.3f}]"
    return f"{figure.value:.3f}{interval}".replace("[", "\\[")
