"""A form with a file, read as it comes: the file is given on piece by piece, and never held."""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from serving.desk.guard import TOKEN, check_token
from serving.store.errors import BadQuestion

MAX_FIELD = 1_000  # bytes of a field that is no file
NO_FORM = "This is no form that a browser sends."


@dataclass(frozen=True, slots=True)
class Sent:
    """What was chosen: the file's name, as the browser tells it, and its bytes."""

    name: str
    pieces: AsyncIterator[bytes]


async def read_sent(request: Request) -> Sent:
    """The file of a form; refuses one that no page of the desk has sent before it reads the file.

    Raises `BadQuestion` if no file was chosen.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPException(400, NO_FORM)
    parts = _Parts(options[b"boundary"])
    stream = request.stream()
    while parts.name is None:
        if not await _feed(parts, stream):
            raise HTTPException(400, NO_FORM)
    check_token(request, parts.fields[TOKEN.encode()].decode(errors="replace"))
    if not parts.name:
        raise BadQuestion("No file was chosen. Choose one, and send it.")
    return Sent(parts.name, _pieces(parts, stream))


async def _pieces(parts: "_Parts", stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    more = True
    while more:
        for piece in parts.take():
            yield piece
        more = await _feed(parts, stream)
    for piece in parts.take():
        yield piece
    if not parts.whole:
        raise ClientDisconnect  # what is cut off is no file


async def _feed(parts: "_Parts", stream: AsyncIterator[bytes]) -> bool:
    """Read on; false at the end."""
    try:
        parts.feed(await anext(stream))
    except StopAsyncIteration:
        return False
    except MultipartParseError:
        raise HTTPException(400, NO_FORM) from None
    return True


class _Parts:
    """The parts of a form: fields, and the file, which is taken away as it comes."""

    def __init__(self, boundary: bytes) -> None:
        self.fields: defaultdict[bytes, bytes] = defaultdict(bytes)
        self.name: str | None = None
        self.whole = False
        self._file: list[bytes] = []
        self._in_file = False
        self._field = self._header = self._value = b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_begin": self._begin_header,
                "on_header_field": self._add_header,
                "on_header_value": self._add_value,
                "on_header_end": self._end_header,
                "on_part_data": self._add,
                "on_part_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Read the next bytes of the form."""
        self._parser.write(piece)

    def take(self) -> list[bytes]:
        """The bytes of the file that have come since the last time."""
        taken, self._file = self._file, []
        return taken

    def _begin_header(self) -> None:
        self._header = self._value = b""

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() != b"content-disposition":
            return
        _, options = parse_options_header(self._value)
        self._field = options.get(b"name", b"")
        if b"filename" in options and self.name is None:
            self.name = options[b"filename"].decode(errors="replace")
            self._in_file = True

    def _add(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file.append(data[start:end])
            return
        self.fields[self._field] += data[start:end]
        if len(self.fields) > 10 or len(self.fields[self._field]) > MAX_FIELD:
            raise HTTPException(400, NO_FORM)

    def _end(self) -> None:
        self.whole = self.whole or self._in_file
        self._in_file = False
