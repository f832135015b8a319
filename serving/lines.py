"""Lines of a UTF-8 stream, decoded one by one so that a bad byte is named with its row."""

import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from model.errors import LurewatchError

MAX_LINE = 16 * 1024 * 1024
BOM = b"\xef\xbb\xbf"


class BadFile(LurewatchError):
    """A file that cannot be read or written."""


class Lines(Iterator[str]):
    """The lines of `stream`, ends included; `name` is what errors call it.

    A reader calls `begin` before each row; `taken` are the lines it has used since.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.taken: list[str] = []
        self._stream = stream
        self._name = name
        self._ahead: deque[bytes] = deque()
        self._row = 1
        self._at = 0
        self._skip_bom()

    def __next__(self) -> str:
        raw = self._ahead.popleft() if self._ahead else self._read()
        if not raw:
            raise StopIteration
        first, *rest = re.split(rb"(?<=\r)(?!\n)", raw) if b"\r" in raw else [raw]
        self._ahead.extendleft(line for line in reversed(rest) if line)
        line = self._decode(first)
        self._at += len(first)
        self.taken.append(line)
        return line

    def begin(self, row: int) -> None:
        """From here on lines belong to row number `row`."""
        self._row = row
        self.taken = []

    def give_back(self) -> str:
        """Undo all but the first of the lines taken for this row, and return that first one."""
        first, *rest = self.taken
        lines = [line.encode() for line in rest]
        self._ahead.extendleft(reversed(lines))
        self._at -= sum(map(len, lines))
        return first

    def peek(self, size: int) -> str:
        """About `size` bytes of what comes next, cut at a line's end, without taking it."""
        while sum(map(len, self._ahead)) < size and (raw := self._read()):
            self._ahead.append(raw)
        return b"".join(self._ahead).decode(errors="replace")

    def _skip_bom(self) -> None:
        first = self._read()
        kept = first.removeprefix(BOM)
        self._at = len(first) - len(kept)
        if kept:
            self._ahead.append(kept)

    def _read(self) -> bytes:
        try:
            raw = self._stream.readline(MAX_LINE + 1)
        except OSError as error:
            raise BadFile(f"{self._name} cannot be read on: {error.strerror}.") from error
        if len(raw) > MAX_LINE:
            raise BadFile(
                f"{self._name} holds a line of more than {MAX_LINE:,} bytes (after row "
                f"{self._row}). Is it a CSV or JSONL file? Break the line, or take it out."
            )
        return raw

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError as bad:
            raise BadFile(
                f"{self._name}, row {self._row}: byte 0x{raw[bad.start]:02X} at position "
                f"{self._at + bad.start:,} of the file is not UTF-8. Save the file as UTF-8."
            ) from bad
