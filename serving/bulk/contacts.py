"""Contacts in a text, for the report: found by their form, and masked where they stand.

`serving.links` finds more, and takes 1 ms or more a text: a report looks at every row, and scoring
one takes less.
"""

import re
from collections.abc import Iterator

#: Kind, form, and a sign without which there is none: most texts need no look at the form.
_KINDS = (
    ("mail", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"), "@"),
    ("link", re.compile(r"(?:https?://|www\.|t\.me/|wa\.me/)[^\s<>\"'|]{2,200}", re.I), "."),
    ("handle", re.compile(r"(?<![\w.@/])@\w{3,32}"), "@"),
    ("phone", re.compile(r"(?<![\w+])\+?\d(?:[\s().-]{0,2}\d){7,14}(?!\w)"), ""),
)
_SHOWN = 2
#: Dates and ranges (of years, of pay) that have the form of a phone number.
_NO_PHONE = re.compile(r"(?:19|20)\d\d\D+(?:19|20)?\d\d|(\d{4,6})\s?-\s?(\d{4,6})$")
DOT = "•"


def find(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value of each contact, values written one way."""
    for kind, start, end in _spans(text):
        yield kind, _value(kind, text[start:end])


def mask(text: str) -> str:
    """The text, as long as it was, with each contact's characters hidden but for its ends."""
    for _, start, end in _spans(text):
        text = text[:start] + mask_value(text[start:end]) + text[end:]
    return text


def mask_value(value: str) -> str:
    """A contact with its characters hidden but for its ends."""
    inner = re.sub(r"\w", DOT, value[_SHOWN:-_SHOWN])
    return value[:_SHOWN] + inner + value[-_SHOWN:]


def _spans(text: str) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for kind, form, sign in _KINDS:
        for match in form.finditer(text) if sign in text else ():
            start, end = match.span()
            if kind == "phone" and _is_no_phone(match[0]):
                continue
            if not any(start < other_end and at < end for _, at, other_end in found):
                found.append((kind, start, end))
    return found


def _is_no_phone(raw: str) -> bool:
    found = _NO_PHONE.match(raw)
    if found is None or found[1] is None:
        return found is not None
    return abs(len(found[1]) - len(found[2])) < 2


def _value(kind: str, raw: str) -> str:
    if kind == "phone":
        return ("+" if raw.startswith("+") else "") + re.sub(r"\D", "", raw)
    value = raw.rstrip(".,;:!?)").lower()
    return re.sub(r"^(https?://)?(www\.)?", "", value) if kind == "link" else value
