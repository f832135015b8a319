"""Take campaigns apart again, once a contact ties no more: listed, or in too many texts."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from uuid import uuid4

from sqlalchemy import Connection, select, update

from serving.links import nearby
from serving.store import hand, lookup
from serving.store.listed import Listed
from serving.store.tables import ads, contacts, texts

#: A larger campaign stays as it is: to compare all of its texts would take too long.
MOST = 2_000


def split(connection: Connection, campaign: str, listed: Listed) -> set[str]:
    """Tie the ads of a campaign anew, each part a campaign of its own; the names of the parts.

    The largest part keeps the name. What ties is as in `ties.tie`, and what people tied by hand.
    """
    members = select(ads.c.seq, texts.c.text).join(texts, texts.c.seq == ads.c.seq)
    rows = connection.execute(members.where(ads.c.campaign == campaign).limit(MOST + 1)).all()
    if len(rows) > MOST:
        return set()
    texts_of = {row.seq: row.text for row in rows}
    groups = _Groups()
    for seq, key in _keys(connection, campaign, listed):
        groups.join(seq, key)
    for one, other in (*_alike(texts_of), *hand.bonds_of(connection, texts_of)):
        groups.join(one, other)
    parts = sorted(groups.of(sorted(texts_of)), key=len, reverse=True)
    names = [str(uuid4()) for _ in parts[1:]]
    for name, part in zip(names, parts[1:], strict=True):
        connection.execute(update(ads).where(ads.c.seq.in_(part)).values(campaign=name))
        hand.cut(connection, name, hand.cut_from(connection, campaign))
    return {campaign, *names}


def _keys(connection: Connection, campaign: str, listed: Listed) -> Iterator[tuple[int, str]]:
    """Each ad with each of its contacts that ties."""
    held = select(contacts.c.seq, contacts.c.key).join(ads, ads.c.seq == contacts.c.seq)
    rows = connection.execute(held.where(ads.c.campaign == campaign)).all()
    tying = {key for key in {row.key for row in rows} if lookup.tying(connection, key, listed)}
    yield from ((row.seq, row.key) for row in rows if row.key in tying)


def _alike(raw: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pairs of ads that share a form, or whose forms are alike, enough to connect all of them."""
    forms: dict[str, int] = {}
    for seq, text in raw.items():
        form = nearby.form(text)
        if form:
            yield seq, forms.setdefault(form, seq)
    seen: dict[int, list[str]] = defaultdict(list)
    for form in forms:
        bands = nearby.bands(form)
        for other in {each for band in bands for each in seen[band]}:
            if nearby.likeness(form, other):
                yield forms[form], forms[other]
        for band in bands:
            seen[band].append(form)


class _Groups:
    """Things that are joined, directly or by others."""

    def __init__(self) -> None:
        self._up: dict[Hashable, Hashable] = {}

    def join(self, one: Hashable, other: Hashable) -> None:
        """Make one group of two."""
        self._up[self._top(one)] = self._top(other)

    def of(self, things: list[int]) -> list[list[int]]:
        """The groups of some things."""
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for thing in things:
            groups[self._top(thing)].append(thing)
        return list(groups.values())

    def _top(self, thing: Hashable) -> Hashable:
        while (up := self._up.get(thing, thing)) != thing:
            thing = up
        return thing
