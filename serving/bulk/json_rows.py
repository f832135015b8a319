"""Rows and rejects from lines of JSON."""

import json
from collections.abc import Iterator
from math import isfinite

from serving.bulk import charsets
from serving.bulk.limits import LIMITS
from serving.bulk.records import Block, Record
from serving.bulk.rows import Reject, Row


def rows(block: Block, number: int) -> Iterator[Row | Reject]:
    """The rows of `block`, whose first line has this number; a blank line is none."""
    for record in block.records(number):
        if record.fault:
            yield block.reject(record, "is longer than the limit")
            continue
        text = charsets.text(block.raw[record.begin : record.stop], block.encoding)
        if text is None:
            yield block.no_text(record)
        elif text.strip():
            yield _row(block, record, text)


def _row(block: Block, record: Record, text: str) -> Row | Reject:
    try:
        cells = _DECODER.decode(text)
        if not isinstance(cells, dict):
            raise ValueError("it is another JSON value")
        _check_depth(cells, text)
    except (ValueError, RecursionError) as error:
        return block.reject(record, f"is not a JSON object: {error}")
    return Row(record.number, cells)


def _finite(number: str) -> float:
    if not isfinite(value := float(number)):
        raise ValueError(f"{number} is not a number that JSON can hold")
    return value


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def _check_depth(value: object, line: str) -> None:
    # What nests about as deep as Python's stack can be read and then not be written.
    if line.count("[") + line.count("{") <= LIMITS.depth:
        return
    level = [value]
    for _ in range(LIMITS.depth):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise ValueError(f"it nests more than {LIMITS.depth} deep")


def _inside(value: object) -> list[object]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict | list)]
