import numpy as np

from training import evaluate
from training.report.folds import score


def test_scorers_of_the_folds_say_what_cross_fitting_said(folds):
    judged = evaluate.judge(folds.plan, folds.held, folds.labels)
    by_scorers = folds.meter.judged
    assert np.allclose(by_scorers.probability, judged.probability, atol=1e-4)
    assert (by_scorers.flagged == judged.flagged).mean() > 0.999  # one may lie on a threshold
    assert (by_scorers.high == judged.high).mean() > 0.99


def test_a_variant_is_scored_by_what_has_not_seen_its_record(folds):
    records = folds.records
    order = [5, 200, 5, 17]
    said = folds.score([records[i].text for i in order], order)
    assert [each.risk for each in said] == [folds.scores[i].risk for i in order]
    seen = next(i for i in range(len(records)) if folds.held.fold[i] != folds.held.fold[5])
    other = folds.score([records[5].text], [seen])
    assert other[0].risk != said[0].risk


def test_blank_and_endless_texts_are_scored_by_what_there_is_of_them(folds):
    blank, endless = score(folds.full, ["  ", "work " * 20_000])
    assert 0 < blank.risk < 1
    assert 0 < endless.risk < 1
