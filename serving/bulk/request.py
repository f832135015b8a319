"""What is asked of a run."""

from dataclasses import dataclass
from typing import Any

from serving.bulk.cut import ROWS
from serving.bulk.sources import Form

STDIO = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Where to read, where to write, which model; and what is not to be found out.

    `places` and `output` are paths, fsspec URLs, or `-`. `text` names the columns that make up
    the ad. `dask` is a scheduler's address or `local`; without it there are `processes` here.
    `rows` is about how many make a unit. `name` is what messages call the input, if not its path.
    """

    places: tuple[str, ...]
    output: str
    model: str
    form: Form | None = None
    text: tuple[str, ...] = ()
    id: str | None = None
    language: str | None = None
    escape: bool = True
    report: str | None = None
    contacts: bool = False
    processes: int | None = None
    dask: str | None = None
    restart: bool = False
    rows: int = ROWS
    name: str = ""

    @property
    def options(self) -> dict[str, Any]:
        """What shapes the output, so that an unfinished run can only go on with the same."""
        return {
            "--format": self.form,
            "--text-column": list(self.text),
            "--id-column": self.id,
            "--language-column": self.language,
            "--no-escape": not self.escape,
            "--report": self.report is not None,
            "the size of a unit": self.rows,
        }
