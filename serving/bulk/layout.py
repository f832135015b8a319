"""How a row and its result become one record of the output."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving import flat
from serving.bulk.output import Columns
from serving.bulk.rows import Head, Kind, Row
from serving.bulk.sources import Form
from serving.flat import Result

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

    def record(self, row: Row, result: Result) -> dict[str, object]:
        """The record for `row`; a `result` that is a text says why there is no score."""
        make = flat.record if self.form in NESTED else flat.cells
        added = make(result, self.model)
        if row.note:
            added["error"] = f"{row.note} {result}" if isinstance(result, str) else row.note
        if self.form != "jsonl":
            return {**self._fixed(row.cells), **self._named(added)}
        # A later record may have a field of our name that the first rows did not have.
        late = row.cells.keys() - set(self.theirs)
        prefix = flat.prefix({*self.theirs, *late}) if late else self.prefix
        return {**row.cells, **{prefix + name: value for name, value in added.items()}}

    def _fixed(self, cells: Mapping[str, object]) -> dict[str, object]:
        theirs = {name: cells.get(name) for name in self.theirs}
        if self.others:
            late = {name: value for name, value in cells.items() if name not in theirs}
            theirs |= {self.others: json.dumps(late, ensure_ascii=False)} if late else {}
        return theirs

    def _named(self, added: dict[str, object]) -> dict[str, object]:
        prefix = self.prefix
        return {prefix + name: value for name, value in added.items()} if prefix else added


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
