"""The words of a text, as the full-text index of either database holds and asks for them.

Case, accents and width do not count. Ideographs are indexed in pairs, since no space parts them.
"""

import re
from unicodedata import category, normalize

from sqlalchemy import ColumnElement, Connection, cast, column, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

MAX_WORD = 60
HITS = 2_000  # the newest ads with the words asked for are looked through, this many

_words = table("words", column("rowid"))
_ACCENTS = re.compile("[\u0300-\u036f]")
_IDEOGRAPHS = re.compile("([\u3040-\u30ff\u3400-\u9fff]+)")


def of(raw: str) -> list[str]:
    """The words of a text, each once."""
    folded = _ACCENTS.sub("", normalize("NFKD", raw)).casefold().translate(_SPACES)
    runs = folded.split()
    if _IDEOGRAPHS.search(folded):
        parts = (part for run in runs for part in _IDEOGRAPHS.split(run) if part)
        runs = [word for part in parts for word in _pairs(part)]
    return list(dict.fromkeys(word[:MAX_WORD] for word in runs))


def add(connection: Connection, raw: dict[int, str]) -> None:
    """Index texts by the `seq` of their ads."""
    rows = [{"seq": seq, "terms": " ".join(of(each))} for seq, each in raw.items()]
    statement = "INSERT INTO words (rowid, terms) VALUES (:seq, :terms)"
    if connection.dialect.name == "postgresql":
        statement = statement.replace(":terms", "array_to_tsvector(string_to_array(:terms, ' '))")
    connection.execute(text(statement), rows)


def remove(connection: Connection, raw: dict[int, str]) -> None:
    """Take texts out of the index; they are what was put in."""
    rows = [{"seq": seq, "terms": " ".join(of(each))} for seq, each in raw.items()]
    statement = "INSERT INTO words (words, rowid, terms) VALUES ('delete', :seq, :terms)"
    if connection.dialect.name == "postgresql":
        statement = "DELETE FROM words WHERE rowid = :seq"
    connection.execute(text(statement), rows)


def hits(connection: Connection, query: str) -> list[int]:
    """The `seq` of the newest ads that hold all words of a query, or of all ads if it has none.

    At most one more than `HITS`: then there are too many to look through.
    """
    found = select(_words.c.rowid).order_by(_words.c.rowid.desc()).limit(HITS + 1)
    if asked := of(query):
        found = found.where(_holds(connection, asked))
    return list(connection.execute(found).scalars())


class _Spaces(dict[int, int]):
    """Each character that is neither letter, digit nor vowel sign, as a space."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        self[code] = code if char.isalnum() or category(char)[0] == "M" else ord(" ")
        return self[code]


_SPACES = _Spaces()


def _pairs(part: str) -> list[str]:
    if not _IDEOGRAPHS.fullmatch(part) or len(part) == 1:
        return [part]
    return [part[at : at + 2] for at in range(len(part) - 1)]


def _holds(connection: Connection, asked: list[str]) -> ColumnElement[bool]:
    if connection.dialect.name == "postgresql":
        quoted = " & ".join(f"'{word}'" for word in asked)
        return literal_column("terms").op("@@")(cast(quoted, TSQUERY))
    return literal_column("words").op("MATCH")(" ".join(f'"{word}"' for word in asked))
