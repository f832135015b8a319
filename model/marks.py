"""The marked form of a labelled text: `[[indicator|phrase]]`, or `[[one+other|phrase]]`.

People read and correct the marks inside the text, so no offset can drift away from its words.
Two square brackets in a row belong to the marks alone; a single one is text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase, `text[start:end]` in code points, and the indicators it shows."""

    start: int
    end: int
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its marks, and where they stood."""

    text: str
    spans: tuple[Span, ...]


class MarkError(ValueError):
    """A mark that cannot be read or written: what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend


def parse(marked: str) -> Marked:
    """Take the marks off a text; raises `MarkError` with the place in the marked text."""
    text, spans, place = "", [], 0
    while opening := _BRACKETS.search(marked, place):
        head, end = _mark(marked, opening)
        phrase = marked[head.end() : end]
        text += marked[place : opening.start()]
        names = tuple(head[1].split("+"))
        spans.append(Span(len(text), len(text) + len(phrase), names))
        text += phrase
        place = end + 2
    text += marked[place:]
    _check_text(text)
    return Marked(text, tuple(spans))


def render(text: str, spans: Sequence[Span]) -> str:
    """Put marks into a text, the inverse of `parse`; spans stand in order and apart."""
    _check_text(text)
    parts, place = [], 0
    for span in spans:
        phrase = text[span.start : span.end]
        where = f"The span {span.start}:{span.end}"
        if not place <= span.start < span.end <= len(text):
            raise MarkError(
                f"{where} overlaps another or is not in the text.", "Give spans in order and apart."
            )
        if not span.indicators or not _NAMES.fullmatch("+".join(span.indicators)):
            raise MarkError(f"{where} shows {span.indicators!r}.", "Name indicators in snake_case.")
        _check_names(where, span.indicators)
        _check_phrase(where, phrase)
        parts += [text[place : span.start], f"[[{'+'.join(span.indicators)}|{phrase}]]"]
        place = span.end
    return "".join([*parts, text[place:]])


# Of a run of opening brackets the last two open a mark, so that "[[[vague_employer|us]]]" is a
# mark in brackets.
_BRACKETS = re.compile(r"\[\[(?!\[)|\]\]")
_NAMES = re.compile(r"[a-z][a-z0-9_]*(?:\+[a-z][a-z0-9_]*)*")
_HEAD = re.compile(rf"\[\[({_NAMES.pattern})\|")


def _mark(marked: str, opening: re.Match[str]) -> tuple[re.Match[str], int]:
    """The mark's opening with its names, and where its phrase ends."""
    where = f"The mark at character {opening.start()}"
    if opening[0] == "]]":
        raise MarkError(f'"]]" at character {opening.start()} closes no mark.', "Take it out.")
    head = _HEAD.match(marked, opening.start())
    if head is None:
        raise MarkError(f"{where} names no indicator.", "Write it as [[indicator|phrase]].")
    closing = _BRACKETS.search(marked, head.end())
    if closing is None:
        raise MarkError(f"{where} is never closed.", 'Put "]]" behind its phrase.')
    if closing[0] == "[[":
        raise MarkError(
            f"{where} holds another mark at character {closing.start()}.",
            'Close it before; one phrase with two indicators is "[[one+other|phrase]]".',
        )
    _check_names(where, head[1].split("+"))
    _check_phrase(where, marked[head.end() : closing.start()])
    return head, closing.start()


def _check_names(where: str, names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise MarkError(f"{where} names {'+'.join(names)}.", "Name each indicator once.")


def _check_phrase(where: str, phrase: str) -> None:
    if not phrase.strip():
        raise MarkError(f"{where} has an empty phrase.", "Mark the words that show the indicator.")
    if phrase != phrase.strip():
        raise MarkError(
            f"{where} has white space at the edge of {phrase!r}.",
            "Move it outside of the mark.",
        )
    if phrase[-1] == "]" or phrase[0] == "[":
        raise MarkError(
            f"{where} has a square bracket at the edge of {phrase!r}.",
            "Leave the bracket outside of the mark.",
        )


def _check_text(text: str) -> None:
    for double in ("[[", "]]"):
        if double in text:
            raise MarkError(
                f'The text has "{double}" at character {text.index(double)}, as only marks may.',
                "Put a space between the brackets.",
            )
