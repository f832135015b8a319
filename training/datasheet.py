"""The tables of counts in a datasheet, between two markers, made from the records themselves."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from model.errors import BadData
from model.indicators import load
from training.data import Corpus, Record

BEGIN = "<!-- counts: written by lurewatch-train datasheet -->"
END = "<!-- end of counts -->"


def refresh(sheet: Path, corpus: Corpus) -> bool:
    """Rewrite the part of the file between the markers; whether anything changed."""
    old = sheet.read_text(encoding="utf-8")
    new = filled(old, corpus, name=str(sheet))
    if new != old:
        sheet.write_text(new, encoding="utf-8")
    return new != old


def filled(sheet: str, corpus: Corpus, *, name: str = "The sheet") -> str:
    """The text of a sheet with current tables between its markers."""
    head, begin, rest = sheet.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise BadData(f"{name} lacks the markers. Put {BEGIN} and {END} where tables belong.")
    return f"{head}{BEGIN}\n\n{tables(corpus)}\n\n{END}{tail}"


def tables(corpus: Corpus) -> str:
    """The counts as Markdown: by language, kind, writer's set, sector and indicator."""
    languages = sorted({record.language for record in corpus.records})
    order = [indicator.name for indicator in load()]
    breakdowns: list[tuple[str, Callable[[Record], Iterable[str]], list[str]]] = [
        ("kind", lambda record: [record.kind], []),
        ("writer's set", lambda record: [record.writer], []),
        ("sector", lambda record: [record.sector], []),
        ("indicator", lambda record: record.indicators, order),
    ]
    return "\n\n".join(
        [_overview(corpus, languages)]
        + [_breakdown(corpus, languages, *breakdown) for breakdown in breakdowns]
    )


def _overview(corpus: Corpus, languages: list[str]) -> str:
    groups: list[tuple[str, list[Record]]] = [
        (each, [record for record in corpus.records if record.language == each])
        for each in languages
    ]
    rows = [
        [
            name,
            f"{len(records):,}",
            f"{sum(record.label for record in records):,}",
            f"{sum(not record.label for record in records):,}",
            f"{sum(record.hard for record in records):,}",
            f"{sum(record.pair is not None for record in records):,}",
        ]
        for name, records in [*groups, ("all", list(corpus.records))]
    ]
    heads = ["language", "texts", "deceptive", "legitimate", "hard", "in a pair"]
    return f"### By language\n\n{_table(heads, rows)}"


def _breakdown(
    corpus: Corpus,
    languages: list[str],
    title: str,
    values: Callable[[Record], Iterable[str]],
    order: list[str],
) -> str:
    counts = Counter(
        (value, language, record.label)
        for record in corpus.records
        for value in values(record)
        for language in (record.language, "all")
    )
    names = order or sorted({value for value, _, _ in counts})
    rows = [
        [name, *(_cell(counts, name, language) for language in ["all", *languages])]
        for name in names
    ]
    heads = [title, "all", *languages]
    return f"### By {title}: deceptive / legitimate\n\n{_table(heads, rows)}"


def _cell(counts: Counter[tuple[str, str, bool]], name: str, language: str) -> str:
    deceptive, legitimate = counts[name, language, True], counts[name, language, False]
    return f"{deceptive:,} / {legitimate:,}" if deceptive or legitimate else "-"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, rule, *rows])
