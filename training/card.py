"""The model card: what a user of a model should know, as a page of Markdown."""

from collections.abc import Mapping
from typing import Any

from model.indicators import Indicator
from training.evaluate import TOO_FEW, Report, Slice

_INTRO = """# Model card

This model reads recruitment advertisements and messages and estimates the risk that an ad is a
lure by which people are trafficked, shows which indicators it finds, and the phrases that drove
both. It helps people who triage ads to look at the likeliest first.

**Do not** act on a score alone, score persons, or use it to decide on anyone's migration, work or
credit. The score is about the words of an ad.
"""


def write(card: Mapping[str, Any], report: Report, indicators: tuple[Indicator, ...]) -> str:
    """The card of a fitted model, from the same figures that its manifest holds."""
    data, untrained = card["data"], card["untrained"]
    languages = ", ".join(f"{code} {count}" for code, count in data["languages"].items())
    parts = [
        _INTRO,
        "## Data\n",
        f"{data['texts']:,} labelled texts, {data['deceptive']:,} of them deceptive. By language: "
        f"{languages}. Fingerprint `{data['fingerprint'][:16]}`.\n",
        "## Figures\n",
        f"Method: {report.method}. In brackets 95 % intervals, where they were asked for.\n",
        _table("language", (report.overall, *report.languages)),
        _table("indicator", report.indicators),
        _bands(report),
        "## Limits\n",
        "\n".join(f"- {limit}" for limit in card["limits"]),
    ]
    if untrained:
        titles = [each.title for each in indicators if each.name in untrained]
        parts.append(f"- Not trained for want of examples: {'; '.join(titles)}.")
    return "\n".join(parts) + "\n"


def _table(first: str, rows: tuple[Slice, ...]) -> str:
    lines = [
        f"| {first} | yes | no | ROC AUC | average precision | F1 |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        figures = " | ".join(str(each or TOO_FEW) for each in (row.auc, row.precision, row.f1))
        lines.append(f"| {row.name} | {row.positive} | {row.negative} | {figures} |")
    return "\n".join(lines) + "\n"


def _bands(report: Report) -> str:
    lines = ["| band | deceptive texts | legitimate texts |", "|---|---|---|"]
    for band, shares in report.bands.items():
        cells = " | ".join(
            f"{shares[side]:.1%}" if side in shares else "none"
            for side in ("deceptive", "legitimate")
        )
        lines.append(f"| {band} | {cells} |")
    return "\n".join(lines) + "\n"
