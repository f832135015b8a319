"""Compiled: find links, mail addresses and handles, which a text is read without.

A run of ASCII characters that such things are made of is looked at whole; `tests/reference.py`
says with regular expressions what counts.
"""

import string

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.folding import HANDLE, LINK, MAIL, WORD
from model.tables import CODE, DECIMAL, KIND, SCRIPT, SEVERAL, Tables

#: Zones of bare links ("example.com"), and zones that are also words ("help.me", "abroad.in") and
#: so count only before a path.
ZONES = ("com", "org", "net", "info", "biz", "ru", "ua", "br", "cn", "io", "eu", "pl", "uk", "ly")
WORD_ZONES = ("me", "es", "pt", "de", "us", "mx", "co", "id", "ph", "tr", "in")

#: What a byte may be, as flags: a letter or digit; a character of contacts; one of those without
#: which there is no contact. Below them, from `FOLDED` on, stands what it folds to as a character
#: of a word, 0 if it is none; the lowest bits and `DECIMAL` are the flags of a word with it.
FOLDED = 8
PLAIN = 0xFF << FOLDED
_NAME, CONTACT, TELLING = 1 << 16, 1 << 17, 1 << 18
_LINK, _MAIL, _HANDLE = map(ord, (LINK, MAIL, HANDLE))
_AT, _COLON, _SLASH, _DOT, _QUERY, _LOW_LINE = map(ord, "@:/.?_")


def _packed(zones: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int.from_bytes(zone.encode(), "big") for zone in zones)


_ZONE_CODES, _WORD_ZONE_CODES = _packed(ZONES), _packed(WORD_ZONES)


def classes(tables: Tables) -> NDArray[np.uint32]:
    """What each byte of ASCII is to the walk, shape (256,)."""
    made = np.zeros(256, np.uint32)
    made[[ord(char) for char in string.ascii_letters + string.digits]] = _NAME | CONTACT
    made[[ord(char) for char in "_%+-/?=&#~"]] = CONTACT
    made[[ord(char) for char in ".@:"]] = CONTACT | TELLING
    for code, found in enumerate(tables.pages[:128].tolist()):
        if found >> KIND & 3 == WORD and not found & SEVERAL:
            made[code] |= (found & CODE or code) << FOLDED | found & DECIMAL
            made[code] |= (1 << (found >> SCRIPT & 3)) >> 1
    return made


@jit
def contact(ascii, text, at, stop):
    """The end of the run of contact characters at `at`, and its stand-in or 0."""
    end, seen = at, 0
    while end < stop and ascii[text[end]] & CONTACT:
        seen |= ascii[text[end]]
        end += 1
    if not seen & TELLING or end - at < 3:
        return end, 0
    if _has_scheme(text, at, end) or _starts_www(text, at, end):
        return end, _LINK
    handle = False
    for i in range(at, end):
        if text[i] == _AT:
            if i > at and i + 1 < end and ascii[text[i - 1]] & ascii[text[i + 1]] & _NAME:
                return end, _MAIL
            handle = handle or _is_handle(ascii, text, i + 1, end)
    if handle:
        return end, _HANDLE
    for i in range(at + 1, end):
        if text[i] == _DOT and ascii[text[i - 1]] & _NAME and _is_zone(text, i + 1, end):
            return end, _LINK
    return end, 0


@jit
def _has_scheme(text, at, end):
    for i in range(at, end - 2):
        if text[i] == _COLON and text[i + 1] == _SLASH and text[i + 2] == _SLASH:
            return True
    return False


@jit
def _lower(byte):
    return byte | 32 if 65 <= byte <= 90 else byte


@jit
def _starts_www(text, at, end):
    w = 119
    return (
        end - at >= 4
        and _lower(text[at]) == w
        and _lower(text[at + 1]) == w
        and _lower(text[at + 2]) == w
        and text[at + 3] == _DOT
    )


@jit
def _is_handle(ascii, text, at, end):
    if end - at < 3:
        return False
    good = 0
    for i in range(at, at + 3):
        good += ascii[text[i]] & _NAME != 0 or text[i] == _LOW_LINE
    return good == 3


@jit
def _is_zone(text, at, end):
    """Whether a zone stands at `at`, and the run ends after it or goes on as a link does."""
    code, i = 0, at
    while i < end and i - at < 5 and 97 <= _lower(text[i]) <= 122:
        code = code << 8 | _lower(text[i])
        i += 1
    if i == end or (text[i] == _DOT and i + 1 == end):
        return _among(code, _ZONE_CODES)
    if text[i] == _SLASH:
        return _among(code, _ZONE_CODES) or _among(code, _WORD_ZONE_CODES)
    return (text[i] == _COLON or text[i] == _QUERY) and _among(code, _ZONE_CODES)


@jit
def _among(code, codes):
    among = False
    for each in codes:
        among |= code == each
    return among
