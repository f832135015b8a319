"""What an output looks like, and what its writers have in common."""

import json
from collections.abc import Iterable, Mapping
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


class Part(Protocol):
    """A part that is being written."""

    def write(self, records: Iterable[Record]) -> None:
        """Append `records`."""


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
