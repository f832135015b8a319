from functools import cache
from unicodedata import category, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.folding import (
    BREAK,
    GAP,
    HANDLE,
    LINK,
    MAIL,
    SIGN,
    WORD,
    fold_char,
    is_hidden,
    is_ideograph,
    kind,
    no_leet,
    one_script,
    script,
)


def fold(text):
    return "".join(map(fold_char, text))


@pytest.mark.parametrize(
    ("char", "folded"),
    [
        pytest.param("Q", "q", id="case"),
        pytest.param("\xc9", "e", id="accent"),
        pytest.param("\u0301", "", id="combining mark"),
        pytest.param("й", "и", id="Cyrillic short i"),
        pytest.param("Ё", "е", id="Cyrillic yo"),
        pytest.param("ё", "е", id="small yo"),
        pytest.param("ß", "ss", id="one to two"),
        pytest.param("ﬁ", "fi", id="ligature"),
        pytest.param("Æ", "ae", id="ash"),
        pytest.param("Ł", "l", id="stroke"),
        pytest.param("İ", "i", id="dotted capital i"),
        pytest.param("ı", "i", id="dotless i"),
        pytest.param("ς", "σ", id="final sigma"),
        pytest.param("Ａ", "a", id="full width"),
        pytest.param("ｶ", "カ", id="half width"),
        pytest.param("が", "か", id="voiced kana"),
        pytest.param("𝕬", "a", id="letter for formulas"),
        pytest.param("ᴀ", "a", id="small capital"),
        pytest.param("Ⓐ", "a", id="circled"),
        pytest.param("🅐", "a", id="white on black circle"),
        pytest.param("🅰", "a", id="white on black square"),
        pytest.param("🆉", "z", id="last in a square"),
        pytest.param("🆊", "🆊", id="after the last in a square"),
        pytest.param("①", "1", id="circled digit"),
        pytest.param("½", "1⁄2", id="fraction"),
        pytest.param("…", "...", id="ellipsis"),
        pytest.param("أ", "ا", id="Arabic hamza"),
        pytest.param("\u064e", "", id="Arabic vowel sign"),
        pytest.param("\u05b0", "", id="niqqud"),
        pytest.param("\u094d", "\u094d", id="virama carries sense"),
        pytest.param("’", "", id="apostrophe"),
        pytest.param("\u200b", "", id="zero width"),
        pytest.param("\xad", "", id="soft hyphen"),
        pytest.param("\ufe0f", "", id="variation selector"),
        pytest.param("\U000e0100", "", id="variation selector, far"),
        pytest.param("\u3164", "", id="blank Hangul letter"),
        pytest.param("\x00", "", id="NUL"),
        pytest.param("\t", " ", id="tab"),
        pytest.param("\u3000", " ", id="wide space"),
        pytest.param("\r", "\n", id="carriage return"),
        pytest.param("\u2029", "\n", id="paragraph"),
        pytest.param(LINK, " ", id="stand-in written in a text"),
        pytest.param("\uf8ff", " ", id="private use"),
        pytest.param("🙂", "🙂", id="emoji"),
        pytest.param("签", "签", id="ideograph"),
    ],
)
def test_fold_char(char, folded):
    assert fold_char(char) == folded


def test_every_character_folds_to_folded_characters():
    # Of the 960,000 code points that are unassigned or private, every 64th stands for all.
    for point in range(0x110000):
        kept = {"Cs": 0, "Cn": point % 64 == 0, "Co": point % 64 == 0}
        if kept.get(category(chr(point)), True):
            folded = fold_char.__wrapped__(chr(point))
            assert folded == chr(point) or all(map(folds_to_itself, folded)), hex(point)


@cache
def folds_to_itself(char):
    return fold_char(char) == char


@given(st.text())
@settings(deadline=None)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
@settings(deadline=None)
def test_composed_and_decomposed_fold_alike(text):
    assert fold(normalize("NFD", text)) == fold(normalize("NFC", text))
    for char in text:
        assert fold(normalize("NFD", char)) == fold(normalize("NFC", char)) == fold_char(char)


@pytest.mark.parametrize(
    ("chars", "expected"),
    [
        pytest.param("az09иσअا한\u0903\u094d²", WORD, id="letters, digits and marks"),
        pytest.param("签カกက៛一𠀀", SIGN, id="scripts without spaces"),
        pytest.param("%€$₴¥", SIGN, id="percent and currencies"),
        pytest.param(LINK + MAIL + HANDLE, SIGN, id="stand-ins"),
        pytest.param(".!?;|\n…。•।؟؛", BREAK, id="ends of sentences"),
        pytest.param(" ,-_/:()\"'+=@#、،🙂", GAP, id="all else"),
    ],
)
def test_kind(chars, expected):
    assert {char: kind(char) for char in chars} == dict.fromkeys(chars, expected)


@pytest.mark.parametrize(
    ("chars", "expected"),
    [
        pytest.param("签カก", True, id="written without spaces"),
        pytest.param("aи5한%€。", False, id="not"),
        pytest.param("\u0e52\u0e3f", False, id="Thai digit and currency"),
    ],
)
def test_is_ideograph(chars, expected):
    assert {char: is_ideograph(char) for char in chars} == dict.fromkeys(chars, expected)


@pytest.mark.parametrize(
    ("chars", "expected"),
    [
        pytest.param("\u200b\u200d\xad\ufeff\u202e", True, id="format"),
        pytest.param("\x00\x07\x7f", True, id="control"),
        pytest.param("\u034f\u3164\uffa0\ufe00\ufe0f\u180b\U000e01ef", True, id="ignorable"),
        pytest.param("\n\t\x1c a\u0301-", False, id="seen, or white space"),
    ],
)
def test_is_hidden(chars, expected):
    assert {char: is_hidden(char) for char in chars} == dict.fromkeys(chars, expected)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("passport", "passport", id="Latin"),
        pytest.param("паспорт", "паспорт", id="Cyrillic"),
        pytest.param("рассорт", "рассорт", id="Cyrillic of look-alikes alone"),
        pytest.param("p\u0430ssp\u043ert", "passport", id="Cyrillic in Latin"),
        pytest.param("п\u0061сп\u006fрт", "паспорт", id="Latin in Cyrillic"),
        pytest.param("\u03bfffice", "office", id="Greek in Latin"),
        pytest.param("v\u0456sa", "visa", id="Ukrainian i"),
        pytest.param("aa\u0430", "aaa", id="both have look-alikes: Latin has more"),
        pytest.param("a\u0430\u0430", "\u0430\u0430\u0430", id="Cyrillic has more"),
        pytest.param("a\u0430", "aa", id="as many of each"),
        pytest.param("zя", "zя", id="neither has look-alikes"),
        pytest.param("clubя", "clubя", id="each has letters of its own"),
        pytest.param("签a\u0430", "签aa", id="others are left alone"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_one_script(word, expected):
    assert one_script(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("w0rk", "work", id="0"),
        pytest.param("v1sa", "visa", id="1"),
        pytest.param("p4ssp0rt", "passport", id="two of them"),
        pytest.param("w00rk", "woork", id="two together"),
        pytest.param("раб0та", "работа", id="Cyrillic"),
        pytest.param("0тпуск", "0тпуск", id="at the start"),
        pytest.param("covid19", "covid19", id="at the end"),
        pytest.param("1000usd", "1000usd", id="an amount"),
        pytest.param("2025", "2025", id="a year"),
        pytest.param("b2b", "b2b", id="short"),
        pytest.param("a1b2", "a1b2", id="two letters"),
        pytest.param("we2go", "we2go", id="a digit that stands for no letter"),
        pytest.param("签1签签", "签1签签", id="no script"),
    ],
)
def test_no_leet(word, expected):
    assert no_leet(word) == expected


@given(st.text("aeopx\u0430\u0435\u043eяzпσ013479", max_size=12))
@settings(deadline=None)
def test_undoing_a_disguise_twice_changes_nothing(word):
    plain = no_leet(one_script(word))
    assert len(plain) == len(word)
    assert one_script(one_script(word)) == one_script(word)
    assert no_leet(no_leet(plain)) == no_leet(plain)


@pytest.mark.parametrize(
    ("chars", "expected"),
    [
        pytest.param("az", "latin", id="Latin"),
        pytest.param("аяіӏ", "cyrillic", id="Cyrillic"),
        pytest.param("αω", "greek", id="Greek"),
        pytest.param("1签ا-", "", id="none"),
    ],
)
def test_script(chars, expected):
    assert {script(char) for char in chars} == {expected}
