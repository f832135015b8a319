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

    def columns(self, *, nested: bool) -> Columns:
        """All fields of `flat`, `error` too, with a value for each text."""
        made = (flat.nested if nested else flat.cells)(self.scored)
        if not self.faults:
            return {**made, "error": [None] * len(self)}
        model = self.scored.model
        spread = {name: self._spread(name, values, model, nested) for name, values in made.items()}
        return {**spread, "error": [self.faults.get(at) for at in range(len(self))]}

    def _spread(self, name: str, values: list[object], model: str, nested: bool) -> list[object]:
        rest, missing = iter(values), _NESTED.get(name) if nested else None
        if name == "model":
            return [model] * len(self)
        return [
            (missing() if missing else None) if at in self.faults else next(rest)
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
