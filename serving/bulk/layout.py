"""How rows and what came of them become rows of the output."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from serving import flat
from serving.bulk.output import Columns, Record, Rows, Table
from serving.bulk.rows import Head, Kind, Row
from serving.bulk.sources import Form
from serving.outcomes import Outcomes

NESTED = ("jsonl", "parquet")
NESTED_KINDS: dict[str, Kind] = {"indicators": "scores", "phrases": "phrases", "facts": "texts"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The output's columns: the input's in their order, then ours.

    `others` names the column for fields of a JSONL record that the first rows did not have.
    """

    form: Form
    theirs: tuple[str, ...]
    kinds: tuple[Kind, ...]
    prefix: str
    others: str | None
    model: str

    @property
    def columns(self) -> Columns:
        """All columns of a table."""
        others: dict[str, Kind] = {self.others: "text"} if self.others else {}
        kinds = {**others, **{self.prefix + name: kind for name, kind in self._ours.items()}}
        return Columns((*self.theirs, *kinds), (*self.kinds, *kinds.values()), self.others)

    @property
    def _ours(self) -> dict[str, Kind]:
        plain: dict[str, Kind] = {**dict.fromkeys(flat.FIELDS, "text"), "risk": "number"}
        return {**plain, **NESTED_KINDS} if self.form in NESTED else plain

    def lay(self, rows: Sequence[Row], outcomes: Outcomes) -> Rows:
        """The rows with what came of them."""
        added = self._added(outcomes)
        _note(rows, added["error"])
        if self.form == "jsonl":
            return self._records(rows, added)
        columns: dict[str, Sequence[object]] = {
            name: [row.cells.get(name) for row in rows] for name in self.theirs
        }
        if self.others:
            columns[self.others] = [self._late(row.cells) for row in rows]
        return Table(columns | {self.prefix + name: added[name] for name in flat.FIELDS})

    def _added(self, outcomes: Outcomes) -> dict[str, Any]:
        if self.form == "parquet":
            from serving import arrays  # slow to import

            with suppress(UnicodeEncodeError):  # Arrow holds no half of a surrogate pair
                return {**outcomes.columns(flat.plain), **arrays.nested(outcomes)}
        return outcomes.columns(flat.nested if self.form in NESTED else flat.cells)

    def _records(self, rows: Sequence[Row], added: Mapping[str, Any]) -> list[Record]:
        names = [self.prefix + name for name in flat.FIELDS]
        values = zip(*(added[name] for name in flat.FIELDS), strict=True)
        made = (dict(zip(names, each, strict=True)) for each in values)
        return [self._record(row.cells, each) for row, each in zip(rows, made, strict=True)]

    def _record(self, cells: Mapping[str, object], added: dict[str, object]) -> Record:
        if added[self.prefix + "error"] is None:
            del added[self.prefix + "error"]
        # A later record may have a field of our name that the first rows did not have.
        late = cells.keys() - set(self.theirs)
        if late and (prefix := flat.prefix({*self.theirs, *late})) != self.prefix:
            cut = len(self.prefix)
            added = {prefix + name[cut:]: value for name, value in added.items()}
        return {**cells, **added}

    def _late(self, cells: Mapping[str, object]) -> str | None:
        late = {name: value for name, value in cells.items() if name not in self.theirs}
        return json.dumps(late, ensure_ascii=False) if late else None


def lay_out(heads: Sequence[Head], form: Form, model: str, *, late: bool) -> Layout:
    """The layout for rows of these tables, `late` if they may have further fields.

    A column's kind is what all tables that have it agree on.
    """
    kinds: dict[str, Kind] = {}
    for head in heads:
        for name, kind in zip(head.columns, head.kinds, strict=True):
            if kinds.setdefault(name, kind) != kind:
                kinds[name] = "json"
    prefix = flat.prefix(kinds)
    others = prefix + flat.OTHERS if late and form != "jsonl" else None
    return Layout(form, tuple(kinds), tuple(kinds.values()), prefix, others, model)


def _note(rows: Sequence[Row], errors: list[object]) -> None:
    """Put what is to be noted of rows before what went wrong with them."""
    for at, row in enumerate(rows):
        if row.note:
            errors[at] = f"{row.note} {errors[at]}" if errors[at] else row.note
