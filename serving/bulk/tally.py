"""What has been counted so far, by unit and in all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows read, and what became of them: `rows` is `scored` plus `failed` plus `rejects`.

    A failed row stands in the output with its error; a reject stands in the file of rejects.
    """

    rows: int = 0
    scored: int = 0
    failed: int = 0
    rejects: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)

    @property
    def written(self) -> int:
        """Rows of the output."""
        return self.scored + self.failed

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.rows + other.rows,
            self.scored + other.scored,
            self.failed + other.failed,
            self.rejects + other.rejects,
            dict(Counter(self.bands) + Counter(other.bands)),  # asdict cannot copy a Counter
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The record of a finished unit: where it lies in its input, its counts, and its part.

    `name` is how the names of its files begin.
    """

    index: int
    name: str
    source: str
    start: int
    end: int
    weight: int
    tally: Tally
    sha256: str

    @classmethod
    def parse(cls, record: Mapping[str, Any]) -> "Done":
        """The value of a record that was written as JSON."""
        return cls(**{**record, "tally": Tally(**record["tally"])})


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())
