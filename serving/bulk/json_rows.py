"""Rows and rejects from lines of JSON."""

import json
from collections.abc import Iterator
from math import isfinite

from serving.bulk import charsets
from serving.bulk.limits import LIMITS
from serving.bulk.records import Block
from serving.bulk.rows import Reject, Row


def rows(block: Block, number: int) -> Iterator[Row | Reject]:
    """The rows of `block`, whose first line has this number; a blank line is none."""
    for record in block.records(number):
        raw = block.raw[record.begin : record.stop]
        if record.fault:
            yield block.reject(record, "is longer than the limit")
        elif encoding := charsets.of_row(raw, block.encoding):
            text = raw.decode(encoding)
            if not text.strip():
                continue
            try:
                yield Row(record.number, _cells(text))
            except (ValueError, RecursionError) as error:
                yield block.reject(record, f"is not a JSON object: {error}")
        else:
            yield block.no_text(record)


def _cells(line: str) -> dict[str, object]:
    cells = json.loads(line, parse_float=_finite, parse_constant=_finite)
    if not isinstance(cells, dict):
        raise ValueError("it is another JSON value")
    _check_depth(cells, line)
    return cells


def _finite(number: str) -> float:
    if not isfinite(value := float(number)):
        raise ValueError(f"{number} is not a number that JSON can hold")
    return value


def _check_depth(value: object, line: str) -> None:
    # What nests about as deep as Python's stack can be read and then not be written.
    level = [value] if line.count("[") + line.count("{") > LIMITS.depth else []
    for _ in range(LIMITS.depth):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise ValueError(f"it nests more than {LIMITS.depth} deep")


def _inside(value: object) -> list[object]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict | list)]
