import pytest

from model.language import Detector
from model.score import Language

KNOWN = ("ar", "en", "es", "hi", "id", "pl", "pt", "ru", "tl", "tr", "uk", "zh")


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
