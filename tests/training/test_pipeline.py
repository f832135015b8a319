import shutil

import numpy as np
import pytest

from model.errors import BadArtifact
from training import pipeline


def test_the_objects_are_those_of_the_fit(models, fitted_small):
    opened = pipeline.load(models)
    assert opened.keys() == fitted_small.pipeline.keys()
    rows = opened["vectorizer"].transform(["Passport stays with the manager"])
    found = opened["deceptive"].decision_function(rows)
    assert np.array_equal(found, fitted_small.pipeline["deceptive"].decision_function(rows))


def test_a_damaged_file_is_not_opened(models, tmp_path):
    copy = shutil.copytree(models / (models / "current").read_text(), tmp_path / "copy")
    content = bytearray((copy / "pipeline.joblib").read_bytes())
    content[100] ^= 1
    (copy / "pipeline.joblib").write_bytes(content)
    with pytest.raises(BadArtifact, match=r"pipeline\.joblib is damaged"):
        pipeline.load(copy)


def test_another_scikit_learn_is_refused(models, monkeypatch):
    monkeypatch.setattr(pipeline, "version", lambda _: "0.1")
    with pytest.raises(BadArtifact, match=r"here is 0\.1\. Install that version"):
        pipeline.load(models)
