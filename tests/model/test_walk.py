import numpy as np
import pytest
from hypothesis import example, given

from model import contact, disguise, places, reading, tables, walk
from tests import reference
from tests.model.strategies import texts

TABLES = places.tables()


def read(raw: str) -> tuple[list[tuple[str, int, int, int]], frozenset[str]]:
    """What the compiled walk reads."""
    text = np.frombuffer(raw.encode(), np.uint8)
    tokens = walk.room(len(text))
    _, bits = walk.walk(TABLES, contact.classes(TABLES), text, 0, len(text), tokens)
    found = [(t.text, t.start, t.end, t.sentence) for t in reading.read(raw, TABLES)]
    return found, frozenset(name for i, name in enumerate(disguise.DISGUISES) if bits >> i & 1)


@given(texts)
@example("é.abc@x.com")
@example("аbc@x.com a@b www.")
@example("w0rk раб0та h1b 4x4 mp3s a1b2c3")
def test_walk_reads_what_the_reference_reads(raw):
    expected = reference.read(raw)
    tokens = [(t.text, t.start, t.end, t.sentence) for t in expected.tokens]
    assert read(raw) == (tokens, expected.disguises)


def test_walk_reads_every_labelled_text_as_the_reference_does(corpus):
    for record in corpus.records[:120]:
        expected = reference.read(record.text)
        tokens = [(t.text, t.start, t.end, t.sentence) for t in expected.tokens]
        assert read(record.text) == (tokens, expected.disguises)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param("Wоrk in Prague", ["work", "in", "\ue003"], id="look-alike letters"),
        pytest.param("v i s a free", ["visa", "free"], id="spaced letters"),
        pytest.param("w.o.r.k now", ["work", "now"], id="dotted letters"),
        pytest.param("p\u200bay \u00adday", ["pay", "day"], id="hidden characters"),
        pytest.param("w0rk 1000$", ["work", "0000", "$"], id="leetspeak and numbers"),
        pytest.param("工作 visa", ["工", "作", "visa"], id="ideographs"),
        pytest.param("mail me@example.com", ["mail", "\ue001"], id="mail"),
        pytest.param("see t.me/abc, @abc_d", ["see", "\ue000", "\ue002"], id="link and handle"),
        pytest.param("help.me", ["help", "me"], id="no link"),
        pytest.param("й Й й", ["и", "и", "и"], id="marks"),
        pytest.param("to Phnom Penh", ["to", "\ue003"], id="a place of two words"),
        pytest.param("去柬埔寨工作", ["去", "\ue003", "工", "作"], id="a place of ideographs"),
        pytest.param("South Korea. Hong. Kong", ["\ue003", "hong", "kong"], id="across a break"),
        pytest.param("\ue003 x", ["x"], id="a place cannot be forged"),
        pytest.param("\ue000 x", ["x"], id="a stand-in cannot be forged"),
    ],
)
def test_words_are_read_in_one_spelling(raw, words):
    assert [word for word, *_ in read(raw)[0]] == words


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n\t ", id="only spaces"),
        pytest.param("e" + "\u0301" * 10_000, id="10,000 combining marks"),
        pytest.param("a" * 1_000_000, id="a token of 1 MB"),
        pytest.param("ﷺ" * 5_000, id="the longest expansion"),
        pytest.param("㍿" * 5_000, id="the most tokens a byte"),
        pytest.param("$" * 20_000, id="signs"),
        pytest.param("a " * 20_000, id="single letters"),
        pytest.param("@" * 20_000, id="contact characters"),
        pytest.param("a.com" * 5_000, id="zones"),
    ],
)
def test_walk_has_room_for_the_worst(raw):
    text = np.frombuffer(raw.encode(), np.uint8)
    tokens = walk.room(len(text))
    count, _ = walk.walk(TABLES, contact.classes(TABLES), text, 0, len(text), tokens)
    assert count <= len(tokens.first)
    assert count == 0 or tokens.last[count - 1] <= len(tokens.chars)


def test_no_character_expands_beyond_the_room():
    for code in range(0x110000):
        if not 0xD800 <= code <= 0xDFFF:
            raw = chr(code)
            parts = TABLES.parts[slice(*_expansion(code))]
            assert len(parts) <= walk.CHARS * len(raw.encode())
            assert len(read(raw)[0]) <= walk.TOKENS * len(raw.encode()) if len(parts) > 1 else True


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xfework", id="not UTF-8"),
        pytest.param(b"work \xe5\xb7", id="cut off"),
        pytest.param(b"\xed\xa0\x80 work", id="surrogate"),
        pytest.param(b"\xc0\xafwork", id="overlong"),
        pytest.param(b"\xf4\x90\x80\x80", id="beyond Unicode"),
        pytest.param(bytes(range(128, 256)), id="no lead byte"),
    ],
)
def test_what_is_not_utf8_is_read_without_harm(content):
    text = np.frombuffer(content + b"secret neighbour", np.uint8)
    tokens = walk.room(len(text))
    count, _ = walk.walk(TABLES, contact.classes(TABLES), text, 0, len(content), tokens)
    assert all(tokens.byte[i] <= len(content) for i in range(count) if tokens.sign[i] == 0)


def _expansion(code: int) -> tuple[int, int]:
    found = int(TABLES.pages[int(TABLES.page[code >> 8]) * 256 + (code & 255)])
    if not found & tables.SEVERAL:
        return 0, 0
    place = found & tables.CODE
    return int(TABLES.starts[place]), int(TABLES.starts[place + 1])
