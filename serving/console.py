"""Print one score for people: the risk, what was found, and where in the text.

The text comes from strangers: nothing of it reaches the terminal as a control code or as markup.
Everything colour says is also said by signs, for pipes and for eyes that do not see it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from unicodedata import category

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.score import FACTS, Band, Phrase, Score
from serving import flat

if TYPE_CHECKING:
    from model.indicators import Indicator

BAR = 20
_BAND_STYLES: dict[Band, str] = {"low": "green", "review": "yellow", "high": "bold red"}
_RAISING = "underline red"
_NOT_A_VERDICT = (
    "The score is about the words of this ad. It is not a verdict on anyone, "
    "and no ground to act on by itself."
)


def show(console: Console, score: Score, text: str, indicators: Sequence["Indicator"]) -> None:
    """Print `score` of the ad `text`; `indicators` gives each one's title and strength."""
    titles = {indicator.name: indicator.title for indicator in indicators}
    raising = flat.raising(score)
    console.print(_risk(score, ascii_only=console.options.ascii_only))
    console.print()
    console.print(_indicators(score, indicators))
    console.print()
    console.print(Padding(_marked(text, raising), (0, 2)), soft_wrap=False)
    console.print()
    if score.phrases:
        console.print(_legend(score, titles))
        console.print()
    for sentence in (*_facts(score), _NOT_A_VERDICT):
        console.print(Text(sentence))
    console.print(Text(f"Model {score.model}", style="dim"))


def visible(text: str) -> str:
    """`text` with each character that a terminal might obey, or not show, as `<U+....>`."""
    return "".join(map(_visible, text.replace("\r\n", "\n")))


def _visible(char: str) -> str:
    if char in "\n\t" or category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
        return char
    return f"<U+{ord(char):04X}>"


def _risk(score: Score, *, ascii_only: bool) -> Text:
    full, empty = ("#", ".") if ascii_only else ("█", "░")
    filled = round(score.risk * BAR)
    style = _BAND_STYLES[score.band]
    bar = (full * filled + empty * (BAR - filled), style)
    return Text.assemble("Risk ", (f"{score.risk:.3f}", "bold"), " ", bar, " ", (score.band, style))


def _indicators(score: Score, indicators: Sequence["Indicator"]) -> Table | Text:
    known = {indicator.name: indicator for indicator in indicators}
    if not score.found:
        return Text("No indicator was found.")
    table = Table("Indicator", "Strength", "Score", box=None, pad_edge=False)
    for value, name in flat.found(score):
        table.add_row(known[name].title, known[name].strength, f"{value:.2f}")
    return table


def _marked(text: str, phrases: Sequence[Phrase]) -> Text:
    """The text with each phrase as `[number: phrase]`, underlined and coloured."""
    marked, at = Text(), 0
    for number, phrase in sorted(enumerate(phrases, 1), key=lambda pair: pair[1].start):
        marked.append(visible(text[at : phrase.start]))
        marked.append(f"[{number}: ", style="dim")
        marked.append(visible(text[phrase.start : phrase.end]), style=_RAISING)
        marked.append("]", style="dim")
        at = phrase.end
    return marked.append(visible(text[at:]))


def _legend(score: Score, titles: dict[str, str]) -> Table:
    """The phrases by number; those that lower the risk follow, dim and without one."""
    table = Table("", "Phrase", "Moves the log-odds", "Shows", box=None, pad_edge=False)
    for number, phrase in enumerate(flat.phrases(score), 1):
        raises = phrase.contribution > 0
        shows = ", ".join(
            f"{titles.get(name, name)} {score.indicators[name] or 0:.2f}"
            for name in phrase.indicators
        )
        table.add_row(
            f"{number}" if raises else "",
            Text(" ".join(visible(phrase.text).split()), style=_RAISING if raises else ""),
            f"{phrase.contribution:+.2f}",
            Text(shows or "no single indicator"),
            style="" if raises else "dim",
        )
    return table


def _facts(score: Score) -> Iterator[str]:
    code = score.language.code
    yield "The language cannot be told." if code == "und" else f"Language: {code}."
    for fact in score.facts:
        yield FACTS[fact]
