"""What people have said of campaigns by hand: which ads belong together, and which do not.

Bonds tie ads whatever their texts and contacts are. Cuts keep campaigns apart, each under its
name, even where one has a single ad.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import Connection, Table, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from serving.store.tables import ads, bonds, campaigns, cuts


def bind(connection: Connection, seqs: Sequence[int]) -> None:
    """Tie ads to each other, as a chain."""
    pairs = [{"one": min(each), "other": max(each)} for each in pairwise(seqs)]
    _insert(connection, bonds, pairs)


def bonds_of(connection: Connection, seqs: Collection[int]) -> Iterable[tuple[int, int]]:
    """The pairs of ads that were tied, both of them among some."""
    rows = connection.execute(select(bonds.c.one, bonds.c.other).where(bonds.c.one.in_(seqs)))
    return [(row.one, row.other) for row in rows if row.other in seqs]


def unbind(connection: Connection, seqs: Collection[int]) -> None:
    """Forget what ties some ads to others."""
    for mine, theirs in ((bonds.c.one, bonds.c.other), (bonds.c.other, bonds.c.one)):
        connection.execute(delete(bonds).where(mine.in_(seqs), theirs.not_in(seqs)))


def cut(connection: Connection, name: str, others: Iterable[str]) -> None:
    """Keep a campaign apart from others."""
    pairs = [{"one": min(name, other), "other": max(name, other)} for other in sorted(others)]
    if pairs:
        # A new campaign has its row only once it is counted.
        _insert(connection, campaigns, [{"name": name, "size": 0}])
        _insert(connection, cuts, pairs)


def uncut(connection: Connection, one: str, other: str) -> None:
    """Let two campaigns be joined again."""
    pair = (cuts.c.one == min(one, other)) & (cuts.c.other == max(one, other))
    connection.execute(delete(cuts).where(pair))


def cut_from(connection: Connection, name: str) -> set[str]:
    """The campaigns from which one is kept apart."""
    mine = select(cuts).where(or_(cuts.c.one == name, cuts.c.other == name))
    return {each for row in connection.execute(mine) for each in row} - {name}


def is_cut(connection: Connection, name: str) -> bool:
    """Whether a campaign is kept apart from one that still has ads."""
    others = select(ads.c.seq).where(ads.c.campaign.in_(cut_from(connection, name))).limit(1)
    return connection.execute(others).first() is not None


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), list(rows))
