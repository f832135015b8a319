"""Tie ads together that are near-copies of each other or have a contact in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select, text, update

from serving.links import contacts as find_contacts
from serving.links import nearby
from serving.store import hand, lookup, untie
from serving.store.listed import Listed
from serving.store.tables import ads, bands, campaigns, contacts, forms, shapes

THOUSAND = 1_000
LOCK = 7_105_428  # for PostgreSQL's advisory locks


@dataclass(frozen=True, slots=True)
class Traces:
    """What ties an ad to others, as read from its text.

    `form` is empty and there are no `bands` where the text is too short to be compared.
    """

    form: str
    bands: tuple[int, ...]
    keys: frozenset[str]


def trace(texts: Sequence[tuple[str, str]]) -> list[Traces]:
    """The traces of texts, each given with its language. Takes a millisecond or two for each."""
    return [_trace(raw, language) for raw, language in texts]


def tie(connection: Connection, traces: Mapping[int, Traces], listed: Listed) -> None:
    """Put new ads, by their `seq`, into the campaigns of their kin.

    An ad with kin that has no campaign begins one, named after the first ad. A contact in more than
    `lookup.MOST` texts of different form ties nothing: it is an agency's or a job board's. Nor does
    one that is listed. What people have cut apart stays so.
    """
    touched = set[str]()
    for seq, each in sorted(traces.items()):
        kin = _enter(connection, seq, each)
        for key in sorted(each.keys):
            kin |= _give(connection, seq, key, touched, listed)
        if kin:
            touched |= join(connection, {seq, *kin})
    resize(connection, touched)


def join(connection: Connection, seqs: set[int]) -> set[str]:
    """Make one campaign of ads and of the campaigns that they are in; the names of those touched.

    The largest keeps its name. One that was cut apart from it stays out.
    """
    columns = (ads.c.seq, ads.c.id, ads.c.campaign, ads.c.size)
    rows = connection.execute(select(*columns).where(ads.c.seq.in_(seqs)).order_by(ads.c.seq)).all()
    known = {row.campaign: row.size for row in rows if row.campaign}
    largest = sorted(known, key=lambda each: known[each], reverse=True)
    name: str = largest[0] if largest else _new_name(connection, rows[0].id)
    # Not in one statement: SQLite would look at every ad.
    lone = [row.seq for row in rows if not row.campaign]
    connection.execute(update(ads).where(ads.c.seq.in_(lone)).values(campaign=name))
    for other in largest[1:]:
        if other not in hand.cut_from(connection, name):
            absorb(connection, other, into=name)
    return {name}


def absorb(connection: Connection, other: str, *, into: str) -> None:
    """Put a campaign's ads into another, and cut that apart from whatever it was cut from."""
    connection.execute(update(ads).where(ads.c.campaign == other).values(campaign=into))
    hand.cut(connection, into, hand.cut_from(connection, other) - {into})
    connection.execute(delete(campaigns).where(campaigns.c.name == other))


def hold(connection: Connection) -> None:
    """Before all else: let nobody else add or purge ads until the transaction ends.

    Two ads that are stored at the same time must see each other, and writers that lock ads in
    different orders would wait for each other. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def loosen(connection: Connection, keys: Iterable[str], listed: Listed) -> None:
    """Take apart what contacts tied that are listed now. Whoever lists them calls `hold` first."""
    touched = set[str]()
    for key in keys:
        touched |= _apart(connection, lookup.with_contact(connection, key), listed)
    resize(connection, touched)


def resize(connection: Connection, touched: set[str]) -> None:
    """Count the ads of campaigns anew; one that has a single ad left is none, unless it was cut.

    Over a thousand only the thousands are kept: not every new ad shall change all the others.
    """
    for name in sorted(touched):
        mine = ads.c.campaign == name
        size = connection.scalar(select(func.count()).where(mine)) or 0
        if size > THOUSAND:
            size -= size % THOUSAND
        if size > 1 or (size and hand.is_cut(connection, name)):
            connection.execute(update(ads).where(mine, ads.c.size != size).values(size=size))
            known = update(campaigns).where(campaigns.c.name == name).values(size=size)
            if not connection.execute(known).rowcount:
                connection.execute(insert(campaigns).values(name=name, size=size))
        else:
            connection.execute(update(ads).where(mine).values(size=1, campaign=None))
            connection.execute(delete(campaigns).where(campaigns.c.name == name))


def release(connection: Connection, raw: Iterable[str], touched: set[str]) -> None:
    """After ads were deleted: forget the forms of their texts that no ad has, and count anew.

    Whoever deletes them calls `hold` first.
    """
    made = sorted({form for text in raw if (form := nearby.form(text))})
    for form in made:
        mine = forms.c.digest == nearby.digest(form)
        left = select(shapes.c.form).where(shapes.c.form == forms.c.id)
        gone = delete(forms).where(mine, ~left.exists()).returning(forms.c.id)
        if id := connection.scalar(gone):
            connection.execute(
                delete(bands).where(bands.c.band.in_(nearby.bands(form)), bands.c.form == id)
            )
    resize(connection, touched)


def _trace(raw: str, language: str) -> Traces:
    form = nearby.form(raw)
    keys = frozenset(each.key for each in find_contacts.find(raw, language=language))
    return Traces(form, nearby.bands(form) if form else (), keys)


def _new_name(connection: Connection, first: str) -> str:
    """The id of the first ad, unless a campaign that the ad has left is called so."""
    taken = connection.execute(select(campaigns.c.name).where(campaigns.c.name == first)).first()
    return str(uuid4()) if taken else first


def _enter(connection: Connection, seq: int, traces: Traces) -> set[int]:
    """Keep the form of an ad, and find an ad of each form that is alike."""
    if not traces.form:
        return set()
    digest = nearby.digest(traces.form)
    form = connection.scalar(select(forms.c.id).where(forms.c.digest == digest))
    if form is not None:
        kin = set(lookup.of_form(connection, form, limit=1))
    else:
        kin = set(lookup.alike(connection, traces.form, traces.bands))
        form = connection.scalar(insert(forms).values(digest=digest).returning(forms.c.id))
        rows = [{"band": band, "form": form} for band in traces.bands]
        connection.execute(insert(bands), rows)
    connection.execute(insert(shapes).values(seq=seq, form=form))
    return kin


def _give(
    connection: Connection, seq: int, key: str, touched: set[str], listed: Listed
) -> set[int]:
    """Keep a contact of an ad, and find the ads that it ties.

    With the first text too many it ties nothing any more, and what it tied is taken apart.
    """
    before = lookup.with_contact(connection, key)
    connection.execute(insert(contacts).values(key=key, seq=seq))
    if listed.contact(key):
        return set()
    after = lookup.with_contact(connection, key)
    if len(set(after.values())) <= lookup.MOST:
        return set(before)
    if len(set(before.values())) <= lookup.MOST:
        touched |= _apart(connection, before, listed)
    return set()


def _apart(connection: Connection, seqs: Iterable[int], listed: Listed) -> set[str]:
    """Take the campaigns of ads apart, as far as nothing else ties them; the names of the parts."""
    tied = select(ads.c.campaign).where(ads.c.seq.in_(list(seqs)), ads.c.campaign.is_not(None))
    parts = set[str]()
    for campaign in connection.scalars(tied.distinct()).all():
        parts |= untie.split(connection, campaign, listed)
    return parts
