from random import Random

import numpy as np
import pytest
from hypothesis import given, strategies

from model.linear import explain
from tests import reference
from tests.model.strategies import texts


def check(linear, raw, answers, place):
    """What the kernel says of one text is what the reference says."""
    log_odds, best = reference.explain(linear, raw)
    np.testing.assert_allclose(answers.log_odds[place], log_odds, rtol=1e-6, atol=1e-9)
    for label, segments in enumerate(best):
        count = int((answers.end[place, label] > 0).sum())
        sums = [each.own for each in segments]
        # Tokens' shares are of single precision, the log-odds are not.
        np.testing.assert_allclose(answers.own[place, label, :count], sums, atol=1e-6)
        # Runs of equal weight may change places with the last digits of a sum.
        if len(set(np.round(sums, 6))) == len(sums):
            found = list(zip(answers.start[place, label], answers.end[place, label], strict=True))
            assert found[:count] == [(each.start, each.end) for each in segments]
            risks = [each.risk for each in segments]
            np.testing.assert_allclose(answers.risk[place, label, :count], risks, atol=1e-6)


def test_log_odds_and_phrases_are_those_of_the_reference(scorer, corpus):
    every = [record.text for record in corpus.records[:100]]
    answers = explain(scorer.linear, every)
    for place, raw in enumerate(every):
        check(scorer.linear, raw, answers, place)


@given(strategies.lists(texts, min_size=1, max_size=4))
def test_log_odds_and_phrases_are_those_of_the_reference_on_any_text(scorer, raws):
    answers = explain(scorer.linear, raws)
    for place, raw in enumerate(raws):
        check(scorer.linear, raw, answers, place)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_order_company_and_threads_change_nothing(scorer, corpus, threads):
    every = [record.text for record in corpus.records]
    usual = explain(scorer.linear, every)
    order = list(range(len(every)))
    Random(threads).shuffle(order)
    mixed = explain(scorer.linear, [every[i] for i in order], threads=threads)
    for one, other in zip(usual, mixed, strict=True):
        assert np.array_equal(one[order], other)


def test_words_forgotten_for_lack_of_room_change_nothing(scorer, corpus, monkeypatch):
    every = [record.text for record in corpus.records[:80]]
    usual = explain(scorer.linear, every)
    monkeypatch.setattr("model.workspace.WORDS", 1)
    monkeypatch.setattr("model.workspace.POOL", 1)
    scorer.linear._rooms._free.clear()
    small = explain(scorer.linear, every)
    scorer.linear._rooms._free.clear()
    assert all(np.array_equal(one, other) for one, other in zip(usual, small, strict=True))


def test_every_character_alone_is_scored(scorer):
    chars = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    answers = explain(scorer.linear, chars, threads=2)
    assert np.isfinite(answers.log_odds).all()
    assert (answers.end <= 1).all()


def test_no_texts_have_no_answers(scorer):
    assert explain(scorer.linear, []).log_odds.shape == (0, len(scorer.linear.labels))


def test_phrases_are_left_out_where_they_are_not_wanted(scorer, corpus):
    every = [record.text for record in corpus.records[:60]]
    usual = explain(scorer.linear, every)
    least = np.median(usual.log_odds, axis=0)
    fewer = explain(scorer.linear, every, least=least)
    wanted = usual.log_odds >= least
    assert np.array_equal(fewer.log_odds, usual.log_odds)
    for one, other in zip(usual[1:5], fewer[1:5], strict=True):
        assert np.array_equal(one[wanted], other[wanted])
    assert not fewer.end[~wanted].any()
