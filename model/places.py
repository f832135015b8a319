"""The names of places, of their people and languages, which the model reads as one sign.

Where somebody comes from or goes to is never a sign of a lure. The list is `places.toml`; this
module reads it, writes its short forms out and refuses what is not right.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from model.errors import BadPlaces
from model.folding import WORD, fold_char, is_ideograph, kind

VERSION = 1
#: The longest name in tokens, as the kernel counts them: every ideograph is one.
MOST_TOKENS = 5


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
