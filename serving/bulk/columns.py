"""Which columns hold the ads: those named, else a guess of one by name, else by content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from serving.bulk.errors import BadColumn
from serving.bulk.rows import Row

# The surest names first; a longer name counts by its last word (`job_description`).
NAMES = (
    *("text", "body", "description", "content", "message", "advert", "ad", "post", "desc"),
    *("текст", "описание", "объявление", "сообщение", "вакансия", "опис", "оголошення", "вакансія"),
    *("texto", "descripción", "descripcion", "anuncio", "mensaje", "contenido", "oferta"),
    *("descrição", "descricao", "anúncio", "mensagem", "conteúdo", "vaga"),
    *("内容", "正文", "文本", "描述", "职位描述", "岗位描述", "招聘信息", "信息"),
    *("texte", "annonce", "beschreibung", "anzeige", "testo", "annuncio"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns chosen, whose texts are joined, and why, so that it can be said aloud."""

    names: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        columns = "Text column" if len(self.names) == 1 else "Text columns"
        return f"{columns}: {' + '.join(map(repr, self.names))} ({self.why})."


def choose(columns: Sequence[str], sample: Sequence[Row], asked: Sequence[str] = ()) -> Choice:
    """The columns `asked` for, or the best guess from the names and the first rows.

    Raises `BadColumn` for one that is not there, or if no column looks like the text of an ad.
    """
    guess = _by_name(columns, sample) or _by_content(columns, sample)
    for name in asked:
        check(columns, name, near=guess.names if guess else ())
    if asked:
        return Choice(tuple(dict.fromkeys(asked)), "as asked")
    if guess is None:
        raise BadColumn(
            f"No column looks like the text of an ad. {_there(columns)} Name it with --text-column."
        )
    return guess


def check(columns: Sequence[str], name: str, *, near: Sequence[str] = ()) -> None:
    """Raise `BadColumn` if there is no such column; it proposes what is spelt alike, or `near`."""
    if name not in columns:
        best = [*get_close_matches(name, columns, n=1), *near][:1]
        hint = f" Did you mean {best[0]!r}?" if best else ""
        raise BadColumn(f"There is no column {name!r}. {_there(columns)}{hint}")


def _by_name(columns: Sequence[str], sample: Sequence[Row]) -> Choice | None:
    worded = [name for name in columns if not sample or _mean_length(name, sample) > 0]
    whole = {name.strip().casefold(): name for name in reversed(worded)}
    last = {re.split(r"[\W_]+", name.casefold().strip())[-1]: name for name in reversed(worded)}
    for names in (whole, last):
        known = next((known for known in NAMES if known in names), None)
        if known:
            return Choice((names[known],), "guessed by its name; --text-column takes another")
    return None


def _by_content(columns: Sequence[str], sample: Sequence[Row]) -> Choice | None:
    lengths = {name: _mean_length(name, sample) for name in columns}
    name = max(lengths, key=lengths.__getitem__, default="")
    if not lengths.get(name):
        return None
    why = f"guessed by its content, {lengths[name]:.0f} characters a row"
    return Choice((name,), f"{why}; --text-column takes another")


def _mean_length(name: str, sample: Sequence[Row]) -> float:
    cells = [row.cells.get(name) for row in sample]
    texts = [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    return sum(map(len, texts)) / max(len(sample), 1)


def _there(columns: Sequence[str]) -> str:
    return f"The columns are: {', '.join(columns)}." if columns else "There are no columns."
