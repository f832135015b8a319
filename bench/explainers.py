"""SHAP and LIME: which words moved one label."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bench import names
from bench.labelled import Labelled
from bench.rounds import Contestant, timed
from bench.sklearn_peers import TOP, Pipeline

#: SHAP's values are dense: of 1, 2, 4 … 120 texts at a time this was about the fastest.
BATCH = 40
SAMPLES, FEATURES = 500, 10


def contestants(full: Pipeline, plain: Pipeline, texts: Labelled, *, lime: int) -> list[Contestant]:
    """Those that are installed, with each pipeline; LIME gets `lime` texts a round."""
    found = []
    if find_spec("shap"):
        settings = f"one label, top {TOP} features; batches of {BATCH}, with the vectoriser"
        found += [
            Contestant(name, settings, timed(_shap(pipeline, texts)))
            for name, pipeline in ((names.SHAP, full), (names.SHAP_WORDS, plain))
        ]
    if find_spec("lime"):
        settings = f"one label, {SAMPLES} samples, {FEATURES} features"
        found += [
            Contestant(name, settings, timed(_lime(pipeline)), most=lime)
            for name, pipeline in ((names.LIME, full), (names.LIME_WORDS, plain))
        ]
    return found


def _shap(pipeline: Pipeline, texts: Labelled) -> Callable[[Sequence[str]], list[NDArray[Any]]]:
    from shap import LinearExplainer

    weights = pipeline.weights
    model = (weights.matrix[:, 0].copy(), weights.intercepts[0])
    explainer = LinearExplainer(model, pipeline.vectorizer.transform(texts.texts))

    def explain(texts: Sequence[str]) -> list[NDArray[Any]]:
        top = []
        for start in range(0, len(texts), BATCH):
            rows = pipeline.vectorizer.transform(texts[start : start + BATCH])
            values = explainer.shap_values(rows)
            top.append(np.argpartition(values, -TOP, axis=1)[:, -TOP:])
        return top

    return explain


def _lime(pipeline: Pipeline) -> Callable[[Sequence[str]], list[Any]]:
    from lime.lime_text import LimeTextExplainer

    explainer = LimeTextExplainer(random_state=0)

    def probabilities(texts: Sequence[str]) -> NDArray[np.float64]:
        rows = pipeline.vectorizer.transform(texts)
        weights = pipeline.weights
        risk = expit(rows @ weights.matrix[:, 0] + weights.intercepts[0])
        return np.column_stack([1 - risk, risk])

    def explain(texts: Sequence[str]) -> list[Any]:
        return [
            explainer.explain_instance(
                text, probabilities, num_features=FEATURES, num_samples=SAMPLES
            ).as_list()
            for text in texts
        ]

    return explain
