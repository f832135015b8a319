"""Who holds which secret: asked of the store, and known for half a second after.

So a key that is revoked opens nothing a second later, and scoring costs no look at the database
for each ad. While the database is away, what was known may still be used for scoring, which reads
nothing that is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from serving.roles import Caller
from serving.store import api_keys, people, sessions
from serving.store.engine import Store
from serving.store.errors import StoreAway

FRESH = 0.5  # seconds
OLD = 600.0  # seconds for which what was known holds while the database is away
REST = 5.0  # seconds for which a database that is away is not asked again, if that can wait
MOST = 10_000  # secrets that are remembered

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a key, as `api_keys.ApiKey` tells of it."""

    caller: Caller
    a_minute: int


class Known:
    """What the store says of secrets, with what it said a moment ago.

    `anybody` says whether it has people with passwords now.
    """

    def __init__(
        self, store: Store | None, *, anybody: bool, clock: Callable[[], float] = monotonic
    ) -> None:
        self._store = store
        self._clock = clock
        self._said: dict[str, tuple[float, Any]] = {"": (clock(), anybody)}
        self._rest = float("-inf")

    async def anybody(self, *, old: bool = False) -> bool:
        """Whether there are people with passwords; `old` as in `program`."""
        return await self._ask("", people.there_are, old=old) or False

    async def person(self, secret: str, *, old: bool = False) -> Caller | None:
        """Who is logged in with a secret; `old` as in `program`."""
        name = f"session {sessions.digest(secret)}"
        return await self._ask(name, lambda store: _person(store, secret), old=old)

    async def program(self, secret: str, *, old: bool = False) -> Program | None:
        """Which program has a secret; `old` knowledge does while the database is away.

        Raises `StoreAway` if that cannot be told.
        """
        name = f"key {sessions.digest(secret)}"
        return await self._ask(name, lambda store: _program(store, secret), old=old)

    def forget(self) -> None:
        """Ask the store anew: something was changed here."""
        self._said.clear()

    async def _ask(
        self, name: str, look: Callable[[Store], Found | None], *, old: bool = False
    ) -> Found | None:
        if self._store is None:
            return None
        now = self._clock()
        last: tuple[float, Found | None] = self._said.get(name, (float("-inf"), None))
        at, said = last
        if now - at < FRESH or (old and now < self._rest and now - at < OLD):
            return said
        try:
            found = await run_in_threadpool(look, self._store)
        except StoreAway:
            self._rest = self._clock() + REST
            if old and now - at < OLD:
                return said
            raise
        self._rest = float("-inf")
        if found is not None:  # else whoever guesses would fill the memory
            self._keep(name, now, found)
        else:
            self._said.pop(name, None)
        return found

    def _keep(self, name: str, now: float, found: object) -> None:
        if len(self._said) >= MOST:
            self._said.clear()
        self._said[name] = now, found


def _person(store: Store, secret: str) -> Caller | None:
    person = sessions.of(store, secret)
    return Caller(person.name, person.role) if person else None


def _program(store: Store, secret: str) -> Program | None:
    key = api_keys.of(store, secret)
    return Program(Caller(f"key {key.name}", key.role), key.a_minute) if key else None
