"""Invented ads of which is known which belong together, made out of the labelled texts.

A family is a text with copies, with other numbers, places and contacts, with other words, or other
texts that give the same contact. Strangers are single texts, some of which open like another, and
many different texts with one number of a job board.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: Texts that may have a contact already are not built upon.
_CONTACT = re.compile(r"@|example|demo|_|\d[\d ()-]{5,}\d")
_WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[^\W\d_\u4e00-\u9fff]{3,}")
_DIGITS = re.compile(r"\d")
_CYRILLIC = str.maketrans("aeopcx", "аеорсх")
_WIDE = {ord("0") + i: chr(ord("０") + i) for i in range(10)}
_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: In each of these the numbers 555-0100 to 555-0199 are nobody's.
_AREAS = (202, 212, 305, 312, 404, 415, 512, 602, 617, 702)
#: So many texts give the number of one job board.
BOARD = 40


@dataclass(frozen=True, slots=True)
class Posted:
    """An ad; those of one `family` belong together. `how` says what was done to make it."""

    text: str
    language: str
    family: int
    how: str


def build(texts: Sequence[tuple[str, str]], *, families: int, seed: int = 0) -> list[Posted]:
    """Families of 4 to 6 ads and three times as many strangers, in the order of their arrival.

    `texts` come with their language: about 6 for each family, none of them used twice.
    """
    rng = random.Random(seed)
    usable = [(language, text) for language, text in texts if not _CONTACT.search(text)]
    rng.shuffle(usable)
    words = _words(usable)
    pool = iter(usable)
    made: list[Posted] = []
    for family in range(families):
        make = _near if family % 2 else _sharing
        made += make(pool, family, words, rng)
    made += _strangers(pool, families)
    rng.shuffle(made)
    return made


Texts = Iterator[tuple[str, str]]
Words = dict[str, list[str]]


def _near(pool: Texts, family: int, words: Words, rng: random.Random) -> Iterator[Posted]:
    language, base = next(pool)
    yield Posted(base, language, family, "first")
    yield Posted(_disguised(base, rng), language, family, "copy")
    yield Posted(_slots(base, words[language], rng), language, family, "slots")
    yield Posted(_reworded(base, words[language], rng), language, family, "words")
    yield Posted(_moved(base, rng), language, family, "order")


def _sharing(pool: Texts, family: int, words: Words, rng: random.Random) -> Iterator[Posted]:
    written = _written(family, rng)
    for how, contact in zip(("first", "contact", "contact"), written, strict=False):
        language, text = next(pool)
        yield Posted(f"{text} {contact}", language, family, how)
    yield Posted(_reworded(text, words[language], rng), language, family, "words")


def _strangers(pool: Texts, families: int) -> Iterator[Posted]:
    number = families
    opening = ""
    for count, (language, text) in zip(range(3 * families), pool, strict=False):
        number += 1
        if count % 4 == 0 and opening:
            text = f"{opening} {text}"
        opening = text[: len(text) // 4]
        board = " Job board hotline +44 7700 900999" if count < BOARD else ""
        yield Posted(text + board, language, number, "board" if board else "stranger")


def _disguised(text: str, rng: random.Random) -> str:
    return rng.choice(
        (
            text.upper(),
            text.translate(_CYRILLIC) if text.isascii() else text.title(),
            "🔥 " + text.replace(" ", "  ").replace(".", " ❗"),
            "\u200b".join(re.split(r"(?<=\w)(?=\w{3})", text)),
            text.translate(_WIDE),
        )
    )


def _slots(text: str, words: Sequence[str], rng: random.Random) -> str:
    """Other numbers, three other names or words, and another contact."""
    text = _DIGITS.sub(lambda _: str(rng.randrange(10)), text)
    found = sorted({match[0] for match in _WORD.finditer(text)}, key=lambda it: (it.islower(), it))
    for word in found[:3]:
        text = text.replace(word, rng.choice(words), 1)
    return f"{text} demo.{rng.randrange(10**12)}@example.com"


def _reworded(text: str, words: Sequence[str], rng: random.Random) -> str:
    """From 5 % to 20 % of the words are others: in Chinese, of the characters."""
    share = rng.uniform(0.05, 0.2)
    parts = re.split(r"(\s+|(?<=[\u4e00-\u9fff]))", text)
    return "".join(
        rng.choice(words) if part.strip() and rng.random() < share else part for part in parts
    )


def _moved(text: str, rng: random.Random) -> str:
    """A sentence less, or the last one first."""
    parts = re.split(r"(?<=[.!?。！？\n])\s*", text.strip())
    if len(parts) < 5:
        return text + " !!!"
    if rng.random() < 0.5:
        del parts[rng.randrange(len(parts))]
    else:
        parts.insert(0, parts.pop())
    return " ".join(parts)


def _written(family: int, rng: random.Random) -> list[str]:
    """One contact, written in several ways. The phone numbers are kept for films: none rings."""
    area, last, name = (
        _AREAS[family // 100 % len(_AREAS)],
        f"01{family % 100:02}",
        f"demo_kin{family}",
    )
    digits = f"1{area}555{last}"
    ways = {
        "phone": (
            f"+1 {area} 555 {last}",
            f"wa.me/{digits}",
            f"tel 001 ({area}) 555-{last}",
            "whatsapp +" + " ".join(digits),
            "phone " + " ".join(_NAMES[int(digit)] for digit in digits),
            ("+" + digits).translate(_WIDE),
        ),
        "name": (f"telegram @{name}", f"https://t.me/{name.upper()}", f"tg: {name}", f"@{name}"),
        "mail": (
            f"{name}@example.org",
            f"{name.upper()}@EXAMPLE.ORG",
            f"{name} (at) example (dot) org",
        ),
        "link": (f"https://www.{name}.example.net", f"{name}.example.net/", f"{name}.example.net"),
    }
    return rng.sample(ways[rng.choice(list(ways))], 3)


def _words(texts: Sequence[tuple[str, str]]) -> Words:
    words: Words = defaultdict(list)
    for language, text in texts:
        words[language] += re.findall("[\u4e00-\u9fff]", text) if language == "zh" else text.split()
    return words
