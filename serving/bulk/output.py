"""What an output looks like, and what its writers have in common."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from serving.bulk.rows import Kind
from serving.bulk.sources import Form

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an output. What is not of its column's kind goes to `others`, as JSON."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    others: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """How records are written: the form, the columns, and how CSV looks.

    `escape` makes CSV harmless in spreadsheets; `bom` lets Excel read it as UTF-8.
    """

    form: Form
    columns: Columns
    escape: bool = True
    delimiter: str = ","
    bom: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an output that is a table: a list for each of its columns, all of one length.

    For Parquet a column may be an Arrow array.
    """

    columns: Mapping[str, Sequence[object]]

    @classmethod
    def of(cls, rows: "Rows", names: Sequence[str]) -> "Table":
        """Rows as a table; what a record has not is None."""
        if isinstance(rows, Table):
            return rows
        return cls({name: [record.get(name) for record in rows] for name in names})


Rows = Table | Sequence[Record]


class Part(Protocol):
    """A part that is being written."""

    def write(self, rows: Rows) -> None:
        """Append rows; those of JSON lines come as records, which may have fields of their own."""


def plain(text: str) -> str:
    r"""`text` in which half of a surrogate pair, which UTF-8 cannot hold, is written `\ud800`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()
    return text


def as_json(value: object) -> str:
    """`value` as JSON that any text file holds."""
    return plain(json.dumps(value, ensure_ascii=False, allow_nan=False))
