"""The list of ads: by a filter, in an order, a page at a time, with counts."""

from collections.abc import Mapping
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    String,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql import FromClause

from model.score import BANDS
from serving.store import signs, words
from serving.store.ads import find, missing
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.tables import ads, tallies
from serving.store.tally import KEYS
from serving.store.values import STATUSES, Filter, Page, Sort, Stored

#: By what each order goes; always the highest first, and among equals the newest.
_RANKS = {
    "risk": ads.c.risk,
    "uncertainty": ads.c.nearness,
    "newest": ads.c.seq,
    "campaign": ads.c.size,
}
_FACETS = ("status", "band", "language", "source", "assignee")

Place = tuple[Any, int]
Among = ColumnElement[bool] | None


def page(
    store: Store, where: Filter, sort: Sort, *, after: str | None = None, limit: int = 50
) -> Page:
    """The first ads of a list, or the first after what a page gave as `next`.

    Raises `BadQuestion` for an `after` that no page of this order gave.
    """
    place = None if after is None else _place(sort, after)
    with store.read() as connection:
        among, cut = _among(connection, where)
        places = _walk(connection, where, sort, among, place=place, limit=limit + 1)
        shown = _fetch(connection, places[:limit], store.clock())
    more = len(places) > limit
    return Page(shown, "{!r}_{}".format(*places[limit - 1]) if more else None, cut)


def next(store: Store, where: Filter, sort: Sort, *, past: str | None = None) -> Stored | None:
    """The first ad of a list, or the one after the ad `past`, which need not fit any longer."""
    with store.read() as connection:
        place = None if past is None else _place_of(connection, sort, past)
        among, _ = _among(connection, where)
        places = _walk(connection, where, sort, among, place=place, limit=1)
        shown = _fetch(connection, places, store.clock())
    return shown[0] if shown else None


def counts(store: Store, where: Filter) -> Mapping[str, Mapping[str, int]]:
    """How many ads each value of each facet would give, all the rest of the filter being kept.

    The facets are those of `Filter`, but for `text`. An empty assignee is nobody.
    """
    with store.read() as connection:
        bits = signs.known(connection)
        among, _ = _among(connection, where)
        rows = connection.execute(_counting(_cells(among), where, bits)).all()
    made: dict[str, dict[str, int]] = {facet: {} for facet in _FACETS}
    found = dict.fromkeys(bits, 0)
    for facet, value, n in rows:
        if facet != "found":
            made[facet][value] = int(n)
            continue
        for name in signs.names(int(value), bits):
            found[name] += int(n)
    return {**made, "indicator": {name: n for name, n in found.items() if n}}


def _counting(cells: FromClause, where: Filter, bits: signs.Bits) -> CompoundSelect[Any]:
    """The counts of each facet, in one statement, so that the cells are made once."""
    fits = _fits(cells, where, bits)
    columns = {**{facet: facet for facet in _FACETS}, "indicator": "found"}
    return union_all(
        *(
            select(literal(name), cast(cells.c[name], String), func.sum(cells.c.n))
            .where(*(fit for other, fit in fits.items() if other != facet))
            .group_by(cells.c[name])
            for facet, name in columns.items()
        )
    )


def _among(connection: Connection, where: Filter) -> tuple[Among, bool]:
    """The condition that an ad holds the words asked for, and whether more do than are looked at.

    None where no words are asked for.
    """
    if where.text is None:
        return None, False
    found = words.hits(connection, where.text)
    # Written into the statement: as parameters, thousands of numbers take longer than the search.
    numbers: BindParameter[Any] = bindparam(
        "hits", found[: words.HITS], expanding=True, literal_execute=True
    )
    return ads.c.seq.in_(numbers), len(found) > words.HITS


def _walk(
    connection: Connection,
    where: Filter,
    sort: Sort,
    among: Among,
    *,
    place: Place | None,
    limit: int,
) -> list[Place]:
    rank = _RANKS[sort]
    fits = _fits(ads, where, signs.known(connection))
    chosen = select(rank.label("rank"), ads.c.seq).order_by(rank.desc(), ads.c.seq.desc())
    if place is not None:
        chosen = chosen.where(tuple_(rank, ads.c.seq) < tuple_(*place))
    if among is not None:
        rows = connection.execute(chosen.where(among, *fits.values()).limit(limit))
        return [(row.rank, row.seq) for row in rows]
    # Within one status and band an index holds the ads in order: the list is those lists, merged.
    statuses, bands = _named(where.status, STATUSES), _named(where.band, BANDS)
    rest = [fit for name, fit in fits.items() if name not in ("status", "band")]
    parts = [
        select(
            chosen.where(ads.c.status == status, ads.c.band == band, *rest).limit(limit).subquery()
        )
        for status, band in product(statuses, bands)
    ]
    merged = union_all(*parts).subquery()
    first = select(merged).order_by(merged.c.rank.desc(), merged.c.seq.desc()).limit(limit)
    return [(row.rank, row.seq) for row in connection.execute(first)]


def _named(value: Any, every: tuple[Any, ...]) -> tuple[Any, ...]:
    return every if value is None else (value,)


def _fits(table: FromClause, where: Filter, bits: signs.Bits) -> dict[str, ColumnElement[bool]]:
    """The conditions of a filter on the columns of `tallies`, by facet."""
    asked = {facet: getattr(where, facet) for facet in _FACETS}
    made = {name: table.c[name] == value for name, value in asked.items() if value is not None}
    if where.indicator is not None:
        bit = bits.get(where.indicator)
        mask = 0 if bit is None else 1 << bit
        made["indicator"] = table.c.found.bitwise_and(mask) != 0
    return made


def _cells(among: Among) -> FromClause:
    """What is to be counted: the tallies, or the ads that hold the words asked for."""
    if among is None:
        return tallies
    one = literal(1).label("n")
    return select(*(ads.c[key] for key in KEYS), one).where(among).cte("cells")


def _fetch(connection: Connection, places: list[Place], at: datetime) -> tuple[Stored, ...]:
    seqs = [seq for _, seq in places]
    found = find(connection, ads.c.seq.in_(seqs), at)
    return tuple(found[seq] for seq in seqs)


def _place(sort: Sort, after: str) -> Place:
    rank, _, seq = after[:60].partition("_")
    try:
        whole = sort in ("newest", "campaign")
        return _whole(rank) if whole else float(rank), _whole(seq)
    except ValueError:
        raise BadQuestion(
            f"The place to go on after is {after[:40]!r}. Give the `next` of a page in this order."
        ) from None


def _whole(number: str) -> int:
    if abs(value := int(number)) >= 1 << 63:
        raise ValueError
    return value


def _place_of(connection: Connection, sort: Sort, id: str) -> Place:
    row = connection.execute(select(_RANKS[sort], ads.c.seq).where(ads.c.id == id)).first()
    if row is None:
        raise missing(id)
    return row[0], row[1]
