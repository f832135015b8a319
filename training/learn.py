"""Learn from labelled texts: what is to be learned, and a linear model for each label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression

from model.errors import BadData
from model.indicators import Indicator
from model.ngrams import NgramVectorizer
from training import passages
from training.data import Corpus, Record
from training.plan import Ngrams, Plan

RISK = "deceptive"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be learned: `names`, the overall risk first, and `values` (texts, names).

    `strengths` are those of the indicators, `names[1:]`.
    `known` (texts,) is false where nobody looked for indicators: those train the risk alone.
    """

    names: tuple[str, ...]
    strengths: tuple[str, ...]
    values: NDArray[np.bool_]
    known: NDArray[np.bool_]

    def rows(self, label: int) -> NDArray[np.bool_]:
        """The texts whose value of this label is known."""
        return np.ones(len(self.known), dtype=np.bool_) if label == 0 else self.known

    def of(self, texts: NDArray[np.int64] | NDArray[np.bool_]) -> "Labels":
        """The same of some of the texts."""
        return replace(self, values=self.values[texts], known=self.known[texts])

    @property
    def risk(self) -> "Labels":
        """The overall risk without the indicators."""
        return replace(self, names=self.names[:1], strengths=(), values=self.values[:, :1])


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from some texts: the n-grams, and a linear model for each label."""

    vectorizer: NgramVectorizer
    models: tuple[LogisticRegression, ...]

    def log_odds(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """What the models say of texts (texts, labels), not calibrated."""
        rows = self.vectorizer.transform(texts)
        return np.column_stack([model.decision_function(rows) for model in self.models])


def labels(corpus: Corpus, indicators: Sequence[Indicator], *, min_examples: int) -> Labels:
    """The labels with enough examples to be learned; raises `BadData` if the risk has not."""
    records = corpus.records
    shown = Counter(name for record in records for name in record.indicators)
    trained = [each for each in indicators if shown[each.name] >= min_examples]
    names = (RISK, *(each.name for each in trained))
    values = np.array(
        [[record.label, *(name in record.indicators for name in names[1:])] for record in records]
    )
    positive = int(values[:, 0].sum()) if len(records) else 0
    if min(positive, len(records) - positive) < min_examples:
        raise BadData(
            f"There are {positive} deceptive and {len(records) - positive} legitimate texts; "
            f"a fit needs {min_examples} of each (fit.min_examples in the plan)."
        )
    known = np.array([record.marked for record in records])
    return Labels(names, tuple(each.strength for each in trained), values, known)


def from_records(plan: Plan, records: Sequence[Record], labels: Labels) -> Learned:
    """Learn n-grams from records, and a linear model for each label from them and their passages.

    Raises `BadData` for a label of which they show one side alone.

    One label after the other: liblinear's random numbers are global to the process, so fits in
    threads would not come out the same twice.
    """
    vectorizer = _vectorizer(plan.ngrams)
    rows = vectorizer.fit_transform([record.text for record in records])
    found = [(record, passages.marked(record)) for record in records]
    lures = [
        " ".join(each.text for each in some) for record, some in found if record.label and some
    ]
    marked = [each for _, some in found for each in some]
    of_lures = vectorizer.transform(lures)
    of_marks = vectorizer.transform([each.text for each in marked])
    models = []
    for label, name in enumerate(labels.names):
        recipe = plan.indicators if label else plan.risk
        more = of_marks if label else of_lures
        shown = [name in each.indicators for each in marked] if label else [True] * len(lures)
        known = labels.rows(label)
        _check_sides(name, labels.values[known, label])
        model = LogisticRegression(
            C=recipe.C, solver="liblinear", dual=True, max_iter=10_000, random_state=plan.seed
        )
        model.fit(
            vstack([rows[known], more]),
            np.concatenate([labels.values[known, label], np.array(shown, dtype=np.bool_)]),
            sample_weight=np.repeat([1.0, recipe.marked_weight], [known.sum(), len(shown)]),
        )
        models.append(model)
    return Learned(vectorizer, tuple(models))


def _vectorizer(ngrams: Ngrams) -> NgramVectorizer:
    return NgramVectorizer(
        ranges=ngrams.ranges,
        min_df=ngrams.min_df,
        idf_power=ngrams.idf_power,
        chars_weight=ngrams.chars_weight,
        several_weight=ngrams.several_weight,
    )


def _check_sides(name: str, values: NDArray[np.bool_]) -> None:
    if values.all() or not values.any():
        raise BadData(
            f"{name}: where one part of the texts is held out, "
            f"{'all' if values.any() else 'none'} of the others show it. Tie fewer texts by "
            "pairs, or raise fit.min_examples in the plan to leave it out."
        )
