"""Texts with U+0000, which PostgreSQL cannot hold: it stands there as ␀, its places noted."""

from collections.abc import Sequence

NUL, SHOWN = "\x00", "\N{SYMBOL FOR NULL}"


def hide(text: str) -> tuple[str, list[int] | None]:
    """A text that every database holds, of the same length, and where it had U+0000."""
    places = [place for place, char in enumerate(text) if char == NUL] if NUL in text else None
    return text.replace(NUL, SHOWN), places


def show(text: str, places: Sequence[int] | None) -> str:
    """The text as it was received."""
    if not places:
        return text
    chars = list(text)
    for place in places:
        chars[place] = NUL
    return "".join(chars)
