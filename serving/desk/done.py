"""What was just decided, for the page that comes next: so that it can be undone from there."""

from dataclasses import dataclass
from datetime import datetime

from serving.roles import Caller
from serving.store import ads, copies, decisions
from serving.store.engine import Store
from serving.store.errors import NotStored
from serving.store.values import Stored


@dataclass(frozen=True, slots=True)
class Done:
    """An ad that was decided; with its near-copies, how many in all and at which moment."""

    ad: Stored
    count: int = 1
    at: datetime | None = None


def moment(said: str) -> datetime | None:
    """The moment of decisions, as a form tells it; None for what is none."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None


def finished(store: Store, id: str, caller: Caller, *, at: datetime | None = None) -> Done | None:
    """What `caller` just decided; None if that is nothing, or was undone since."""
    if not id or not caller.may("decide"):
        return None
    try:
        ad = ads.get(store, id)
    except NotStored:
        return None
    if ad.status == "open":
        return None
    if at is None:
        return Done(ad)
    made = decisions.together(store, copies.of(store, ad), at, by=caller.name)
    return Done(ad, len(made), at) if len(made) > 1 else Done(ad)
