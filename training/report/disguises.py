"""What people do to a text so that no filter finds it."""

import re
from collections.abc import Callable
from random import Random
from unicodedata import combining, normalize

Disguise = Callable[[str, float, Random], str]

# An ideograph is a word of its own, as the model reads it.
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff][\w\u0900-\u097f'’]*")
_HIDDEN = "\u200b\u200c\u2060\u00ad"
_TWINS = str.maketrans(
    "aeopcxyiABEKMHOPCTXасеорхуіАВЕКМНОРСТХ", "аеорсхуіАВЕКМНОРСТХaceopxyiABEKMHOPCTX"
)
_LEET = str.maketrans("aeiostAEIOSTаеозчАЕОЗЧ", "431057431057@3034@3034")


def homoglyphs(text: str, share: float, chance: Random) -> str:
    """About half of the letters of some words become their twins of the other script."""
    return _translated(text, share, chance, _TWINS)


def zero_width(text: str, share: float, chance: Random) -> str:
    """A character that cannot be seen stands inside, or behind, some words."""

    def hide(word: str) -> str:
        place = chance.randrange(1, len(word)) if len(word) > 1 else 1
        return word[:place] + chance.choice(_HIDDEN) + word[place:]

    return _words(text, share, chance, hide)


def leetspeak(text: str, share: float, chance: Random) -> str:
    """Digits and signs stand for about half of the letters of some words."""
    return _translated(text, share, chance, _LEET)


def spaced(text: str, share: float, chance: Random) -> str:
    """Some words have a space, or a dot, between all of their letters."""

    def space(word: str) -> str:
        return chance.choice(" .").join(word) if len(word) > 1 else f"{word} "

    return _words(text, share, chance, space)


def typos(text: str, share: float, chance: Random) -> str:
    """In some words a letter is dropped, doubled, or changes places with the next."""

    def slip(word: str) -> str:
        place = chance.randrange(len(word))
        letter, behind = word[place], word[place + 1 :]
        new = chance.choice(("", letter * 2, behind[:1] + letter))
        return word[:place] + new + (behind[1:] if new == behind[:1] + letter else behind)

    return _words(text, share, chance, slip)


def bare(text: str, share: float, chance: Random) -> str:
    """Some words lose their accents and other marks."""

    def strip(word: str) -> str:
        return "".join(each for each in normalize("NFD", word) if not combining(each))

    return _words(text, share, chance, strip, able=lambda word: strip(word) != word)


#: By the name they are reported with.
DISGUISES: dict[str, Disguise] = {
    "look-alike letters": homoglyphs,
    "hidden characters": zero_width,
    "leetspeak": leetspeak,
    "spaced letters": spaced,
    "typing errors": typos,
    "accents left out": bare,
}


def _words(
    text: str,
    share: float,
    chance: Random,
    change: Callable[[str], str],
    *,
    able: Callable[[str], bool] = lambda _: True,
) -> str:
    """Change that share of all words, and at least one, among those that can be changed."""
    words = list(_WORD.finditer(text))
    count = max(1, round(share * len(words)))
    words = [each for each in words if able(each[0])]
    for match in sorted(chance.sample(words, min(len(words), count)), key=lambda m: -m.start()):
        text = text[: match.start()] + change(match[0]) + text[match.end() :]
    return text


def _translated(text: str, share: float, chance: Random, table: dict[int, int]) -> str:
    """In some words each letter that the table has is replaced with a chance of a half."""

    def change(word: str) -> str:
        places = [i for i, letter in enumerate(word) if ord(letter) in table]
        chosen = {i for i in places if chance.random() < 0.5} or {chance.choice(places)}
        return "".join(w.translate(table) if i in chosen else w for i, w in enumerate(word))

    return _words(text, share, chance, change, able=lambda word: word.translate(table) != word)
