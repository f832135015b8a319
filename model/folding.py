"""Fold characters and words into one spelling, so that a disguise does not hide a word.

A character folds by itself, whatever stands beside it: NFKD, case, and no marks that people leave
out (accents, Arabic vowel signs, niqqud). So `é` and `e` + U+0301 fold alike, and й folds to и.
A word then loses look-alike letters of another script and digits that stand for letters.
"""

from functools import cache
from unicodedata import category, combining, normalize

#: Kinds of folded characters.
GAP, BREAK, WORD, SIGN = range(4)

#: Stand-ins, one token each, for a link, a mail address and a handle, and for the name of a place.
LINK, MAIL, HANDLE, PLACE = "\ue000", "\ue001", "\ue002", "\ue003"
_STAND_INS = LINK + MAIL + HANDLE + PLACE

_BREAKS = frozenset(".!?;|\n…。•।؟؛")
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")
_APOSTROPHES = frozenset("'’‘ʼ`´")
# Default-ignorable characters that are not of category Cf (Unicode, DerivedCoreProperties).
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_VARIATIONS = ((0xFE00, 0xFE0F), (0x180B, 0x180F), (0xE0100, 0xE01EF))
# Scripts written without spaces: every character is a token.
_SIGNS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x3FFFF),
)
# Letters that Unicode does not decompose, though readers and writers treat them as variants.
_PLAIN = dict(
    zip("łøđħıŧɑɡꞌᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "lodhitag'abcdeghijklmnoprstuvwyz", strict=True)
)
_PLAIN |= {"æ": "ae", "œ": "oe"}
# Letters in circles and squares that have no decomposition (U+1F150 …, U+1F170 …).
_BADGES = (0x1F150, 0x1F170)

_CYRILLIC_AS_LATIN = dict(zip("асеорхуікмтнвѕјһԛԝг", "aceopxyikmthbsjhqwr", strict=True))
_GREEK_AS_LATIN = dict(zip("αοεινκρτυχ", "aoeivkptux", strict=True))
TO_LATIN = _CYRILLIC_AS_LATIN | _GREEK_AS_LATIN
TO_CYRILLIC = {latin: other for other, latin in _CYRILLIC_AS_LATIN.items()} | {"u": "и", "n": "п"}
LEET_LATIN = dict(zip("013457", "oieast", strict=True))
LEET_CYRILLIC = dict(zip("0346", "озчб", strict=True))


@cache
def fold_char(char: str) -> str:
    """What one code point folds to: no, one or several characters, all of them folded."""
    folded = "".join(_settle(part) for part in normalize("NFKD", char).casefold())
    return folded if folded in ("", char) else "".join(map(fold_char, folded))


@cache
def kind(char: str) -> int:
    """The kind of a folded character: gap, sentence break, part of a word, or itself a token."""
    major = category(char)
    if char in _BREAKS:
        return BREAK
    if char in _STAND_INS or char == "%" or major == "Sc":
        return SIGN
    if major[0] not in "LMN":
        return GAP
    return SIGN if is_ideograph(char) else WORD


def is_ideograph(char: str) -> bool:
    """Whether the character belongs to a script that is written without spaces."""
    return category(char)[0] in "LM" and any(low <= ord(char) <= high for low, high in _SIGNS)


def is_hidden(char: str) -> bool:
    """Whether the character cannot be seen and so may split a word for a machine alone."""
    code = ord(char)
    return (
        category(char) == "Cf"
        or (category(char) == "Cc" and not char.isspace())
        or char in _UNSEEN
        or any(low <= code <= high for low, high in _VARIATIONS)
    )


def one_script(word: str) -> str:
    """Fold the look-alike letters of a folded word that mixes scripts into the script it means.

    That is the only script with letters that have no look-alike, else the one with more letters.
    """
    latin = [char for char in word if script(char) == "latin"]
    other = [char for char in word if script(char) in ("cyrillic", "greek")]
    if not latin or not other:
        return word
    latin_only = any(char not in TO_CYRILLIC for char in latin)
    other_only = any(char not in TO_LATIN for char in other)
    to_latin = len(latin) >= len(other) if latin_only == other_only else latin_only
    table = TO_LATIN if to_latin else TO_CYRILLIC
    return "".join(table.get(char, char) for char in word)


def no_leet(word: str) -> str:
    """Turn digits between letters back into letters: `w0rk`, `v1sa`. Words of under 4 are left."""
    letters = [script(char) for char in word if script(char)]
    if len(word) < 4 or len(letters) < 3:
        return word
    table = LEET_CYRILLIC if letters[0] == "cyrillic" else LEET_LATIN
    return "".join(
        table.get(char, char) if 0 < i < len(word) - 1 and _letters_around(word, i) else char
        for i, char in enumerate(word)
    )


def script(char: str) -> str:
    """The script of a folded letter where look-alikes matter: latin, cyrillic, greek, or none."""
    if "a" <= char <= "z":
        return "latin"
    if "\u0400" <= char <= "\u052f":
        return "cyrillic"
    return "greek" if "\u0370" <= char <= "\u03ff" else ""


def _letters_around(word: str, i: int) -> bool:
    left = i - 1
    while left > 0 and word[left].isdecimal():
        left -= 1
    right = i + 1
    while right < len(word) - 1 and word[right].isdecimal():
        right += 1
    return bool(script(word[left]) and script(word[right]))


def _settle(char: str) -> str:
    code = ord(char)
    if 0xE000 <= code <= 0xF8FF:
        return " "
    if is_hidden(char) or char in _APOSTROPHES or combining(char) not in (0, 9):
        return ""
    if char.isspace():
        return "\n" if char in _LINE_ENDS else " "
    badge = next((first for first in _BADGES if first <= code < first + 26), None)
    return chr(ord("a") + code - badge) if badge else _PLAIN.get(char, char)
