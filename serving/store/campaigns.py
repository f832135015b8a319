"""Campaigns: ads that belong together, listed by size, looked at one by one, merged and split."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Connection, case, func, select, tuple_, update

from serving.store import ads as stored_ads
from serving.store import audit, hand, ties
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store, utc
from serving.store.errors import BadQuestion, NotStored
from serving.store.tables import ads, campaigns, contacts
from serving.store.values import Stored

#: Of a campaign so many of its newest ads are looked through.
MOST = 2_000
CONTACTS = 30  # that are told
MOST_SPLIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A campaign at a glance: how many ads, the highest risk, how many are open, the newest ad."""

    name: str
    size: int
    risk: float
    open: int
    first: datetime
    newest: Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign: the contacts its ads share (kind, value, how many), and how many came each day.

    Both are of its newest `MOST` ads; contacts that only one gives are left out. `apart` names the
    campaigns that it was cut from.
    """

    summary: Summary
    contacts: tuple[tuple[str, str, int], ...]
    days: tuple[tuple[date, int], ...]
    apart: tuple[str, ...]


def page(store: Store, *, after: str | None = None, limit: int = 25) -> Sequence[Summary]:
    """Campaigns, the largest first: those that come after the one with the name `after`."""
    which = (
        select(campaigns)
        .where(campaigns.c.size > 1)
        .order_by(campaigns.c.size.desc(), campaigns.c.name.desc())
    )
    with store.read() as connection:
        if after is not None:
            place = tuple_(campaigns.c.size, campaigns.c.name)
            which = which.where(place < tuple_(_size(connection, after), after))
        names = [row.name for row in connection.execute(which.limit(limit))]
        found = _summaries(connection, names, store.clock())
        return [found[name] for name in names if name in found]


def get(store: Store, name: str) -> Campaign:
    """A campaign; raises `NotStored`."""
    with store.read() as connection:
        found = _summaries(connection, [name], store.clock())
        if name not in found:
            raise missing(name)
        newest = select(ads.c.seq, ads.c.received).where(ads.c.campaign == name)
        rows = connection.execute(newest.order_by(ads.c.seq.desc()).limit(MOST)).all()
        days = Counter(utc(row.received).date() for row in rows)
        shared = _shared(connection, [row.seq for row in rows])
        apart = tuple(sorted(hand.cut_from(connection, name)))
    return Campaign(
        summary=found[name], contacts=shared, days=tuple(sorted(days.items())), apart=apart
    )


def members(
    store: Store, name: str, *, after: str | None = None, limit: int = 50
) -> Sequence[Stored]:
    """The ads of a campaign, the newest first: those older than the ad with the id `after`.

    Raises `NotStored`.
    """
    mine = select(ads.c.seq).where(ads.c.campaign == name).order_by(ads.c.seq.desc()).limit(limit)
    with store.read() as connection:
        _size(connection, name)
        if after is not None:
            mine = mine.where(ads.c.seq < _seq(connection, after))
        seqs = connection.scalars(mine).all()
        found = stored_ads.find(connection, ads.c.seq.in_(seqs), store.clock())
    return [found[seq] for seq in seqs]


def ids(
    store: Store, name: str, chosen: Sequence[str] | None = None, *, limit: int = MOST
) -> Sequence[str]:
    """The ids of the newest ads of a campaign, or of those `chosen`; raises `NotStored`."""
    mine = select(ads.c.id).where(ads.c.campaign == name).order_by(ads.c.seq.desc()).limit(limit)
    if chosen is not None:
        mine = mine.where(ads.c.id.in_(chosen))
    with store.read() as connection:
        _size(connection, name)
        found = connection.scalars(mine).all()
    if chosen is not None and len(found) != len(set(chosen)):
        raise NotStored(f"Some of the {len(chosen):,} ads are not in the campaign {name[:40]!r}.")
    return found


def merge(store: Store, name: str, other: str, *, by: str = LOCAL) -> str:
    """Put another campaign, or the ad of that id with all of its campaign, into a campaign.

    Gives the name that both have then. Raises `NotStored`, and `BadQuestion` for one and the same.
    """
    with store.write() as connection:
        ties.hold(connection)
        _size(connection, name)
        mine, theirs = _newest(connection, name), _newest(connection, other, also_ads=True)
        from_ = connection.scalar(select(ads.c.campaign).where(ads.c.seq == theirs))
        if from_ == name:
            raise BadQuestion(f"{other[:40]} is in the campaign {name} already.")
        if from_ is not None:
            hand.uncut(connection, name, from_)
        hand.bind(connection, [mine, theirs])
        made = ties.join(connection, {mine, theirs})
        ties.resize(connection, made)
        (kept,) = made
        detail = {"of": name, "with": from_ or other}
        audit.append(connection, store.clock(), Entry(by, "merge", kept, detail))
    return kept


def split(store: Store, name: str, ids: Sequence[str], *, by: str = LOCAL) -> str:
    """Take ads out of a campaign, into one of their own, and keep the two apart; its name.

    Raises `NotStored`, and `BadQuestion` for no ad, for all of them, and for too many.
    """
    if not 0 < len(ids) <= MOST_SPLIT:
        raise BadQuestion(f"{len(ids):,} ads are to be taken out. Choose 1 to {MOST_SPLIT:,}.")
    with store.write() as connection:
        ties.hold(connection)
        size = _size(connection, name)
        which = select(ads.c.seq).where(ads.c.id.in_(ids), ads.c.campaign == name)
        seqs = sorted(connection.scalars(which).all())
        if len(seqs) != len(set(ids)):
            raise NotStored(f"Some of the {len(ids):,} ads are not in the campaign {name[:40]!r}.")
        if len(seqs) == size:
            raise BadQuestion("These are all ads of the campaign. Leave one at least.")
        made = str(uuid4())
        connection.execute(update(ads).where(ads.c.seq.in_(seqs)).values(campaign=made))
        hand.unbind(connection, seqs)
        hand.bind(connection, seqs)
        hand.cut(connection, made, {name, *hand.cut_from(connection, name)})
        ties.resize(connection, {name, made})
        detail = {"of": name, "ads": len(seqs)}
        audit.append(connection, store.clock(), Entry(by, "split", made, detail))
    return made


def missing(name: str) -> NotStored:
    """The error for a campaign that is not there."""
    return NotStored(
        f"There is no campaign {name[:40]!r}. It may be part of another now, or have been purged."
    )


def _summaries(connection: Connection, names: Sequence[str], at: datetime) -> Mapping[str, Summary]:
    grouped = select(
        ads.c.campaign,
        func.max(ads.c.size).label("size"),
        func.max(ads.c.risk).label("risk"),
        func.sum(case((ads.c.status == "open", 1), else_=0)).label("open"),
        func.min(ads.c.seq).label("first"),
        func.max(ads.c.seq).label("last"),
    ).where(ads.c.campaign.in_(names))
    rows = connection.execute(grouped.group_by(ads.c.campaign)).all()
    newest = stored_ads.find(connection, ads.c.seq.in_([row.last for row in rows]), at)
    begun = select(ads.c.seq, ads.c.received).where(ads.c.seq.in_([row.first for row in rows]))
    firsts = {row.seq: utc(row.received) for row in connection.execute(begun)}
    return {
        row.campaign: Summary(
            name=row.campaign,
            size=row.size,
            risk=row.risk,
            open=int(row.open),
            first=firsts[row.first],
            newest=newest[row.last],
        )
        for row in rows
    }


def _shared(connection: Connection, seqs: Sequence[int]) -> tuple[tuple[str, str, int], ...]:
    """The contacts that most of some ads give: kind, value and how many give it."""
    counted = func.count().label("n")
    grouped = select(contacts.c.key, counted).where(contacts.c.seq.in_(seqs))
    most = grouped.group_by(contacts.c.key).having(counted > 1)
    rows = connection.execute(most.order_by(counted.desc(), contacts.c.key).limit(CONTACTS))
    return tuple((*key.split(":", 1), n) for key, n in rows)


def _size(connection: Connection, name: str) -> int:
    size = connection.scalar(select(campaigns.c.size).where(campaigns.c.name == name))
    if size is None:
        raise missing(name)
    return int(size)


def _newest(connection: Connection, name: str, *, also_ads: bool = False) -> int:
    """The newest ad of a campaign, which is the last to be purged; or an ad by its id."""
    mine = select(func.max(ads.c.seq)).where(ads.c.campaign == name)
    seq = connection.scalar(mine)
    if seq is None and also_ads:
        return _seq(connection, name)
    if seq is None:
        raise missing(name)
    return int(seq)


def _seq(connection: Connection, id: str) -> int:
    seq = connection.scalar(select(ads.c.seq).where(ads.c.id == id))
    if seq is None:
        raise stored_ads.missing(id)
    return int(seq)
