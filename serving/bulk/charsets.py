"""Which encoding a table's bytes are in, told by its beginning, and row by row where that fails.

UTF-8 proves itself; anything else is a guess by `chardet`, which of the detectors tried named
most of our own texts rightly when they were written in the encoding of their language.
"""

import codecs
import re
from contextlib import suppress

import chardet
from chardet import EncodingEra

UTF_8 = "utf-8"
#: Longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: UTF_8,
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
#: So many zero bytes, in their places, are UTF-16.
_ZEROS = 4
#: Under this confidence, a few accents among Latin letters are read as Western European.
_CONFIDENT = 0.1
#: In these a trailing byte may be a bar, so a bar cannot be trusted to be a delimiter.
MULTIBYTE = frozenset({"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp932", "shift_jis"})
#: So many bytes that are valid UTF-8 and not ASCII are no accident, even in Chinese encodings.
_SURE = 12


def mark(raw: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark at the beginning tells, and the mark's length."""
    found = ((encoding, len(bom)) for bom, encoding in _MARKS.items() if raw.startswith(bom))
    return next(found, None)


def unit(encoding: str) -> int:
    """How many bytes a code unit of `encoding` has."""
    return 4 if encoding.startswith("utf-32") else 2 if encoding.startswith("utf-16") else 1


def detect(sample: bytes) -> str:
    """The encoding of most lines of `sample` (whole lines); UTF-8 if nothing speaks against it."""
    if wide := _without_mark(sample):
        return wide
    if is_utf8(sample):
        return UTF_8
    lines = [line for line in sample.splitlines() if not line.isascii()]
    odd = [line for line in lines if not is_utf8(line) and not _is_damaged_utf8(line)]
    if 2 * len(odd) < len(lines):
        return UTF_8
    return _guess(b"\n".join(odd)) or UTF_8


def text(raw: bytes, encoding: str) -> str | None:
    """A row of a table in `encoding` as text; None if it is in no encoding."""
    if encoding == UTF_8:
        with suppress(UnicodeDecodeError):
            return raw.decode()
    told = of_row(raw, encoding)
    return raw.decode(told) if told else None


def of_row(raw: bytes, encoding: str) -> str | None:
    """The encoding in which to read a row of a table in `encoding`; None if it is in no one.

    A row of another encoding than its table is found out, where its bytes tell.
    """
    if unit(encoding) > 1:
        return encoding if _reads(raw, encoding) else None
    if raw.isascii():
        return encoding
    if encoding in MULTIBYTE and _high(raw) < _SURE and _reads(raw, encoding):
        return encoding
    if is_utf8(raw):
        return UTF_8
    if _is_damaged_utf8(raw):
        return None
    if encoding != UTF_8 and _reads(raw, encoding):
        return encoding
    guess = _guess(raw)
    return guess if guess and unit(guess) == 1 else None


def is_utf8(raw: bytes) -> bool:
    """Whether `raw` is valid UTF-8."""
    return _reads(raw, UTF_8)


def _without_mark(sample: bytes) -> str | None:
    """UTF-16, if its first line end and most of its zero bytes are where UTF-16 has them."""
    end = re.search(rb"[\r\n]", sample)
    if not end:
        return None
    little = end.start() % 2 == 0
    zero = end.start() + 1 if little else end.start() - 1
    right, wrong = (sample[1::2], sample[::2]) if little else (sample[::2], sample[1::2])
    if sample[zero : zero + 1] != b"\0" or right.count(0) < max(_ZEROS, 4 * wrong.count(0)):
        return None
    return "utf-16-le" if little else "utf-16-be"


def _guess(raw: bytes) -> str | None:
    guess = chardet.detect(raw, encoding_era=EncodingEra.MODERN_WEB)
    encoding = guess["encoding"]
    if guess["confidence"] < _CONFIDENT and _is_latin(raw):
        encoding = "cp1252"
    return codecs.lookup(encoding).name if encoding and _reads(raw, encoding) else None


def _is_latin(raw: bytes) -> bool:
    """Whether its bytes over ASCII stand alone or in pairs among many others, as accents do."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", raw)]
    return max(runs, default=0) <= 2 and 5 * sum(runs) < len(raw)


def _is_damaged_utf8(raw: bytes) -> bool:
    """Whether more of it is UTF-8 than is not, so that another encoding would make it nonsense."""
    text = raw.decode(errors="replace")
    wrong = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - wrong > wrong


def _high(raw: bytes) -> int:
    return sum(byte > 127 for byte in raw)


def _reads(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeError:
        return False
    return True
