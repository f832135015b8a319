"""How often somebody may try, counted in the memory of one process."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.exceptions import HTTPException

#: Wrong passwords: for one name from one address, from one address, and for one name.
_WRONG: tuple[RateLimitItem, ...] = (
    RateLimitItemPerMinute(5, 5, namespace="both"),
    RateLimitItemPerMinute(30, 5, namespace="address"),
    RateLimitItemPerHour(100, namespace="name"),
)


class Pace:
    """Counts tries, and refuses with status 429 who makes too many."""

    def __init__(self) -> None:
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def request(self, name: str, a_minute: int) -> None:
        """Count a request of a program that may make so many a minute."""
        item = RateLimitItemPerMinute(a_minute, namespace="key")
        if not self._counter.hit(item, name):
            raise self._refusal(
                f"The key may make {a_minute:,} requests a minute. Send ads in batches, or wait.",
                item,
                name,
            )

    def login(self, name: str, address: str) -> None:
        """Refuse to look at one more password where too many were wrong."""
        for item, who in zip(_WRONG, _tries(name, address), strict=True):
            if not self._counter.test(item, *who):
                raise self._refusal("Too many wrong passwords. Wait, then try again.", item, *who)

    def wrong(self, name: str, address: str) -> None:
        """Count a wrong password."""
        for item, who in zip(_WRONG, _tries(name, address), strict=True):
            self._counter.hit(item, *who)

    def _refusal(self, detail: str, item: RateLimitItem, *who: str) -> HTTPException:
        until = self._counter.get_window_stats(item, *who).reset_time
        seconds = max(1, math.ceil(until - time.time()))
        return HTTPException(429, detail, headers={"Retry-After": str(seconds)})


def _tries(name: str, address: str) -> tuple[tuple[str, ...], ...]:
    return (name, address), (address,), (name,)
