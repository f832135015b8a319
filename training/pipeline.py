"""Open the scikit-learn objects that a model was made from."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib

from model import artifact
from model.errors import BadArtifact

LIBRARY = "scikit-learn"


def load(models: Path) -> dict[str, Any]:
    """The fitted `vectorizer` and the linear model of each label, by name, not calibrated.

    `models` is an artifact's folder or one with a file `current`. All files are checked against the
    manifest first. A pickle can run code all the same: open only what you or people you trust have
    made. Raises `BadArtifact` for a damaged folder, or one made with another scikit-learn.
    """
    folder = artifact.locate(models)
    made = artifact.check(folder)["card"]["made_with"][LIBRARY]
    if made != version(LIBRARY):
        raise BadArtifact(
            f"{folder / artifact.PIPELINE} was made with {LIBRARY} {made}, here is "
            f"{version(LIBRARY)}. Install that version, or train the model again."
        )
    pipeline: dict[str, Any] = joblib.load(folder / artifact.PIPELINE)
    return pipeline
