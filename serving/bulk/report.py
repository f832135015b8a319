"""The report of a run: one HTML file that asks for nothing from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from model import artifact, indicators
from model.score import BANDS, FACTS
from serving.bulk import contacts, folder
from serving.bulk.finds import BINS, Finds
from serving.bulk.job import Job
from serving.bulk.tally import Tally
from serving.console import visible

TEMPLATE = "report.html"


def write(url: str, job: Job, tally: Tally, finds: Finds, *, masked: bool) -> None:
    """Write the report of a job to a file; `masked` hides contacts but for their ends."""
    place, name = folder.split(url)
    text = render(job, tally, finds, masked=masked)
    with place.publishing(name) as path:
        path.write_text(text, encoding="utf-8", errors="replace")


def render(job: Job, tally: Tally, finds: Finds, *, masked: bool) -> str:
    """The report as HTML. What stands in ads is text in it, and never markup."""
    model = Path(job.model)
    manifest = artifact.check(model)
    known = indicators.load(model / artifact.INDICATORS)
    hide = contacts.mask if masked else str
    environment = Environment(
        loader=PackageLoader("serving.bulk", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(
        tally=tally,
        bands=BANDS,
        risks=list(_bins(finds.risks)),
        thresholds=manifest["thresholds"],
        languages=sorted(finds.languages.items(), key=lambda item: (-item[1].total(), item[0])),
        indicators=_counted(finds.indicators, {each.name: each.title for each in known}),
        facts=_counted(finds.facts, FACTS),
        phrases=finds.phrases.top(2),
        texts=[(visible(hide(finds.excerpts.get(key, ""))), n) for key, n in finds.texts.top(2)],
        contacts=list(_contacts(finds, masked=masked)),
        short={
            "phrases": finds.phrases.short,
            "texts": finds.texts.short,
            "contacts": finds.contacts.short,
        },
        highest=[_marked(sample, hide) for sample in finds.highest],
        titles={each.name: each.title for each in known},
        version=job.version,
        limits=manifest["card"].get("limits", []),
        trained=manifest["languages"],
        masked=masked,
    )


def _bins(risks: Sequence[int]) -> Iterator[tuple[float, int, float]]:
    """Where each bin begins, its ads, and its height."""
    most = max(*risks, 1)
    for place, count in enumerate(risks):
        yield place / BINS, count, count / most


def _counted(counts: Mapping[str, int], titles: Mapping[str, str]) -> list[tuple[str, int]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(titles.get(name, name), count) for name, count in ordered]


def _contacts(finds: Finds, *, masked: bool) -> Iterator[tuple[str, str, int]]:
    for key, count in finds.contacts.top(2):
        kind, _, value = key.partition(":")
        yield kind, contacts.mask_value(value) if masked else visible(value), count


def _marked(sample: Mapping[str, Any], hide: Any) -> dict[str, Any]:
    """A sample with its text in pieces, each with whether it is a phrase that raised the risk."""
    text = hide(sample["text"])
    pieces, at = [], 0
    for start, end in sorted(sample["phrases"]):
        pieces += [(visible(text[at:start]), False), (visible(text[start:end]), True)]
        at = end
    return {**sample, "pieces": [*pieces, (visible(text[at:]), False)]}
