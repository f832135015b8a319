"""What the compiled kernel must compute, in plain Python that is easy to check by eye.

Reads a text into tokens, names its n-grams, and lays a linear model's weights back onto the tokens.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from model import folding, places
from model.contact import WORD_ZONES, ZONES
from model.folding import BREAK, SIGN, WORD
from model.grams import Ranges
from model.linear import LONGEST, Linear
from model.phrases import PHRASES, START

#: Shortest run of single letters with one separator between them that is read as one word.
SPACED_LETTERS = 4

_CONTACT = re.compile(r"[A-Za-z0-9._%+\-@:/?=&#~]+")
_LINK = re.compile(
    rf"[a-z0-9]\.(?:(?:{'|'.join(ZONES)})(?:[/:?]|\.?$)|(?:{'|'.join(WORD_ZONES)})/)"
)
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
    tokens = list(_join_spaced(list(words), raw, disguises))
    return Reading(tuple(_hide_places(tokens)), frozenset(disguises))


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
        after = folding.fold_char(self.raw[at + 1]) if at + 1 < len(self.raw) else ""
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


def _hide_places(tokens: list[Token]) -> Iterator[Token]:
    """The longest name of a place at each token as one sign, whichever it is."""
    at = 0
    while at < len(tokens):
        runs = [tokens[at : at + size] for size in range(places.MOST_TOKENS, 0, -1)]
        name = next((run for run in runs if _is_name(run)), None)
        if name:
            yield Token(folding.PLACE, name[0].start, name[-1].end, name[0].sentence)
        else:
            yield tokens[at]
        at += len(name) if name else 1


def _is_name(run: list[Token]) -> bool:
    words = tuple(token.text for token in run)
    return words in _names() and len({token.sentence for token in run}) == 1


@lru_cache(maxsize=1)
def _names() -> frozenset[tuple[str, ...]]:
    """The words of every name that the model hides."""
    split = ([_undisguise(token, set()).text for token in _split(n, set())] for n in places.load())
    return frozenset(map(tuple, split))


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


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A term and the tokens `start` to `end` (not included) that it covers."""

    term: str
    start: int
    end: int


def occurrences(tokens: Sequence[Token], ranges: Ranges) -> Iterator[Occurrence]:
    """Every n-gram of the tokens, once for each place it stands in."""
    for at, token in enumerate(tokens):
        yield from _token_grams(tokens, at, ranges)
        if folding.kind(token.text[0]) == folding.WORD:
            padded = f" {token.text} "
            for size in range(ranges.chars[0], ranges.chars[1] + 1):
                for start in range(len(padded) - size + 1):
                    yield Occurrence(f"~{padded[start : start + size]}", at, at + 1)


def terms(raw: str, ranges: Ranges) -> list[str]:
    """The terms of a text, as often as they occur: an analyser for scikit-learn."""
    return [found.term for found in occurrences(read(raw).tokens, ranges)]


def _token_grams(tokens: Sequence[Token], at: int, ranges: Ranges) -> Iterator[Occurrence]:
    term, ideographs = "", True
    for end in range(at, min(at + max(ranges.words, ranges.signs), len(tokens))):
        token = tokens[end]
        ideographs = ideographs and folding.is_ideograph(token.text[0])
        allowed = ranges.signs if ideographs else ranges.words
        if token.sentence != tokens[at].sentence or end - at >= allowed:
            return
        term = f"{term} {token.text}" if term else token.text
        yield Occurrence(term, at, end + 1)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text and its part of its label's and of the first label's log-odds."""

    start: int
    end: int
    own: float
    risk: float


def explain(linear: Linear, raw: str) -> tuple[np.ndarray, list[list[Segment]]]:
    """The log-odds of each label and its best phrases."""
    reading = read(raw)
    rows = {term: row for row, term in enumerate(linear.terms)}
    shares = token_shares(linear, rows, reading)
    stop = [token.text in rows and linear.stop[rows[token.text]] for token in reading.tokens]
    best = []
    for label in range(len(linear.labels)):
        runs = [_trim(run, stop) for run in _runs(shares[:, label], reading)]
        found = [
            Segment(
                reading.tokens[run.start].start,
                reading.tokens[run.stop - 1].end,
                float(shares[run, label].sum()),
                float(shares[run, 0].sum()),
            )
            for run in runs
            if run.start < run.stop
        ]
        best.append(sorted((each for each in found if each.own > 0), key=lambda each: -each.own))
    return shares.sum(axis=0) + linear.intercepts, [each[:PHRASES] for each in best]


def token_shares(linear: Linear, rows: dict[str, int], reading: Reading) -> np.ndarray:
    """Each token's part of each label's log-odds, shape (tokens, labels).

    They add up to the log-odds less the intercept. An n-gram's weight is split evenly over the
    places it stands in, and over the tokens of each place.
    """
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for found in occurrences(reading.tokens, linear.ranges):
        if (row := rows.get(found.term)) is not None:
            places[row].append((found.start, found.end))
    ids = np.fromiter(places, dtype=np.int64, count=len(places))
    counts = np.array([len(spans) for spans in places.values()], dtype=np.float64)
    values = (1 + np.log(counts)) * linear.idf[ids]
    values /= np.linalg.norm(values) or 1.0
    shares = np.zeros((len(reading.tokens), len(linear.labels)))
    for row, value, spans in zip(ids, values, places.values(), strict=True):
        for start, end in spans:
            shares[start:end] += value / len(spans) / (end - start) * linear.weights[row]
    return shares


def _runs(shares: np.ndarray, reading: Reading) -> list[slice]:
    """Runs of tokens that raise the log-odds, none overlapping another.

    A run starts where a token raises them by `START`, goes on while its sum stays positive, within
    a sentence and `LONGEST` tokens, and ends where the sum was highest; the next starts after it.
    """
    runs, at = [], 0
    while at < len(shares):
        if shares[at] < START:
            at += 1
            continue
        total = best = 0.0
        end = at
        for place in range(at, min(at + LONGEST, len(shares))):
            total += float(shares[place])
            if total <= 0 or reading.tokens[place].sentence != reading.tokens[at].sentence:
                break
            if total > best:
                best, end = total, place + 1
        runs.append(slice(at, end))
        at = end
    return runs


def _trim(run: slice, stop: Sequence[bool]) -> slice:
    start, end = run.start, run.stop
    while start < end and stop[start]:
        start += 1
    while start < end and stop[end - 1]:
        end -= 1
    return slice(start, end)
