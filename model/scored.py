"""The scores of many texts, column by column; `Score` objects are made of it where they are asked.

For files of millions of rows an object for each text took as long as a third of the scoring.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from model.score import Band, Language, Phrase, Score
from model.spans import Spans

#: A phrase: start and end in the text, its contribution, and the labels it shows as bits.
Span = tuple[int, int, float, int]


@dataclass(frozen=True, slots=True)
class Scored:
    """As many scores as `texts`, each field as in `Score` and in their order.

    `chances` (texts, labels) are the risk and the indicators' probabilities, by `labels`; `places`
    are the indicators in the order of `indicators.toml`, each with the label that it is, if it is
    one.
    """

    texts: Sequence[str]
    bands: Sequence[Band]
    found: Sequence[tuple[str, ...]]
    languages: Sequence[Language]
    facts: Sequence[tuple[str, ...]]
    chances: NDArray[np.float64]
    log_odds: NDArray[np.float64]
    spans: Spans
    labels: tuple[str, ...]
    places: Sequence[tuple[str, int | None]]
    intercept: float
    model: str

    def __len__(self) -> int:
        return len(self.texts)

    def scores(self) -> list[Score]:
        """A score for each text."""
        columns = (self.texts, self.bands, self.found, self.languages, self.facts)
        numbers = self.chances.tolist(), self.log_odds.tolist()
        return [self._score(*each) for each in zip(self.phrases(), *numbers, *columns, strict=True)]

    def phrases(self) -> Iterator[list[Span]]:
        """The phrases of each text, highest contribution first."""
        # Of each column only what some text fills.
        most = int(self.spans.counts.max(initial=0))
        columns = (column[:, :most].tolist() for column in self.spans[1:])
        for count, *places in zip(self.spans.counts.tolist(), *columns, strict=True):
            yield list(islice(zip(*places, strict=True), count))

    def names(self, shown: int) -> tuple[str, ...]:
        """The labels whose bits are set."""
        return names(shown, self.labels)

    def _score(
        self,
        spans: list[Span],
        chances: list[float],
        log_odds: float,
        text: str,
        band: Band,
        found: tuple[str, ...],
        language: Language,
        facts: tuple[str, ...],
    ) -> Score:
        phrases = tuple(
            Phrase(text[start:end], start, end, self.names(shown), risk)
            for start, end, risk, shown in spans
        )
        indicators: Mapping[str, float | None] = {
            name: None if place is None else chances[place] for name, place in self.places
        }
        return Score(
            risk=chances[0],
            band=band,
            indicators=indicators,
            found=found,
            phrases=phrases,
            language=language,
            facts=facts,
            log_odds=log_odds,
            intercept=self.intercept,
            rest=log_odds - self.intercept - sum(phrase.contribution for phrase in phrases),
            model=self.model,
        )


@lru_cache(maxsize=1 << 16)
def names(bits: int, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels whose bits are set."""
    return tuple(name for place, name in enumerate(labels) if bits >> place & 1)
