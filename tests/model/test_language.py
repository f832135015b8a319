import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.language import LOGS, Detector
from model.score import Language
from tests.model.strategies import texts

KNOWN = ("ar", "en", "es", "hi", "id", "pl", "pt", "ru", "tl", "tr", "uk", "zh")


IDENTIFIER = Detector(KNOWN).identifier


@pytest.fixture(scope="module")
def detector():
    return Detector(KNOWN)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("مطلوب عاملة منزلية في الرياض براتب شهري جيد", "ar", id="Arabic"),
        pytest.param("Housekeeping jobs in Riyadh, visa and ticket paid", "en", id="English"),
        pytest.param("Se busca camarera con experiencia para hotel en Madrid", "es", id="Spanish"),
        pytest.param("होटल में काम के लिए लोगों की आवश्यकता है", "hi", id="Hindi"),
        pytest.param("Dibutuhkan pelayan restoran di Jakarta, gaji bulanan", "id", id="Indonesian"),
        pytest.param("Zatrudnimy kierowcę z doświadczeniem, umowa o pracę", "pl", id="Polish"),
        pytest.param("Contratamos operador de máquinas com experiência", "pt", id="Portuguese"),
        pytest.param("Требуется водитель с опытом работы, зарплата в срок", "ru", id="Russian"),
        pytest.param("Kailangan namin ng kasambahay sa Maynila, may sahod", "tl", id="Tagalog"),
        pytest.param(
            "Otelde çalışacak temizlik görevlisi aranıyor, maaş aylık", "tr", id="Turkish"
        ),
        pytest.param("Потрібен водій з досвідом роботи, зарплата щомісяця", "uk", id="Ukrainian"),
        pytest.param("招聘服务员，包吃包住，工资面议", "zh", id="Chinese"),
        pytest.param("HOUSEKEEPING JOBS IN RIYADH, VISA AND TICKET PAID", "en", id="capitals"),
    ],
)
def test_languages_of_the_corpus_are_known(detector, text, code):
    assert detector.detect([text]) == [Language(code, True)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Nous recherchons une serveuse pour un restaurant à Paris", "fr", id="French"),
        pytest.param("Căutăm ospătar cu experiență pentru un restaurant", "ro", id="Romanian"),
        pytest.param("Arbeit in Deutschland, gute Bezahlung und Unterkunft", "de", id="German"),
        pytest.param("Cần tuyển nhân viên phục vụ nhà hàng", "vi", id="Vietnamese"),
    ],
)
def test_neighbours_are_named_and_not_known(detector, text, code):
    assert detector.detect([text]) == [Language(code, False)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("+380 44 123 45 67", id="digits"),
        pytest.param("!!! ??? 🙂", id="signs"),
        pytest.param("\u200b\x00", id="nothing to see"),
        pytest.param("a", id="one letter"),
        pytest.param("1 " * 300 + "Housekeeping jobs in Riyadh", id="letters too far down"),
    ],
)
def test_undetermined(detector, text):
    assert detector.detect([text]) == [Language("und", False)]


def test_known_is_what_was_given():
    text = "Nous recherchons une serveuse expérimentée pour un restaurant à Paris"
    assert Detector(["fr"]).detect([text]) == [Language("fr", True)]


def test_one_for_each_in_order(detector):
    texts = ["Visa and ticket paid, housekeeping jobs", "+1 202", "招聘服务员，包吃包住"]
    assert [each.code for each in detector.detect(texts)] == ["en", "und", "zh"]
    assert detector.detect([]) == []


def agree_with_the_library(identifier, batch):
    """Alone, in plain Python and without our tables, the library says the same of each text."""
    codes, sure = identifier.classify_all(batch)
    for text, code, probability in zip(batch, codes, sure, strict=True):
        ranked = identifier.rank(text)
        assert dict(ranked)[code] == pytest.approx(ranked[0][1], rel=1e-4)
        assert probability == pytest.approx(ranked[0][1], rel=1e-4)


@given(st.lists(texts, max_size=12))
@example(["to work " * LOGS, "", "a", "İ" * 300])
def test_says_what_the_library_says(batch):
    agree_with_the_library(IDENTIFIER, batch)


def test_says_what_the_library_says_of_labelled_texts(corpus):
    agree_with_the_library(IDENTIFIER, [record.text[:300] for record in corpus.records[::25]])


def test_a_text_is_told_alike_alone_and_among_others(detector, corpus):
    batch = [record.text for record in corpus.records[:50]]
    assert detector.detect(batch) == [detector.detect([text])[0] for text in batch]
