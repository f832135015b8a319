"""What the bulk readers speak of: rows, rejects, the head of a table, and units of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from serving.bulk.sources import Source

#: What a column's cells are, apart from nothing. Anything that JSON can hold is `json`; `texts` is
#: a list, `scores` numbers by name, `phrases` a list of those of a score.
Kind = Literal["text", "integer", "number", "boolean", "json", "texts", "scores", "phrases"]


class Row(NamedTuple):  # made in a third of a frozen dataclass's time
    """One row: its cells by column, as values that JSON can hold.

    `number` is what an editor or spreadsheet shows. A `note` says that the row is not as its
    header asks, though it can be read.
    """

    number: int
    cells: Mapping[str, object]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that cannot be trusted: `at` is its byte in the plain file, or its index from 0."""

    number: int
    at: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of a table tells; `first_row_at` is as `Reject.at`.

    `notes` are to be said aloud.
    """

    source: Source
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    sample: tuple[Row, ...]
    first_row_at: int = 0
    first_row: int = 1
    delimiter: str = ","
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """Part of a source, from `start` to before `end` (as `Reject.at`); `row` numbers its first."""

    source: Source
    number: int
    start: int
    end: int
    row: int
