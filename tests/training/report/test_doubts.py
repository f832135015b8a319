from dataclasses import replace

import numpy as np

from training.report import doubts


def test_turned_labels_are_doubted(folds):
    """The three texts surest of their label are given the other one."""
    risk = np.array([each.risk for each in folds.scores])
    surest = np.argsort(np.where(folds.truth, -risk, 1.0))[:3]
    values = folds.labels.values.copy()
    values[surest, 0] = False
    turned = replace(folds, labels=replace(folds.labels, values=values))
    assert set(doubts.find(turned)[:5].tolist()) >= set(surest.tolist())


def test_every_doubted_text_is_shown_with_its_label(folds):
    section = doubts.section(folds)
    (quotes,) = [part for part in section.parts if part not in section.tables]
    counted = section.tables[0].rows[0]
    assert counted[1] + counted[2] == len(quotes.quotes)
    records = {each.id: each for each in folds.records}
    for quote in quotes.quotes:
        record = records[quote.id]
        assert quote.text == record.text
        assert quote.head.startswith(f"labelled {'deceptive' if record.label else 'honest'}, risk ")
