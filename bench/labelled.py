"""The shipped labelled texts, and linear models of every label over any features of them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training import data, plan

RISK = "deceptive"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with `values` (texts, names): the overall risk, then the indicators with examples."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    names: tuple[str, ...]
    values: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weights:
    """`matrix` (features, labels) and `intercepts` (labels,)."""

    matrix: NDArray[np.float64]
    intercepts: NDArray[np.float64]


def load(folder: Path) -> Labelled:
    """The labelled texts of a folder."""
    records = data.load(folder).records
    least = plan.load().fit.min_examples
    counts = Counter(name for record in records for name in record.indicators)
    shown = sorted(name for name, count in counts.items() if count >= least)
    values = [[record.label, *(name in record.indicators for name in shown)] for record in records]
    return Labelled(
        tuple(record.text for record in records),
        tuple(sorted({record.language for record in records})),
        (RISK, *shown),
        np.array(values, dtype=np.bool_),
    )


def fit(rows: Any, values: NDArray[np.bool_]) -> Weights:
    """One logistic regression for each label, with the plan's strength of penalty for the risk."""
    models = [
        LogisticRegression(
            C=plan.load().risk.C, solver="liblinear", dual=True, tol=0.01, random_state=0
        ).fit(rows, label)
        for label in values.T
    ]
    return Weights(
        np.ascontiguousarray(np.column_stack([model.coef_[0] for model in models])),
        np.array([model.intercept_[0] for model in models]),
    )
