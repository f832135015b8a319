"""The names of places, of their people and languages, which the model reads as one sign.

Where somebody comes from or goes to is never a sign of a lure. The list is `places.toml`; this
module reads it, writes its short forms out and refuses what is not right.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from model import contact, mask, walk
from model.errors import BadPlaces
from model.folding import WORD, fold_char, is_ideograph, kind
from model.tables import Tables, build
from model.texts import pack

VERSION = 1
#: The longest name in tokens, as the kernel counts them: every ideograph is one.
MOST_TOKENS = 5


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The folding tables with the names that come with the package. Takes seconds, once."""
    return with_names(build(), load())


def with_names(base: Tables, names: Sequence[str]) -> Tables:
    """The tables by which each of these names is read as one sign."""
    rows: dict[int, bool] = {}  # the hash of a name, or of what one begins with; whether it is one
    for *begun, whole in _hashes(base, names):
        for row in begun:
            rows.setdefault(row, False)
        rows[whole] = True
    size = 2 << len(rows).bit_length()
    made = base._replace(
        names=np.zeros(size, np.uint64),
        ends=np.zeros(size, np.bool_),
        sieve=np.zeros(max(1, size // 8), np.uint64),
    )
    keys, ends = np.array([*rows], np.uint64), np.array([*rows.values()], np.bool_)
    mask.fill(made, keys, ends)
    return made


def load(path: Path | None = None) -> tuple[str, ...]:
    """Every name of a file once, in its order; without a path, those that come with the package.

    Names are spelled as people write them: fold and split them like a text before comparing.
    """
    path = path or Path(__file__).with_name("places.toml")
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadPlaces(
            f"{path} cannot be read: {error}. Give a file in UTF-8 that exists."
        ) from error
    except BadPlaces as error:
        raise BadPlaces(f"{path}: {error}") from error


def parse(text: str) -> tuple[str, ...]:
    """The names of a TOML text; raises `BadPlaces` for the first fault."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPlaces(f"This is not TOML: {error}. Mend that line.") from error
    if table.get("version") != VERSION:
        raise BadPlaces(
            f"version is {table.get('version')!r}. Write version = {VERSION} at the top."
        )
    del table["version"]
    endings = dict(_texts("endings", table.pop("endings", {})))
    forms: dict[str, None] = {}
    for where, names in _texts("", table):
        forms |= _forms(where, names, endings)
    return tuple(forms)


def _hashes(base: Tables, names: Sequence[str]) -> Iterator[list[int]]:
    """For each name the hashes of its first token, its first two and so on."""
    texts = pack(names)
    room, classes = walk.room(texts.longest), contact.classes(base)
    for begin, end in zip(texts.ends[:-1], texts.ends[1:], strict=True):
        count, _ = walk.walk(base, classes, texts.text, begin, end, room)
        rows = np.empty(count, np.uint64)
        mask.begun(room.hash, rows)
        yield rows.tolist()


def _texts(where: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts in tables and in tables of these, with where each stands: `countries.kh.en`."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(f"{where}.{key}".lstrip("."), part)
    else:
        raise BadPlaces(f"{where} is {value!r}. Write a text of names with commas between.")


def _forms(where: str, names: str, endings: Mapping[str, str]) -> dict[str, None]:
    """The names of one text with every ending and group written out."""

    def group(match: re.Match[str]) -> str:
        if (row := endings.get(f"endings.{match[1]}")) is None:
            raise BadPlaces(f"{where}: {match[0]} is not under [endings]. Add it or mend it.")
        return f"{{{row}}}"

    found: dict[str, None] = {}
    written = re.sub("<([^<>]*)>", group, names)
    for name in re.split(r",(?![^{}]*\})", written):  # commas outside braces
        for form in _expand(where, " ".join(name.split())):
            if form in found:
                raise BadPlaces(f"{where}: {form!r} stands twice. Remove one of them.")
            if not 1 <= (tokens := _tokens(form)) <= MOST_TOKENS:
                raise BadPlaces(f"{where}: {form!r} has {tokens} tokens. Give 1 to {MOST_TOKENS}.")
            found[form] = None
    return found


def _expand(where: str, name: str) -> Iterator[str]:
    """`Nepal{,i}` as `Nepal` and `Nepali`; a group holds no other."""
    if not re.fullmatch(r"(?:[^{}<>]|\{[^{}<>]*\})*", name):
        raise BadPlaces(f"{where}: {name!r} has a brace or bracket left over. Close or remove it.")
    parts = re.split(r"[{}]", name)  # text, group, text, group, …, text
    choices = (part.split(",") if i % 2 else [part] for i, part in enumerate(parts))
    return map("".join, product(*choices))


def _tokens(form: str) -> int:
    """How many words and ideographs; a name has no other signs."""
    count, inside = 0, False
    for char in "".join(map(fold_char, form)):
        word = kind(char) == WORD
        count += is_ideograph(char) or (word and not inside)
        inside = word
    return count
