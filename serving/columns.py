"""Which column holds the ads: the one named, else a guess by name, else by content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from model.errors import LurewatchError
from serving.rows import Row

# The surest names first; a longer name counts by its last word (`job_description`).
NAMES = (
    *("text", "body", "description", "content", "message", "advert", "ad", "post", "desc"),
    *("текст", "описание", "объявление", "сообщение", "вакансия", "опис", "оголошення", "вакансія"),
    *("texto", "descripción", "descripcion", "anuncio", "mensaje", "contenido", "oferta"),
    *("descrição", "descricao", "anúncio", "mensagem", "conteúdo", "vaga"),
    *("内容", "正文", "文本", "描述", "职位描述", "岗位描述", "招聘信息", "信息"),
    *("texte", "annonce", "beschreibung", "anzeige", "testo", "annuncio"),
)


class BadColumn(LurewatchError):
    """A text column that is not there, or that cannot be guessed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The column chosen and why, so that it can be said aloud."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"Text column: {self.name!r} ({self.why})."


def choose(columns: Sequence[str], head: Sequence[Row], asked: str | None = None) -> Choice:
    """The column `asked` for, or the best guess from the names and the first rows."""
    if asked in columns:
        return Choice(str(asked), "as asked")
    guess = _by_name(columns, head) or _by_content(columns, head)
    if asked is None and guess:
        return guess
    raise BadColumn(_refusal(columns, asked, guess))


def _by_name(columns: Sequence[str], head: Sequence[Row]) -> Choice | None:
    worded = [name for name in columns if not head or _mean_length(name, head) > 0]
    whole = {name.strip().casefold(): name for name in reversed(worded)}
    last = {re.split(r"[\W_]+", name.casefold().strip())[-1]: name for name in reversed(worded)}
    for names in (whole, last):
        known = next((known for known in NAMES if known in names), None)
        if known:
            return Choice(names[known], "guessed by its name; --text-column takes another")
    return None


def _by_content(columns: Sequence[str], head: Sequence[Row]) -> Choice | None:
    lengths = {name: _mean_length(name, head) for name in columns}
    name = max(lengths, key=lengths.__getitem__, default="")
    if not lengths.get(name):
        return None
    why = f"guessed by its content, {lengths[name]:.0f} characters a row"
    return Choice(name, f"{why}; --text-column takes another")


def _mean_length(name: str, head: Sequence[Row]) -> float:
    cells = [row.cells.get(name) for row in head]
    texts = [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    return sum(map(len, texts)) / max(len(head), 1)


def _refusal(columns: Sequence[str], asked: str | None, guess: Choice | None) -> str:
    there = f"The columns are: {', '.join(columns)}." if columns else "There are no columns."
    if asked is None:
        return f"No column looks like the text of an ad. {there} Name it with --text-column."
    close = get_close_matches(asked, columns, n=1)
    best = close[0] if close else guess.name if guess else None
    return f"There is no column {asked!r}. {there}" + (f" Did you mean {best!r}?" if best else "")
