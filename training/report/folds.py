"""The models of grouped cross-validation as scorers, fitted once for all sections of a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model import indicators
from model.ad import MAX_CHARS, Ad
from model.score import Score
from model.scorer import Scorer
from model.workspace import cores
from training import crossfit, evaluate, learn, ties
from training.crossfit import Held
from training.data import Corpus, Record
from training.evaluate import Meter
from training.figures import RESAMPLES, Bools, Figure, Floats, Ints, mean
from training.fit import assemble, languages
from training.learn import Labels
from training.plan import Plan

#: Stands in for a text of which nothing is left.
NOTHING = "."


@dataclass(frozen=True)
class Folds:
    """For each fold a scorer that has not seen its texts: neither to learn nor to settle on.

    `groups` (texts,) numbers tied texts. Everything goes through `Scorer.score`, so what is
    measured is what serving would answer.
    """

    plan: Plan
    corpus: Corpus
    labels: Labels
    held: Held
    groups: Ints
    resamples: int = RESAMPLES

    @property
    def records(self) -> tuple[Record, ...]:
        """The labelled texts."""
        return self.corpus.records

    @property
    def truth(self) -> Bools:
        """Whether each text is deceptive (texts,)."""
        return self.labels.values[:, 0]

    @cached_property
    def scores(self) -> list[Score]:
        """What is said of each text by the scorer that has not seen it."""
        return self.score([each.text for each in self.records], range(len(self.records)))

    @cached_property
    def meter(self) -> Meter:
        """Measures those scores."""
        judged = evaluate.judged_by(self.scores, self.labels)
        return Meter(self.labels, judged, self.groups, self.resamples, self.plan.seed)

    def mean(self, values: Floats, of: Ints | Bools | list[int], *, share: bool = False) -> Figure:
        """A mean over variants of the records numbered in `of`, which resamples whole groups."""
        made = mean(values, self.groups[of], resamples=self.resamples, seed=self.plan.seed)
        return replace(made, share=share)

    def score(self, texts: Sequence[str], of: Sequence[int]) -> list[Score]:
        """Score texts, each a variant of the record numbered in `of`, by what has not seen it."""
        folds = self.held.fold[np.asarray(of, np.int64)]
        scores: dict[int, Score] = {}
        for fold in np.unique(folds):
            rows = np.flatnonzero(folds == fold).tolist()
            found = score(self._scorers[fold], [texts[i] for i in rows])
            scores.update(zip(rows, found, strict=True))
        return [scores[i] for i in range(len(texts))]

    @cached_property
    def full(self) -> Scorer:
        """A scorer of all texts, for texts that are none of them."""
        learned = learn.from_records(self.plan, self.records, self.labels)
        return self._scorer(learned, np.ones(len(self.records), dtype=np.bool_))

    @cached_property
    def _scorers(self) -> list[Scorer]:
        pairs = zip(self.held.learned, crossfit.others(self.held), strict=True)
        return [self._scorer(learned, outside) for learned, (_, outside) in pairs]

    def _scorer(self, learned: learn.Learned, rows: Bools) -> Scorer:
        settled = crossfit.settle(self.plan, self.held, self.labels, rows=rows)
        known = languages(self.corpus, self.plan.fit.known_language)
        return assemble(self.plan, self.labels, learned, settled, languages=known)


def fit(
    plan: Plan,
    corpus: Corpus,
    *,
    resamples: int = RESAMPLES,
    progress: Callable[[str], None] = lambda _: None,
) -> Folds:
    """Cross-fit. Raises `BadData` where there is too little to learn from."""
    labels = learn.labels(corpus, indicators.load(), min_examples=plan.fit.min_examples)
    held = crossfit.cross_fit(plan, corpus, labels, progress=progress)
    return Folds(plan, corpus, labels, held, ties.groups(corpus), resamples)


def score(scorer: Scorer, texts: Sequence[str]) -> list[Score]:
    """Score texts that may be blank, or too long, by what there is of them."""
    ads = [Ad(text[:MAX_CHARS] if text.strip() else NOTHING) for text in texts]
    return scorer.score(ads, threads=cores())
