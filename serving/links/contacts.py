"""Contacts in the text of an ad: the ways it gives to answer or to pay."""

from collections.abc import Iterator
from dataclasses import dataclass

from serving.links import accounts, payments, phones, web
from serving.links.accounts import Found
from serving.links.view import view

#: On these a name is taken to be one person's, whichever of them it is on.
_NAMES = frozenset({"handle", "telegram", "instagram", "signal", "viber", "whatsapp"})


@dataclass(frozen=True, slots=True, order=True)
class Contact:
    """A way to reach or pay somebody; `text[start:end]` is where it stands, in code points.

    `value` is written one way: a phone number as E.164, a mail address or name in small letters, a
    link as its registered domain (of a host that many share: host and path).
    """

    start: int
    end: int
    kind: str
    value: str

    @property
    def key(self) -> str:
        """What two ads with this contact have in common."""
        return f"{'handle' if self.kind in _NAMES else self.kind}:{self.value}"


def find(text: str, *, language: str, region: str | None = None) -> tuple[Contact, ...]:
    """The contacts of a text in `language`, in their order; none overlap.

    `region` (ISO 3166) is where the ad was posted, if that is known: its phone numbers may lack
    their country.
    """
    found: list[Contact] = []
    for kind, value, start, end in _all(text, language, region):
        if not any(start < other.end and other.start < end for other in found):
            found.append(Contact(start, end, kind, value))
    return tuple(sorted(found))


def _all(text: str, language: str, region: str | None) -> Iterator[Found]:
    """Every contact, those whose form is surest first."""
    seen = view(text)
    yield from payments.find(text)
    yield from web.find(seen, text)
    yield from accounts.find(seen)
    for value, start, end in phones.find(seen, language=language, region=region):
        yield "phone", value, start, end
