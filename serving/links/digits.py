"""Digits as people disguise them: written out, with letters for digits."""

import re
from functools import cache

from model.folding import fold_char
from serving.links.view import View

#: The words for 0 to 9; variants stand together, joined by a slash.
_WORDS = (
    "zero/oh one two three four five six seven eight nine",
    "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zero um dois tres quatro cinco seis/meia sete oito nove",
    "ноль/нуль один два три четыре пять шесть семь восемь девять",
    "нуль один два три чотири п'ять шість сім вісім дев'ять",
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
    "nol/kosong satu dua tiga empat lima enam tujuh delapan sembilan",
    "sero isa dalawa tatlo apat lima anim pito walo siyam",
    "صفر واحد اثنان/اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة",
    "शून्य एक दो तीन चार पांच/पाँच छह/छः सात आठ नौ",
)
#: In Chinese every digit is one character.
_SIGNS = dict(zip("零〇一幺二三四五六七八九", "001123456789", strict=True))
#: A number has at least so many digits.
_LEAST = 7
#: A word with digits among letters that look like digits: "o77oo".
_MIXED = re.compile(r"(?<!\w)(?=[oil]*\d)[\doil]{3,}(?!\w)")
_LETTERS = str.maketrans("oil", "011")


def plain(view: View) -> View:
    """The view with digits where a run of at least seven was written in another way."""
    text = _MIXED.sub(lambda word: word[0].translate(_LETTERS), view.text)
    parts: list[str] = []
    at, to = list[int](), list[int]()
    done = 0
    for run in _runs().finditer(text):
        if run[0].isascii() and not re.search(r"[a-z]", run[0]):
            continue  # digits alone: how they are grouped says something
        parts.append(text[done : run.start()])
        at += view.at[done : run.start()]
        to += view.to[done : run.start()]
        for item in _item().finditer(text, *run.span()):
            parts.append(_values().get(item[0], item[0]))
            at.append(view.at[item.start()])
            to.append(view.to[item.end() - 1])
        done = run.end()
    return View("".join(parts) + text[done:], [*at, *view.at[done:]], [*to, *view.to[done:]])


@cache
def _values() -> dict[str, str]:
    words = {
        "".join(map(fold_char, word)): str(digit)
        for line in _WORDS
        for digit, words in enumerate(line.split())
        for word in words.split("/")
    }
    return words | _SIGNS


@cache
def _item() -> re.Pattern[str]:
    words = "|".join(sorted((word for word in _values() if len(word) > 1), key=len, reverse=True))
    return re.compile(rf"\b(?:{words})\b|[{''.join(_SIGNS)}\d]")


@cache
def _runs() -> re.Pattern[str]:
    one = _item().pattern
    return re.compile(rf"(?:(?:{one})[\s,.\-]{{0,2}}){{{_LEAST - 1},}}(?:{one})")
