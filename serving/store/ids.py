"""Names for ads and decisions that nobody can guess, in the order in which they were given."""

from datetime import datetime
from secrets import randbits
from uuid import UUID


def new(at: datetime) -> str:
    """A UUID of version 7 (RFC 9562): milliseconds, then chance."""
    stamp = int(at.timestamp() * 1000) << 80
    version, variant = 7 << 76, 2 << 62
    return str(UUID(int=stamp | version | randbits(12) << 64 | variant | randbits(62)))
