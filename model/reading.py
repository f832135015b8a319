"""A text's tokens as Python sees them, for what need not be fast."""

from dataclasses import dataclass

from model import contact, walk
from model.tables import Tables
from model.texts import pack


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, ideograph or sign; `raw[start:end]` in code points is what it was read from.

    Tokens with the same `sentence` number have no sentence break between them.
    """

    text: str
    start: int
    end: int
    sentence: int


def read(raw: str, tables: Tables) -> list[Token]:
    """The tokens of a text, folded by the tables of a model or by `tables.build()`."""
    texts = pack([raw])
    room = walk.room(texts.longest)
    count, _ = walk.walk(tables, contact.classes(tables), texts.text, 0, texts.longest, room)
    return [
        Token(
            "".join(map(chr, room.chars[room.first[i] : room.last[i]])),
            int(room.start[i]),
            int(room.end[i]),
            int(room.sentence[i]),
        )
        for i in range(count)
    ]
