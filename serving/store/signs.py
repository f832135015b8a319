"""Sets of indicators as numbers: each name has a bit, given when it is first met."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select

from serving.store.tables import indicators

Bits = Mapping[str, int]


def known(connection: Connection) -> Bits:
    """The bit of each name met so far."""
    rows = connection.execute(select(indicators.c.name, indicators.c.bit))
    return {row.name: row.bit for row in rows}


def learn(connection: Connection, names: Iterable[str]) -> Bits:
    """The bits, after new names got theirs; only one transaction at a time may do so."""
    bits = known(connection)
    new = {name: bit for bit, name in enumerate(sorted(set(names) - bits.keys()), start=len(bits))}
    if new:
        rows = [{"bit": bit, "name": name} for name, bit in new.items()]
        connection.execute(insert(indicators), rows)
    return {**bits, **new}


def mask(names: Iterable[str], bits: Bits) -> int:
    """The number of a set of names."""
    return sum(1 << bits[name] for name in set(names))


def names(mask: int, bits: Bits) -> tuple[str, ...]:
    """The names of a number's set."""
    return tuple(name for name, bit in bits.items() if mask >> bit & 1)
