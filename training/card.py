"""The model card: what a user of a model should know, as a page of Markdown."""

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from model import indicators
from training.data import Corpus
from training.evaluate import Report
from training.figures import Figure
from training.learn import Labels
from training.report.parts import Table, slices

LIMITS = (
    "The score is about the advertisement and the words it uses. It is no finding about a person.",
    "It was trained on texts written for this project, not on real ones; nobody has reviewed them "
    "who speaks the language natively.",
    "The risk is calibrated on those texts, in which every second one is deceptive. Among real "
    "ads lures are rare, so far fewer than `risk` of the ads at that risk are lures.",
    "A low score clears nobody: bait that states no terms, and schemes not in the texts, pass.",
    "In a language not among `languages` the score is a guess; `facts` holds `language_unknown`.",
)

_INTRO = """# Model card

This model reads recruitment advertisements and messages and estimates the risk that an ad is a
lure by which people are trafficked, shows which indicators it finds, and the phrases that drove
both. It helps people who triage ads to look at the likeliest first.

**Do not** act on a score alone, score persons, or use it to decide on anyone's migration, work or
credit. The score is about the words of an ad.
"""


def about(corpus: Corpus, labels: Labels, metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What a user of the model should know, JSON-ready; no date, so that a fit can be repeated."""
    by_language = Counter(record.language for record in corpus.records)
    names = [each.name for each in indicators.load()]
    return {
        "name": "lurewatch",
        "made_with": {name: version(name) for name in ("lurewatch", "numpy", "scikit-learn")},
        "data": {
            "fingerprint": corpus.fingerprint(),
            "texts": len(corpus.records),
            "deceptive": int(labels.values[:, 0].sum()),
            "languages": dict(sorted(by_language.items())),
        },
        "untrained": [name for name in names if name not in labels.names],
        "metrics": metrics,
        "limits": list(LIMITS),
    }


def write(card: Mapping[str, Any], method: str, tables: Iterable[Table]) -> str:
    """The card of a model, of what `about` says, and of figures with how they were measured."""
    data, untrained = card["data"], card["untrained"]
    languages = ", ".join(f"{code} {count}" for code, count in data["languages"].items())
    parts = [
        _INTRO,
        "## Data\n",
        f"{data['texts']:,} labelled texts, {data['deceptive']:,} of them deceptive. By language: "
        f"{languages}. Fingerprint `{data['fingerprint'][:16]}`.\n",
        "## Figures\n",
        f"Method: {method}. In brackets 95 % intervals, where they were asked for.\n",
        *(_table(each) for each in tables),
        "## Limits\n",
        "\n".join(f"- {limit}" for limit in card["limits"]),
    ]
    if untrained:
        titles = [each.title for each in indicators.load() if each.name in untrained]
        parts.append(f"- Not trained for want of examples: {'; '.join(titles)}.")
    return "\n".join(parts) + "\n"


def tables(report: Report) -> list[Table]:
    """The figures of a fit, by language, indicator and band."""
    return [
        slices("Risk", "language", (report.overall, *report.languages)),
        slices("Indicators", "indicator", report.indicators),
        bands(report),
    ]


def bands(report: Report) -> Table:
    """The share of each side that reaches each band."""
    sides = ("deceptive", "legitimate")
    rows = tuple(
        (band, *(Figure(shares[each], share=True) if each in shares else "none" for each in sides))
        for band, shares in report.bands.items()
    )
    return Table("Bands", ("band", *(f"{side} texts" for side in sides)), rows)


def _table(table: Table) -> str:
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    rows = [
        "| " + " | ".join(str(cell).replace("|", r"\|") for cell in row) + " |" for row in lines
    ]
    note = [table.note, ""] if table.note else []
    return "\n".join([f"### {table.title}", "", *note, *rows, ""])
