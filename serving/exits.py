"""How the command line ends: the one place where errors become a line and an exit code."""

from typing import Any

import typer
from typer.core import TyperGroup

from model.errors import BadArtifact, LurewatchError
from serving.bulk.errors import BadFile, Lost, Stopped
from serving.store.errors import BadStore, StoreAway

_IO = BadFile | Lost | BadStore | StoreAway | OSError
NOT_ALL, USAGE, BAD_MODEL, BAD_FILE, STOPPED = 1, 2, 3, 4, 130
CODES = (
    "Exit codes: 0 done, 1 not every row has a score (--strict) or a fault, 2 usage, "
    "3 model refused, 4 input/output, 130 stopped, run again to go on."
)


class Group(TyperGroup):
    """The commands, whose errors end in one line on standard error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # typer ends quietly
        except (LurewatchError, OSError) as error:
            _complain(str(error))
            raise typer.Exit(_code(error)) from error


def _complain(message: str) -> None:
    from serving.console import visible

    typer.echo(f"Error: {visible(message)}", err=True)


def _code(error: Exception) -> int:
    if isinstance(error, BadArtifact):
        return BAD_MODEL
    if isinstance(error, Stopped):
        return STOPPED
    return BAD_FILE if isinstance(error, _IO) else USAGE
