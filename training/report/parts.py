"""What a report is made of: sections of tables, charts and texts to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from training.figures import TITLES, TOO_FEW, Figure, Slice

Cell = str | int | Figure
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column names the row, and no two rows have the same name."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: its name and its points."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A chart of lines. `x` and `y` name the axes; `most` is the top of each, which begin at 0."""

    title: str
    x: str
    y: str
    lines: tuple[Line, ...]
    most: tuple[float, float] = (1.0, 1.0)
    diagonal: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """A chart of values with their intervals, a row for each; the axis goes from `least` to 1."""

    title: str
    x: str
    rows: tuple[tuple[str, Figure], ...]
    least: float = 0.5


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars whose parts add up to 1; `legend` names the parts."""

    title: str
    legend: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A text to read: what is said of it, and its phrases as `(start, end, title)`, in order."""

    id: str
    head: str
    text: str
    spans: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Quotes:
    """Texts for a person to read. They go onto the page alone, never into JSON or the card."""

    title: str
    quotes: tuple[Quote, ...]
    note: str = ""


Part = Table | Lines | Dots | Bars | Quotes


@dataclass(frozen=True, slots=True)
class Section:
    """One subject: its `name` as it is asked for, how it was measured, and what came out."""

    name: str
    title: str
    method: str
    parts: tuple[Part, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, in their order."""
        return tuple(part for part in self.parts if isinstance(part, Table))


def slices(
    title: str,
    first: str,
    rows: Sequence[Slice],
    *,
    keys: Sequence[str] = tuple(TITLES),
    note: str = "",
) -> Table:
    """A table of slices with these of their figures."""
    cells: tuple[Row, ...] = tuple(
        (
            each.name,
            each.positive,
            each.negative,
            *(each.figures.get(key, TOO_FEW) for key in keys),
        )
        for each in rows
    )
    return Table(title, (first, "yes", "no", *(TITLES[key] for key in keys)), cells, note)


#: What does not depend on how many of the texts are deceptive, or on calibration.
ORDER = ("roc_auc", "recall_at_1", "recall_at_5")


def as_json(section: Section) -> dict[str, Any]:
    """The section's tables by title, row and column; of quoted texts the ids alone."""
    return {
        "title": section.title,
        "method": section.method,
        "tables": {table.title: by_row(table) for table in section.tables},
        "quoted": {
            part.title: [quote.id for quote in part.quotes]
            for part in section.parts
            if isinstance(part, Quotes)
        },
    }


def by_row(table: Table) -> dict[str, dict[str, Any]]:
    """The cells of a table by row and column, as JSON holds them."""
    return {
        str(row[0]): {
            column: _plain(cell) for column, cell in zip(table.columns[1:], row[1:], strict=True)
        }
        for row in table.rows
    }


def _plain(cell: Cell) -> object:
    if isinstance(cell, Figure):
        return cell.plain
    return None if cell == TOO_FEW else cell
