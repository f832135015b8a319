import json
from dataclasses import replace

import pytest

from training.report import method


def test_one_text_of_each_cluster_is_kept_and_none_with_both_labels(corpus):
    one, two, three, four = (
        replace(e, label=bool(i % 2)) for i, e in enumerate(corpus.records[20:24])
    )
    copy = replace(one, id="copy", text=f"{one.text} !")
    other = replace(two, id="other", text=two.text.upper(), label=not two.label)
    kept = method.distinct((one, two, three, four, copy, other))
    assert [each.id for each in kept] == [one.id, three.id, four.id]


@pytest.fixture
def both(corpus, tmp_path):
    """A file with 120 of each label, and one with too few."""
    sides = [[e for e in corpus.records if e.label == side][:120] for side in (True, False)]
    rows = [
        {"id": each.id, "text": each.text, "label": "fraud" if each.label else "real"}
        for side in sides
        for each in side
    ]
    (tmp_path / "both.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "few.jsonl").write_text("\n".join(map(json.dumps, rows[:150])), "utf-8")
    return tmp_path


def test_files_with_enough_of_both_labels_are_balanced(both, small_plan, monkeypatch):
    monkeypatch.setattr(method, "SEEDS", 2)
    section = method.section(small_plan, both, lambda _: None)
    ((name, texts, balanced, f1, auc, _),) = section.tables[0].rows
    assert (name, texts) == ("both", 240)
    assert balanced <= 240
    assert balanced % 2 == 0
    assert 0.5 < f1.value < 1
    assert auc.low < auc.value < auc.high


def test_without_such_a_file_there_is_no_section(real_ads, small_plan):
    assert method.section(small_plan, real_ads, lambda _: None) is None
