"""What can be wrong with a file as a whole; what is wrong with a row is a `Reject`."""

from model.errors import LurewatchError


class BadFile(LurewatchError):
    """A file that cannot be read or written."""


class BadFormat(LurewatchError):
    """A format that is not said, or that we do not read."""


class BadColumn(LurewatchError):
    """A column that is not there, or that cannot be guessed."""


class Busy(LurewatchError):
    """An output that another run is writing."""


class Changed(LurewatchError):
    """An unfinished run that was begun with other input, another model or other options."""


class BadCluster(LurewatchError):
    """A cluster that cannot be reached, or for which a package is missing."""


class Stopped(LurewatchError):
    """A run that was asked to stop, and can go on later."""


class Lost(LurewatchError):
    """Rows in are not rows out and rejects: a fault of ours, said rather than hidden."""
