from functools import partial

import numpy as np
import pytest
from hypothesis import given, strategies
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

from model.grams import Ranges
from model.ngrams import NgramVectorizer
from model.texts import pack
from tests import reference
from tests.model.strategies import texts


def same(ours: NgramVectorizer, seen: list[str], unseen: list[str]) -> None:
    """Terms, idf and rows are those of scikit-learn with the plain analyser."""
    analyse = partial(reference.terms, ranges=ours.ranges)
    theirs = TfidfVectorizer(analyzer=analyse, sublinear_tf=True, min_df=ours.min_df)
    theirs.fit(seen)
    kinds = {True: ours.chars_weight, False: ours.several_weight}
    theirs.idf_ = np.array(
        [
            idf**ours.idf_power * (kinds[term[0] == "~"] if term[0] == "~" or " " in term else 1)
            for term, idf in zip(theirs.get_feature_names_out(), theirs.idf_, strict=True)
        ]
    )
    rows = theirs.transform(seen)
    mine = ours.fit_transform(seen)
    order = [theirs.vocabulary_[term] for term in ours.terms_]
    assert sorted(order) == list(range(len(theirs.vocabulary_)))
    np.testing.assert_allclose(ours.idf_, theirs.idf_[order], rtol=1e-6)
    for found, expected in ((mine, rows), (ours.transform(unseen), theirs.transform(unseen))):
        np.testing.assert_allclose(found.toarray(), expected.toarray()[:, order], atol=1e-7)


@pytest.mark.parametrize(
    "ranges",
    [
        pytest.param(Ranges(), id="shipped"),
        pytest.param(Ranges(words=3, signs=1, chars=(2, 6)), id="longer"),
        pytest.param(Ranges(words=1, signs=2, chars=(1, 1)), id="shorter"),
    ],
)
@pytest.mark.parametrize("threads", [1, 2])
def test_numbers_are_those_of_scikit_learn(corpus, ranges, threads):
    every = [record.text for record in corpus.records]
    same(NgramVectorizer(ranges=ranges, min_df=2, threads=threads), every[:80], every[80:110])


def test_weights_are_those_of_scikit_learn_with_its_idf_changed(corpus):
    every = [record.text for record in corpus.records]
    vectorizer = NgramVectorizer(idf_power=2, chars_weight=0.5, several_weight=1.3)
    same(vectorizer, every[:80], every[80:110])


@given(
    strategies.lists(texts, min_size=1, max_size=6), strategies.lists(texts, min_size=1, max_size=3)
)
def test_numbers_are_those_of_scikit_learn_on_any_text(seen, unseen):
    if any(reference.read(raw).tokens for raw in seen):
        same(NgramVectorizer(min_df=1, threads=2), seen, unseen)


def test_a_row_does_not_depend_on_its_neighbours(corpus):
    every = [record.text for record in corpus.records[:60]]
    vectorizer = NgramVectorizer().fit(every)
    alone = np.vstack([vectorizer.transform([text]).toarray() for text in every])
    assert np.array_equal(vectorizer.transform(every).toarray(), alone)


def test_an_index_that_grows_learns_the_same(corpus, monkeypatch):
    every = [record.text for record in corpus.records[:60]]
    usual = NgramVectorizer(min_df=1, threads=1).fit(every)
    monkeypatch.setattr("model.learning.FIRST", 1 << 12)
    grown = NgramVectorizer(min_df=1, threads=1).fit(every)
    assert grown.terms_ == usual.terms_
    assert np.array_equal(grown.idf_, usual.idf_)


@pytest.mark.parametrize("threads", [1, 2])
def test_rows_that_fill_many_pieces_are_the_same(corpus, monkeypatch, threads):
    every = [record.text for record in corpus.records[:60]]
    usual = NgramVectorizer(min_df=1, threads=1).fit_transform(every)
    monkeypatch.setattr("model.rows.PIECE", 1)  # then what one text may hold is the room
    vectorizer = NgramVectorizer(min_df=1, threads=threads)
    for found in (vectorizer.fit_transform(every), vectorizer.transform(every)):
        assert np.array_equal(found.toarray(), usual.toarray())


def test_terms_of_few_texts_are_dropped():
    vectorizer = NgramVectorizer(min_df=2).fit(["visa", "visa free", "free", "secret"])
    assert not any("secret" in term for term in vectorizer.terms_)


def test_it_is_cloned_and_piped_as_scikit_learn_does():
    vectorizer = NgramVectorizer(min_df=1)
    assert clone(vectorizer).get_params() == vectorizer.get_params()
    assert make_pipeline(vectorizer).fit_transform(["visa free"]).shape[0] == 1


def test_rows_may_be_of_single_precision(corpus):
    every = [record.text for record in corpus.records[:60]]
    rows = NgramVectorizer(dtype=np.float32).fit_transform(every)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(
        rows.toarray(), NgramVectorizer().fit_transform(every).toarray(), rtol=1e-6
    )


def test_it_reads_a_column_as_arrow_lays_it_out():
    vectorizer = NgramVectorizer(min_df=1)
    packed = vectorizer.fit_transform(pack(["visa free", "work"]))
    assert np.array_equal(packed.toarray(), vectorizer.transform(["visa free", "work"]).toarray())


@pytest.mark.parametrize("none", [pytest.param([], id="no text"), pytest.param([""], id="empty")])
def test_texts_without_words_have_empty_rows(none):
    vectorizer = NgramVectorizer(min_df=1).fit(["visa free"])
    assert vectorizer.transform(none).shape == (len(none), len(vectorizer.terms_))
    assert vectorizer.transform(none).nnz == 0
