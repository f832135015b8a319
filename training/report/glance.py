"""The figures that matter most, picked from the sections."""

from collections.abc import Sequence

from training.report import leftout
from training.report.disguises import DISGUISES
from training.report.parts import Cell, Row, Section, Table

#: The figures to watch: their section, table, row and column.
GLANCE = {
    "ROC AUC": ("held", "Risk by language", "all", "ROC AUC"),
    "average precision": ("held", "Risk by language", "all", "average precision"),
    "recall at 1 % false alarms": ("held", "Risk by language", "all", "recall at 1 %"),
    "recall at 5 % false alarms": ("held", "Risk by language", "all", "recall at 5 %"),
    "ECE of the risk": ("held", "Risk by language", "all", "ECE"),
    "deceptive texts in review or above": (
        *("held", "Bands by language", "all", "deceptive: review or above"),
    ),
    "deceptive texts in high": ("held", "Bands by language", "all", "deceptive: high"),
    "honest texts in review or above": (
        *("held", "Bands by language", "all", "honest: review or above"),
    ),
    "worst writer left out, ROC AUC": ("left-out", "One writer left out", "worst", "ROC AUC"),
    "languages left out, mean ROC AUC of the large": (
        *("left-out", "One language left out", leftout.LARGE_MEAN, "ROC AUC"),
    ),
    "languages left out, mean ROC AUC of all": (
        *("left-out", "One language left out", "mean", "ROC AUC"),
    ),
    "indicators, macro average precision": (
        *("indicators", "All indicators", "macro", "average precision"),
    ),
    "first phrase meets a mark": (
        *("indicators", "Phrases against marks", "first phrase meets a mark", "value"),
    ),
    "token F1 of phrases": ("indicators", "Phrases against marks", "token F1", "value"),
    "real honest ads in review or above, worst file": (
        *("real", "Honest ads flagged, second half", "worst of files without bait"),
        "review or above",
    ),
    "real honest ads in high, worst file": (
        *("real", "Honest ads flagged, second half", "worst of files without bait", "high"),
    ),
    "real bait in review or above": (
        *("real", "Deceptive ads flagged, all of them", "files without honest ads"),
        "review or above",
    ),
    "country or people swapped, mean change": (
        *("swaps", "Countries and peoples", "all", "mean change"),
    ),
    "country or people swapped, largest": ("swaps", "Countries and peoples", "all", "largest"),
    "women and men swapped, mean change": ("swaps", "Women and men", "all", "mean change"),
    "women and men swapped, largest": ("swaps", "Women and men", "all", "largest"),
    **{
        f"recall lost: {name}": ("attacks", "Under attack", name, "recall lost, review or above")
        for name in (
            *(f"{each}, 10%" for each in DISGUISES),
            "padding 3× behind",
            "padding 3× before",
        )
    },
}


def glance(sections: Sequence[Section]) -> Table:
    """The figures that matter most, as far as their sections were measured."""
    cells: dict[tuple[str, str, str, str], Cell] = {
        (section.name, table.title, str(row[0]).partition(":")[0], column): cell
        for section in sections
        for table in section.tables
        for row in table.rows
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
    }
    rows: list[Row] = [(name, cells[where]) for name, where in GLANCE.items() if where in cells]
    return Table("At a glance", ("figure", "value"), tuple(rows))
