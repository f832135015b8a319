"""The kin of a stored ad, for a reader: near-copies, and who else gives its contacts."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from serving.links import contacts as links
from serving.links import nearby
from serving.links.contacts import Contact
from serving.store import ads as stored_ads
from serving.store import listed, lookup
from serving.store.engine import Store
from serving.store.tables import ads, contacts, forms
from serving.store.values import Stored

#: So many kin are shown, and an ad's others with a contact are counted up to so many.
SHOWN, COUNTED = 20, 1_000


@dataclass(frozen=True, slots=True)
class Relative:
    """Another ad: how like its text is (0 for not, 1 for a copy), and the contacts in common."""

    ad: Stored
    likeness: float
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """The contacts in an ad's text, each with how many other ads give it, and its nearest kin."""

    contacts: tuple[tuple[Contact, int], ...]
    relatives: tuple[Relative, ...]


def of(store: Store, ad: Stored) -> Kin:
    """The kin of a stored ad, the likest first, then the newest."""
    found = links.find(ad.text, language=ad.language)
    with store.read() as connection:
        like = _alike(connection, ad)
        entries = listed.in_force(connection, store.clock())
        sharing = {each.key: lookup.tying(connection, each.key, entries) for each in found}
        counts = [(each, _others(connection, each.key)) for each in found]
        seqs = like.keys() | {seq for each in sharing.values() for seq in each}
        best = sorted(seqs, key=lambda seq: (like.get(seq, 0), seq), reverse=True)[: SHOWN + 1]
        others = stored_ads.find(connection, ads.c.seq.in_(best), store.clock())
    relatives = (
        Relative(others[seq], like.get(seq, 0), tuple(c for c in found if seq in sharing[c.key]))
        for seq in best
        if seq in others and others[seq].id != ad.id
    )
    return Kin(tuple(counts), tuple(relatives)[:SHOWN])


def _alike(connection: Connection, ad: Stored) -> Mapping[int, float]:
    form = nearby.form(ad.text)
    if not form:
        return {}
    mine = connection.scalar(select(forms.c.id).where(forms.c.digest == nearby.digest(form)))
    copies = lookup.of_form(connection, mine, limit=SHOWN + 1) if mine else ()
    return {**lookup.alike(connection, form, nearby.bands(form)), **dict.fromkeys(copies, 1.0)}


def _others(connection: Connection, key: str) -> int:
    some = select(contacts.c.seq).where(contacts.c.key == key).limit(COUNTED + 1).subquery()
    return max(0, (connection.scalar(select(func.count()).select_from(some)) or 0) - 1)
