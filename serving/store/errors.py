"""What can go wrong with stored ads.

BadStore      the database cannot be opened: its address, its version, its rights
StoreAway     it does not answer now; nothing was changed, and the same call may be tried again
NotStored     there is no such ad, or nothing to undo
BadQuestion   a filter, a place in a list or a decision that does not fit
StillBusy     an upload that is being worked on, so that this must wait
"""

from model.errors import LurewatchError


class BadStore(LurewatchError):
    """A database that cannot be opened."""


class StoreAway(LurewatchError):
    """A database that does not answer now."""


class NotStored(LurewatchError):
    """An ad or decision that is not there."""


class BadQuestion(LurewatchError):
    """A filter, a place in a list or a decision that does not fit."""


class StillBusy(LurewatchError):
    """An upload that is being worked on."""
