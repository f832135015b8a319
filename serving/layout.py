"""How a row and its result become one record of the output."""

import json
from dataclasses import dataclass

from serving import flat
from serving.flat import Result
from serving.rows import Form, Row, Table


@dataclass(frozen=True, slots=True)
class Layout:
    """The output's columns: the input's in their order, then ours.

    `others` names the column for fields of a JSONL record that the first rows did not have.
    """

    form: Form
    theirs: tuple[str, ...]
    prefix: str
    others: str | None
    model: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a CSV output."""
        ours = (self.prefix + name for name in flat.FIELDS)
        return (*self.theirs, *([self.others] if self.others else []), *ours)

    def record(self, row: Row, result: Result) -> dict[str, object]:
        """The record for `row`; a `result` that is a text says why there is no score."""
        return self._nested(row, result) if self.form == "jsonl" else self._flat(row, result)

    def _nested(self, row: Row, result: Result) -> dict[str, object]:
        added = flat.record(result, self.model)
        # A later record may have a field of our name that the first rows did not have.
        prefix = flat.prefix({*self.theirs, *row.cells})
        return {**row.cells, **{prefix + name: value for name, value in added.items()}}

    def _flat(self, row: Row, result: Result) -> dict[str, object]:
        added = flat.cells(result, self.model)
        theirs = {name: row.cells.get(name) for name in self.theirs}
        late = {name: value for name, value in row.cells.items() if name not in theirs}
        others = {self.others: json.dumps(late, ensure_ascii=False)} if self.others and late else {}
        return {**theirs, **others, **{self.prefix + name: value for name, value in added.items()}}


def lay_out(table: Table, form: Form, model: str) -> Layout:
    """The layout for a table written as `form`."""
    prefix = flat.prefix(table.columns)
    others = prefix + flat.OTHERS if (table.form, form) == ("jsonl", "csv") else None
    return Layout(form, table.columns, prefix, others, model)
