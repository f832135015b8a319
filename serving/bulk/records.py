"""The records of a text table, block by block: where each record and each cell of it is."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from serving.bulk import charsets, scan
from serving.bulk.limits import LIMITS, MIB, Limits
from serving.bulk.rows import Head, Reject

BLOCK = MIB
#: So many are found at a time.
_RECORDS, _CELLS = 8192, 65536


class Record(NamedTuple):
    """A record: its number, and its bytes and cells by their places in a block."""

    number: int
    begin: int
    stop: int
    fault: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Block:
    """The first `count` records of `found`, by bytes of `raw`; `raw` begins at byte `at`.

    `found` is overwritten when the next block is asked for.
    """

    raw: bytes
    at: int
    count: int
    found: scan.Found
    encoding: str

    def records(self, number: int) -> Iterator[Record]:
        """The records, numbered from `number` on, without those that are blank."""
        begin, stop, fault = (
            places[: self.count].tolist()
            for places in (self.found.begin, self.found.stop, self.found.fault)
        )
        first = self.found.first[: self.count + 1].tolist()
        every = map(Record, count(number), begin, stop, fault, first, first[1:])
        return (record for record in every if record.begin < record.stop)

    def reject(self, record: Record, reason: str) -> Reject:
        """The reject that `record` is; of a very long one only the beginning is kept."""
        raw = self.raw[record.begin : record.stop][: LIMITS.raw]
        encoding = charsets.of_row(raw, self.encoding) or self._expected()
        text = raw.decode(encoding, "backslashreplace")
        return Reject(record.number, self.at + record.begin, f"Row {record.number} {reason}.", text)

    def no_text(self, record: Record) -> Reject:
        """The reject that `record` is if it is in no encoding."""
        raw, encoding = self.raw[record.begin : record.stop], self._expected()
        try:
            raw.decode(encoding)
        except UnicodeDecodeError as bad:
            place = self.at + record.begin + bad.start
            what = f"byte 0x{raw[bad.start]:02X} at position {place:,} of the file"
            return self.reject(record, f"is in no encoding that we know: {what} is not {encoding}")
        raise AssertionError(f"row {record.number} is {encoding}")

    def _expected(self) -> str:
        return self.encoding if charsets.unit(self.encoding) > 1 else charsets.UTF_8


def blocks(
    stream: BinaryIO, head: Head, start: int, end: int | None = None, *, limits: Limits = LIMITS
) -> Iterator[Block]:
    """The records of `stream` from the byte `start`, where one begins, to before `end`.

    Memory holds a block, or a record if that is longer, up to the limit of a row. A line over that
    limit is a `LONG` record of which only the beginning is in `raw`.
    """
    window = _Window(stream, start, head.encoding)
    grammar, found = _grammar(head, limits), scan.room(_RECORDS, max(_CELLS, limits.columns))
    while end is None or window.at < end:
        whole = window.find(grammar, found)
        if not whole and window.last:
            return
        if not whole and (window.ahead <= limits.row or window.between):
            window.grow()
            continue
        if not whole:
            whole = window.pass_line(found)
        begins = found.begin[:whole] + window.start
        wanted = whole if end is None else int(np.searchsorted(begins, end))
        yield Block(window.raw, window.start, wanted, found, head.encoding)
        window.drop(int(found.end[whole - 1]))


class _Window:
    """Part of a stream: `raw` begins at byte `start`; before byte `at` it is done with."""

    def __init__(self, stream: BinaryIO, start: int, encoding: str) -> None:
        stream.seek(start)
        self.raw = b""
        self.start = self.at = start
        self.last = False
        self._stream = stream
        self._encoding = encoding
        self._unit = charsets.unit(encoding)

    @property
    def ahead(self) -> int:
        """How many bytes of `raw` are not done with."""
        return self.start + len(self.raw) - self.at

    @property
    def between(self) -> bool:
        """Whether `raw` ends within what may be a line end."""
        return bool(self._units(memoryview(self.raw)[-self._unit :])[-1] == scan.CR)

    def find(self, grammar: scan.Grammar, found: scan.Found) -> int:
        """Find the whole records from `at` on; returns how many."""
        done = self.at - self.start
        units = self._units(memoryview(self.raw)[done:])
        count = int(scan.scan(units, self.last, grammar, found))
        cells = int(found.first[count])
        for places in (found.begin[:count], found.stop[:count], found.end[:count]):
            places *= self._unit
            places += done
        for places in (found.cell_start[:cells], found.cell_stop[:cells]):
            places *= self._unit
            places += done
        return count

    def grow(self) -> None:
        """Let go of what is done with, and read on."""
        kept = self.raw[self.at - self.start :]
        more = self._read(max(BLOCK, len(kept)))
        if odd := len(more) % self._unit:
            more += b"\xdc" * (self._unit - odd)  # makes half a character no text, not a letter
        self.raw, self.start = kept + more, self.at

    def pass_line(self, found: scan.Found) -> int:
        """Find a line that is too long, and has no end in `raw`, as one record."""
        found.begin[0], found.stop[0] = self.at - self.start, len(self.raw)
        found.fault[0], found.first[1] = scan.LONG, 0
        found.end[0] = len(self.raw) + self._to_line_end()
        return 1

    def drop(self, end: int) -> None:
        """Be done with what stands before the place `end`, be it in `raw` or after."""
        self.at = self.start + end
        if end > len(self.raw):
            self._stream.seek(self.at)
            self.raw, self.start, self.last = b"", self.at, False

    def _to_line_end(self) -> int:
        """How many bytes that are not in `raw` belong to its last line."""
        passed = 0
        while True:
            units = self._units(memoryview(self._read(BLOCK)))
            if not len(units):
                return passed
            fault, _, end, _ = scan.first_line(units, 0, self.last, scan.LONG)
            if fault != scan.MORE:
                return passed + int(end) * self._unit
            # The last unit may be the first half of a line end: it is read again.
            passed += (len(units) - 1) * self._unit
            self._stream.seek(-self._unit, os.SEEK_CUR)

    def _read(self, size: int) -> bytes:
        raw = self._stream.read(size)
        self.last = len(raw) < size
        return raw

    def _units(self, raw: memoryview) -> NDArray[Any]:
        order = ">" if self._encoding.endswith("-be") else "<"
        whole = len(raw) // self._unit * self._unit
        return np.frombuffer(raw[:whole], f"{order}u{self._unit}").astype(
            f"u{self._unit}", copy=False
        )


def _grammar(head: Head, limits: Limits) -> scan.Grammar:
    row = limits.row // charsets.unit(head.encoding)
    if head.source.form == "jsonl":
        return scan.Grammar(scan.NEVER, scan.NEVER, 1, row, row, 1)
    delimiter = ord(head.delimiter) if head.delimiter else scan.NEVER
    return scan.Grammar(delimiter, ord('"'), len(head.columns), limits.cell, row, limits.columns)
