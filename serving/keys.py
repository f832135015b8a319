"""The API keys a service asks for, kept as digests: a dump of memory or a log gives none away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that open the service; without any (`not keys`) it is open to all who reach it."""

    digests: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, keys: Iterable[str]) -> "Keys":
        """The keys given in clear, of which only digests are kept."""
        return cls(tuple(_digest(key.encode("utf-8", "surrogateescape")) for key in keys))

    def admit(self, offered: str) -> bool:
        """Whether a key, as Starlette reads it from a header, opens the service."""
        return self.place(offered) is not None

    def place(self, offered: str) -> int | None:
        """Which key it is, counted from 1, or None for one that does not open the service."""
        # Header values arrive decoded as Latin-1. Every digest is compared, however early one fits.
        digest = _digest(offered.encode("latin-1", "replace"))
        fits = [compare_digest(digest, known) for known in self.digests]
        return fits.index(True) + 1 if any(fits) else None

    def __bool__(self) -> bool:
        return bool(self.digests)


def _digest(key: bytes) -> bytes:
    return sha256(key).digest()
