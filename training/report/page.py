"""A report as one page of HTML that loads nothing and runs no script."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from training.figures import Figure
from training.report import charts
from training.report.markup import document, element
from training.report.parts import Bars, Cell, Dots, Lines, Part, Quote, Quotes, Section, Table

TITLE = "How well Lurewatch reads"


def render(head: str, glance: Table, sections: Sequence[Section]) -> str:
    """The whole page; `head` says what was measured."""
    links = [element("li", element("a", each.title, href=f"#{each.name}")) for each in sections]
    body = element(
        "body",
        element("h1", TITLE),
        element("p", head, class_="soft"),
        element("nav", element("ul", *links), aria_label="Sections"),
        element("main", _table(glance), *map(_section, sections)),
    )
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    top = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", TITLE),
        element("style", style),
    )
    return document(element("html", top, body, lang="en"))


def _section(section: Section) -> Element:
    heading = element("h2", section.title, id=section.name)
    method = element("p", section.method, class_="soft")
    return element("section", heading, method, *map(_part, section.parts))


def _part(part: Part) -> Element:
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Quotes):
        return _quotes(part)
    drawn = _chart(part)
    return element("figure", element("h3", part.title), drawn)


def _chart(part: Lines | Dots | Bars) -> Element:
    if isinstance(part, Lines):
        return charts.lines(part)
    return charts.dots(part) if isinstance(part, Dots) else charts.bars(part)


def _table(table: Table) -> Element:
    head = element("thead", element("tr", *(element("th", c, scope="col") for c in table.columns)))
    rows = (
        element("tr", element("th", str(row[0]), scope="row"), *map(_cell, row[1:]))
        for row in table.rows
    )
    grid = element("div", element("table", head, element("tbody", *rows)), class_="wide")
    note = [element("p", table.note, class_="soft")] if table.note else []
    return element("div", element("h3", table.title), *note, grid)


def _cell(cell: Cell) -> Element:
    if not isinstance(cell, Figure):
        return element("td", f"{cell:,}" if isinstance(cell, int) else cell)
    interval = [element("small", cell.interval)] if cell.interval else []
    return element("td", cell.main, *interval)


def _quotes(part: Quotes) -> Element:
    note = [element("p", part.note, class_="soft")] if part.note else []
    return element("details", element("summary", part.title), *note, *map(_quote, part.quotes))


def _quote(quote: Quote) -> Element:
    pieces: list[Element | str] = []
    place = 0
    for start, end, title in quote.spans:
        pieces += [quote.text[place:start], element("mark", quote.text[start:end])]
        pieces.append(element("sup", title))
        place = end
    text = element("p", *pieces, quote.text[place:], class_="text", dir="auto")
    return element("article", element("strong", quote.id), f" {quote.head}", text)
