"""The allow list in force: which of its entries a text names, or gives as a contact.

It says what stands in an ad, not that the ad is honest: anybody can write a known name.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from serving.links import phones, web
from serving.links.view import fold
from serving.store.engine import utc
from serving.store.errors import BadQuestion
from serving.store.tables import allowed
from serving.store.values import Allowed, Kind

_WORD = re.compile(r"\w+")
_HOST = re.compile(r"(?:https?://)?(?:[^@/]*@)?([^/?#:]+)")
#: Scripts that put no spaces between words: Thai, Lao, Khmer, Burmese, kana, ideographs.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LEAST = 3  # letters of a name, which else stands in too many texts


@dataclass(frozen=True, slots=True)
class Listed:
    """Entries, by kind and key."""

    entries: dict[tuple[Kind, str], Allowed]
    lengths: frozenset[int]  # how many words the employers' names have
    unspaced: tuple[Allowed, ...]  # employers that are found without spaces around them

    @classmethod
    def of(cls, entries: Iterable[Allowed]) -> "Listed":
        """The list of some entries."""
        every = {(each.kind, each.key): each for each in entries}
        names = [each for each in every.values() if each.kind == "employer"]
        apart = tuple(each for each in names if _UNSPACED.search(each.key))
        lengths = frozenset(len(each.key.split()) for each in names)
        return cls(every, lengths, apart)

    def contact(self, key: str) -> Allowed | None:
        """The entry for a contact, which is given as `Contact.key`; of a mail, that of its host."""
        kind, _, value = key.partition(":")
        if not self.entries:
            return None
        if kind == "phone":
            return self.entries.get(("phone", value))
        if kind == "mail":
            return self.entries.get(("domain", web.registered(value.rpartition("@")[2])))
        return self.entries.get(("domain", value)) if kind == "link" else None

    def known(self, text: str, contacts: Collection[str]) -> tuple[Allowed, ...]:
        """The entries that a text names as whole words, or gives as one of its contacts."""
        found = [*self._employers(text), *(self.contact(key) for key in contacts)]
        return tuple(dict.fromkeys(each for each in found if each))

    def _employers(self, text: str) -> Iterable[Allowed | None]:
        if not self.lengths:
            return
        words = _WORD.findall(fold(text))
        for length in self.lengths:
            for at in range(len(words) - length + 1):
                yield self.entries.get(("employer", " ".join(words[at : at + length])))
        joined = " ".join(words)
        yield from (each for each in self.unspaced if each.key in joined)


def in_force(connection: Connection, at: datetime) -> Listed:
    """The list at a moment."""
    standing = select(allowed).where(allowed.c.until >= at.date()).order_by(allowed.c.id)
    return Listed.of(entry(row) for row in connection.execute(standing).mappings())


def entry(row: RowMapping) -> Allowed:
    """An entry out of its row."""
    told: dict[str, Any] = {**row, "added": utc(row["added"])}
    return Allowed(**told)


def key(kind: Kind, value: str) -> str:
    """What is compared of a value; raises `BadQuestion` for one that says too little."""
    if kind == "phone":
        number = phones.e164(value)
        if number and number.startswith("+"):
            return number
        raise BadQuestion(f"The phone is {value[:40]!r}. Write it with its country: +44 ...")
    if kind == "domain":
        host = _HOST.match(value.strip().lower())
        domain = web.registered(host[1]) if host else ""
        if domain and not web.is_shared(domain):
            return domain
        raise BadQuestion(
            f"The domain is {value[:40]!r}. Write one that is the employer's own, not one that "
            "many share."
        )
    words = _WORD.findall(fold(value))
    letters = "".join(words)
    if len(letters) >= _LEAST or _UNSPACED.search(letters):
        return " ".join(words)
    raise BadQuestion(f"The employer is {value[:40]!r}. Write a name of {_LEAST} letters or more.")


def is_over(each: Allowed, day: date) -> bool:
    """Whether an entry has no effect any more."""
    return each.until < day
