"""One really fitted small model for all tests, and ads to score with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from model import artifact
from model.scorer import Scorer
from training import data, fit, plan
from training.data import Corpus
from training.fit import Fitted
from training.plan import Plan

# Machines are busy and the first call compiles: no test may depend on the clock.
settings.register_profile("lurewatch", deadline=None)
settings.load_profile("lurewatch")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """360 English texts of the shipped corpus, contrast pairs whole."""
    return Corpus(data.load(ROOT / "data/labeled/en.jsonl").records[:360])


@pytest.fixture(scope="session")
def small_plan() -> Plan:
    """The shipped plan, made to suit few texts."""
    shipped = plan.load()
    return replace(shipped, fit=replace(shipped.fit, folds=3, min_examples=10))


@pytest.fixture(scope="session")
def fitted_small(corpus: Corpus, small_plan: Plan) -> Fitted:
    """The small model with its figures, before it is written."""
    return fit.fit(small_plan, corpus)


@pytest.fixture(scope="session")
def models(
    tmp_path_factory: pytest.TempPathFactory, fitted_small: Fitted, small_plan: Plan
) -> Path:
    """A models folder whose `current` is the small model."""
    folder = tmp_path_factory.mktemp("models")
    fit.save(fitted_small, small_plan, folder)
    return folder


@pytest.fixture(scope="session")
def scorer(models: Path) -> Scorer:
    """The small model, as serving loads it."""
    return artifact.load(models)
