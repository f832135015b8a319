"""What was just decided, for the page that comes next: so that it can be undone from there."""

from serving.roles import Caller
from serving.store import ads
from serving.store.engine import Store
from serving.store.errors import NotStored
from serving.store.values import Stored


def finished(store: Store, id: str, caller: Caller) -> Stored | None:
    """The ad that `caller` just decided; None if there is none, or if it was undone since."""
    if not id or not caller.may("decide"):
        return None
    try:
        ad = ads.get(store, id)
    except NotStored:
        return None
    return None if ad.status == "open" else ad
