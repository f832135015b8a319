"""What came of texts: a score, or a sentence that says why there is none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.ad import Ad
from model.errors import BadAd
from model.scored import Scored
from model.scorer import Scorer
from serving import flat
from serving.flat import Columns, Result

#: What stands in the fields of a text without a score.
_NESTED: Mapping[str, Callable[[], object]] = {"indicators": dict, "phrases": list, "facts": list}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The scores of those texts that have one, and why the others have none, by their place."""

    scored: Scored
    faults: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.scored) + len(self.faults)

    def results(self) -> Iterator[Result]:
        """A score or a sentence for each text, in order."""
        scores = iter(self.scored.scores())
        return (self.faults.get(at) or next(scores) for at in range(len(self)))

    def columns(self, make: Callable[[Scored], Columns]) -> Columns:
        """The fields that a function of `flat` makes, and `error`, with a value for each text."""
        made = make(self.scored)
        if self.faults:
            blank = {} if make is flat.cells else dict(_NESTED)
            blank["model"] = lambda: self.scored.model
            made = {name: self._spread(each, blank.get(name)) for name, each in made.items()}
        return {**made, "error": [self.faults.get(at) for at in range(len(self))]}

    def _spread(self, values: list[object], blank: Callable[[], object] | None) -> list[object]:
        rest = iter(values)
        return [
            (blank() if blank else None) if at in self.faults else next(rest)
            for at in range(len(self))
        ]


def score(scorer: Scorer, ads: Sequence[Ad | str], *, threads: int = 1) -> Outcomes:
    """Score ads; a text among them says why there is none."""
    faults = {at: ad for at, ad in enumerate(ads) if isinstance(ad, str)}
    good = [ad for ad in ads if isinstance(ad, Ad)]
    return Outcomes(scorer.columns(good, threads=threads), faults)


def ad(text: str) -> Ad | str:
    """The ad of a text, or why it is none."""
    try:
        return Ad(text)
    except BadAd as error:
        return str(error)
