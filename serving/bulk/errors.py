"""What can be wrong with a file as a whole; what is wrong with a row is a `Reject`."""

from model.errors import LurewatchError


class BadFile(LurewatchError):
    """A file that cannot be read or written."""


class BadFormat(LurewatchError):
    """A format that is not said, or that we do not read."""


class BadColumn(LurewatchError):
    """A column that is not there, or that cannot be guessed."""
