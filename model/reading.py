"""Read a text once: its words in one spelling, each with its place in the text as received."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from model import folding
from model.folding import BREAK, SIGN, WORD

#: Shortest run of single letters with one separator between them that is read as one word.
SPACED_LETTERS = 4

_CONTACT = re.compile(r"[A-Za-z0-9._%+\-@:/?=&#~]+")
# Zones that are also words ("help.me", "abroad.in") count only before a path.
_ZONES = "com|org|net|info|biz|ru|ua|br|cn|io|eu|pl|uk|ly"
_WORD_ZONES = "me|es|pt|de|us|mx|co|id|ph|tr|in"
_LINK = re.compile(rf"[a-z0-9]\.(?:(?:{_ZONES})(?:[/:?]|\.?$)|(?:{_WORD_ZONES})/)")
_MAIL = re.compile(r"[a-z0-9]@[a-z0-9]")
_HANDLE = re.compile(r"@[a-z0-9_]{3}")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, ideograph or currency sign; `raw[start:end]` is what it was read from.

    Tokens with the same `sentence` number have no sentence break between them.
    """

    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a text in order, and the disguises that had to be undone to read them."""

    tokens: tuple[Token, ...]
    disguises: frozenset[str]


def read(raw: str) -> Reading:
    """Fold and split a text. Offsets count the code points of `raw`."""
    disguises: set[str] = set()
    words = (_undisguise(token, disguises) for token in _split(raw, disguises))
    tokens = _join_spaced(list(words), raw, disguises)
    return Reading(tuple(tokens), frozenset(disguises))


def stand_in(run: str) -> str:
    """The stand-in for a run of ASCII contact characters: link, mail, handle, or none."""
    run = run.lower()
    if "://" in run or run.startswith("www."):
        return folding.LINK
    if _MAIL.search(run):
        return folding.MAIL
    if _HANDLE.search(run):
        return folding.HANDLE
    return folding.LINK if _LINK.search(run) else ""


def _split(raw: str, disguises: set[str]) -> Iterator[Token]:
    sentence = position = 0
    for match in _CONTACT.finditer(raw):
        if contact := stand_in(match.group()):
            before = _Splitter(raw, position, match.start(), sentence, disguises)
            yield from before
            sentence, position = before.sentence, match.end()
            yield Token(contact, *match.span(), sentence)
    yield from _Splitter(raw, position, len(raw), sentence, disguises)


class _Splitter:
    """Tokens of `raw[start:end]`, counting sentences on the way."""

    def __init__(self, raw: str, start: int, end: int, sentence: int, disguises: set[str]) -> None:
        self.raw, self.start, self.end = raw, start, end
        self.sentence = sentence
        self.disguises = disguises

    def __iter__(self) -> Iterator[Token]:
        word, first, last, hidden = "", 0, 0, False
        for at in range(self.start, self.end):
            folded = folding.fold_char(self.raw[at])
            hidden = hidden or (not folded and bool(word) and _hides(self.raw[at], word))
            for char in folded:
                found = folding.kind(char)
                if found == WORD:
                    if hidden and word:
                        self.disguises.add("hidden_characters")
                    first, last = (first if word else at), at + 1
                    word, hidden = word + char, False
                    continue
                if word:
                    yield Token(word, first, last, self.sentence)
                word, hidden = "", False
                if found == SIGN:
                    yield Token(char, at, at + 1, self.sentence)
                elif found == BREAK and not self._inside(char, at):
                    self.sentence += 1
        if word:
            yield Token(word, first, last, self.sentence)

    def _inside(self, char: str, at: int) -> bool:
        """A full stop before a word character (`2.500`, `e.g.`) ends no sentence."""
        after = folding.fold_char(self.raw[at + 1]) if at + 1 < self.end else ""
        return char == "." and bool(after) and folding.kind(after[0]) == WORD


def _hides(char: str, word: str) -> bool:
    """Joiners belong in Indic and Arabic words; between these letters they only split a word."""
    return folding.is_hidden(char) and bool(folding.script(word[-1]))


def _undisguise(token: Token, disguises: set[str]) -> Token:
    word = folding.one_script(token.text)
    if word != token.text:
        disguises.add("look_alike_letters")
    plain = folding.no_leet(word)
    if plain != word:
        disguises.add("leetspeak")
    plain = "".join("0" if char.isdecimal() else char for char in plain)
    return Token(plain, token.start, token.end, token.sentence)


def _join_spaced(tokens: list[Token], raw: str, disguises: set[str]) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        end = at + _spaced_run(tokens, at, raw)
        if end - at >= SPACED_LETTERS:
            disguises.add("spaced_letters")
            word = "".join(token.text for token in tokens[at:end])
            yield Token(word, tokens[at].start, tokens[end - 1].end, tokens[at].sentence)
            at = end
        else:
            yield tokens[at]
            at += 1


def _spaced_run(tokens: list[Token], at: int, raw: str) -> int:
    """How many tokens from `at` on are single letters with one and the same separator between."""
    count = 0
    for token in islice(tokens, at, None):
        if len(token.text) != 1 or not folding.script(token.text):
            break
        if count:
            gap = raw[tokens[at + count - 1].end : token.start]
            if len(gap) != 1 or gap != raw[tokens[at].end]:
                break
        count += 1
    return count
