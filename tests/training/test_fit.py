import hashlib
from dataclasses import replace

import pytest

from model import artifact
from model.ad import Ad
from model.errors import BadData
from training import fit, stopwords
from training.data import Corpus


@pytest.fixture(scope="module")
def few(corpus):
    return Corpus(corpus.records[:120])


@pytest.fixture(scope="module")
def fitted(few, small_plan):
    return fit.fit(small_plan, few)


@pytest.fixture(scope="module")
def hashes(small_plan, tmp_path_factory):
    """Save, and give the hash of every file by name."""

    def saved(fitted):
        models = tmp_path_factory.mktemp("models")
        folder = fit.save(fitted, small_plan, models)
        assert (models / artifact.CURRENT).read_text("utf-8") == folder.name
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}

    return saved


def test_the_same_plan_and_data_give_the_same_files(fitted, few, small_plan, hashes):
    said = []
    again = fit.fit(small_plan, few, progress=said.append)
    assert hashes(again) == hashes(fitted)
    assert (said[0], said[-1]) == ("cross-fitting, part 1 of 3", "fitting on all texts")


def test_another_seed_gives_other_files(fitted, few, small_plan, hashes):
    one, other = hashes(fitted), hashes(fit.fit(replace(small_plan, seed=1), few))
    assert {name for name in one if one[name] == other[name]} == {artifact.INDICATORS}


def test_the_card_says_what_the_model_was_made_of(scorer, corpus):
    data = scorer.card["data"]
    assert data["fingerprint"] == corpus.fingerprint()
    assert data["texts"] == sum(data["languages"].values()) == 360
    assert data["deceptive"] == sum(record.label for record in corpus.records)
    assert scorer.card["metrics"]["overall"]["roc_auc"]["value"] > 0.7
    assert scorer.card["limits"]


def test_an_untrained_indicator_is_listed_and_has_no_score(scorer, corpus, small_plan):
    names = [each.name for each in scorer.indicators]
    shown = [name for record in corpus.records for name in record.indicators]
    few = [name for name in names if shown.count(name) < small_plan.fit.min_examples]
    (score,) = scorer.score([Ad("Leave next week, visa paid")])
    assert scorer.card["untrained"] == few == [n for n in names if score.indicators[n] is None]
    assert few


def test_calibration_is_folded_into_the_weights(fitted, few):
    texts = [record.text for record in few.records]
    raw = fitted.pipeline["deceptive"].decision_function(
        fitted.pipeline["vectorizer"].transform(texts)
    )
    said = [score.log_odds for score in fitted.scorer.score([Ad(text) for text in texts])]
    slope = (said[0] - said[1]) / (raw[0] - raw[1])
    assert slope > 0
    assert said == pytest.approx(slope * (raw - raw[0]) + said[0], abs=1e-4)


def test_too_few_texts_are_refused(few, small_plan):
    with pytest.raises(BadData, match="a fit needs 10 of each"):
        fit.fit(small_plan, Corpus(few.records[:10]))


@pytest.mark.parametrize(
    ("languages", "terms", "stop"),
    [
        pytest.param(["en"], "the of to with your", [True] * 5, id="small words"),
        pytest.param(["en"], "no not nor none only must", [False] * 6, id="turn a phrase round"),
        pytest.param(["en"], "visa work anyone everything", [False] * 4, id="carry sense"),
        pytest.param(["es"], "de la sin ni solo trabajo", [1, 1, 0, 0, 0, 0], id="Spanish"),
        pytest.param(["pt"], "de sem nem nao so", [1, 0, 0, 0, 0], id="Portuguese, folded"),
        pytest.param(["ru"], "и на не без нет", [1, 1, 0, 0, 0], id="Russian"),
        pytest.param(["uk"], "та на ні нема", [1, 1, 0, 0], id="Ukrainian"),
        pytest.param(["en"], "de la", [False] * 2, id="of another language"),
        pytest.param(["es", "en"], "de the", [True] * 2, id="two languages"),
        pytest.param(["es", "en"], "no sin", [False] * 2, id="kept in either"),
        pytest.param(["zh"], "的 了 不", [False] * 3, id="ideographs"),
        pytest.param(["xx"], "the", [False], id="a language without a list"),
        pytest.param([], "the", [False], id="no language"),
    ],
)
def test_stop_words(languages, terms, stop):
    assert stopwords.flags(terms.split(), languages).tolist() == [*map(bool, stop)]


def test_only_single_words_are_stop_words():
    assert not stopwords.flags(["of the", "~ th", "~the "], ["en"]).any()


def test_phrases_do_not_start_or_end_with_a_stop_word(scorer, corpus):
    phrases = [
        p for s in scorer.score([Ad(r.text) for r in corpus.records[:99]]) for p in s.phrases
    ]
    edges = {
        word.lower() for each in phrases for word in (each.text.split()[0], each.text.split()[-1])
    }
    assert not edges & {"the", "of", "to", "and", "with", "your"}
    assert edges & {"no", "not", "only"}
