"""Arrow's columns as values that JSON can hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from math import isfinite, isnan
from typing import Any

import pyarrow as pa
from pyarrow import compute, types

from serving.bulk import charsets
from serving.bulk.rows import Kind


@dataclass(frozen=True, slots=True)
class BadText:
    """Stands for a text that cannot be told."""

    raw: bytes
    why: str


def kind_of(kind: pa.DataType) -> Kind:
    """What cells of this type come out as."""
    if types.is_dictionary(kind):
        return kind_of(kind.value_type)
    if types.is_boolean(kind):
        return "boolean"
    if types.is_integer(kind) and kind != pa.uint64():
        return "integer"
    if types.is_floating(kind):
        return "number"
    return "json" if types.is_nested(kind) or kind == pa.uint64() else "text"


def values(column: pa.Array, *, longest: int) -> list[object]:
    """The cells of a column; text of over `longest` bytes, or in no encoding, is `BadText`."""
    kind = column.type
    if types.is_dictionary(kind):
        return values(column.dictionary_decode(), longest=longest)
    if is_text(kind):
        return _texts(column, longest)
    if types.is_floating(kind):
        return [_finite(value) for value in column.to_pylist()]
    if types.is_map(kind):
        return [None if value is None else _json(dict(value)) for value in column.to_pylist()]
    if types.is_temporal(kind) or types.is_decimal(kind):
        return list(column.cast(pa.string()).to_pylist())
    if types.is_nested(kind):
        return [_json(value) for value in column.to_pylist()]
    return list(column.to_pylist())


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of this type are texts, or bytes that may be."""
    if types.is_dictionary(kind):
        return is_text(kind.value_type)
    tests = (types.is_string, types.is_large_string, types.is_string_view, types.is_binary)
    more = (types.is_large_binary, types.is_binary_view, types.is_fixed_size_binary)
    return any(test(kind) for test in (*tests, *more))


def longest_of(column: pa.Array) -> int:
    """How many bytes the longest text of a column has."""
    lengths = compute.binary_length(column.cast(pa.large_binary()))
    return int(compute.max(lengths).as_py() or 0)


def _texts(column: pa.Array, longest: int) -> list[object]:
    raw = column.cast(pa.large_binary())
    if longest_of(raw) <= longest:
        try:
            return list(raw.cast(pa.large_string()).to_pylist())
        except pa.ArrowInvalid:
            pass  # some of it is not UTF-8
    return [_text(cell.as_buffer(), longest) if cell.is_valid else None for cell in raw]


def _text(buffer: pa.Buffer, longest: int) -> object:
    raw = memoryview(buffer)[: longest + 1].tobytes()
    if len(raw) > longest:
        return BadText(raw, f"is longer than {longest:,} bytes")
    text = charsets.text(raw, charsets.UTF_8)
    return BadText(raw, "is in no encoding that we know") if text is None else text


def _finite(value: float | None) -> object:
    if value is None or isfinite(value):
        return value
    return None if isnan(value) else str(value)


def _json(value: Any) -> object:
    if isinstance(value, Mapping):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    return value if value is None or isinstance(value, str | int) else str(value)
