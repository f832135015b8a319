"""Write records as CSV or JSONL. What a spreadsheet would run as a formula is written as text."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from typing import BinaryIO

from serving.rows import Form

Record = Mapping[str, object]
Write = Callable[[Iterable[Record]], None]

_RUNS = tuple("=+-@\t\r\n＝＋－＠")  # spreadsheets take full-width signs too
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)(e[+-]?\d+)?%?", re.ASCII | re.IGNORECASE)


def writer(
    out: BinaryIO, form: Form, columns: Sequence[str], *, delimiter: str = ",", escape: bool = True
) -> Write:
    """A function that writes records to `out`; in CSV they fill `columns`, named by a header."""
    if form == "jsonl":
        return lambda records: _write_jsonl(out, records)
    cell = _safe if escape else _plain
    _write_csv(out, [map(cell, columns)], delimiter)
    return lambda records: _write_csv(
        out, ([cell(record.get(name)) for name in columns] for record in records), delimiter
    )


def _write_csv(out: BinaryIO, rows: Iterable[Iterable[str]], delimiter: str) -> None:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    out.write(_encoded(text.getvalue()))


def _write_jsonl(out: BinaryIO, records: Iterable[Record]) -> None:
    for record in records:
        out.write(_encoded(json.dumps(record, ensure_ascii=False) + "\n"))


def _encoded(text: str) -> bytes:
    # Half of a surrogate pair becomes `\ud800`, which in JSON is that very character.
    return text.encode(errors="backslashreplace")


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _safe(value: object) -> str:
    text = _plain(value)
    runs = isinstance(value, str) and text.startswith(_RUNS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text
