"""One cross-fit of a small corpus for all sections, and a folder of ads that pass for real."""

import gzip
import json
from pathlib import Path

import pytest

from training.data import Corpus
from training.plan import Plan
from training.report import folds as cross
from training.report.folds import Folds

NASTY = '<script src="https://example.com/x.js">alert("&amp;")</script>\x00 ]]>'


@pytest.fixture(scope="session")
def folds(corpus: Corpus, small_plan: Plan) -> Folds:
    """The small corpus cross-fitted, with few resamples."""
    return cross.fit(small_plan, corpus, resamples=5)


@pytest.fixture(scope="session")
def real_ads(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> Path:
    """A file of honest ads, one of them nasty, and a compressed one of spam."""
    folder = tmp_path_factory.mktemp("real")
    honest = [each for each in corpus.records if not each.label][:40]
    rows = [{"id": f"r{i}", "text": e.text, "label": "legitimate"} for i, e in enumerate(honest)]
    rows += [
        {"id": f"n{i}", "text": f"{NASTY} pay the fee today {i}", "label": "legitimate"}
        for i in range(4)
    ]
    (folder / "honest.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    bait = [each for each in corpus.records if each.label][:10]
    spam = [{"id": f"s{i}", "text": each.text, "label": "spam"} for i, each in enumerate(bait)]
    with gzip.open(folder / "spam.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, spam)))
    return folder
