"""Queue: the ads that wait to be read, by filters that stand in the address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from pydantic import AwareDatetime
from starlette.responses import RedirectResponse, Response

from model.ad import Ad
from model.errors import BadAd
from model.score import BANDS
from serving.answers import attached
from serving.deps import FiguresDep, ScorerDep, StoreDep
from serving.desk.asked import FACETS, Asked, AskedDep
from serving.desk.check import refused
from serving.desk.done import finished
from serving.desk.faults import PageRoute
from serving.desk.forms import FormDep
from serving.desk.pages import DeskDep
from serving.desk.view import points
from serving.store import hidden, intake, queue
from serving.store.errors import BadQuestion
from serving.store.export import FORMS, export
from serving.store.intake import Received
from serving.store.values import STATUSES
from serving.who import PersonDep

router = APIRouter(route_class=PageRoute)

LENGTH = 25
EXCERPT = 220
MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its values with how many ads each would give, and the one in force."""

    name: str
    values: tuple[tuple[str, int], ...]
    chosen: str | None


@router.get("/queue")
def show(
    desk: DeskDep,
    store: StoreDep,
    scorer: ScorerDep,
    asked: AskedDep,
    caller: PersonDep,
    after: str | None = None,
    done: str = "",
    at: AwareDatetime | None = None,
) -> Response:
    """One page of the list."""
    page = queue.page(store, asked.where, asked.sort, after=after, limit=LENGTH)
    page = replace(page, ads=tuple(hidden.ad(each, caller) for each in page.ads))
    counts = queue.counts(store, asked.where)
    status = asked.where.status
    return desk.page(
        "queue.html",
        asked=asked,
        page=page,
        facets=tuple(_facets(counts, asked)),
        total=sum(n for value, n in counts["status"].items() if status in (None, value)),
        known={each.name: each.title for each in scorer.indicators},
        points=points,
        excerpt=EXCERPT,
        done=finished(store, done, caller, at=at),
    )


@router.post("/queue")
def add(
    desk: DeskDep, form: FormDep, store: StoreDep, scorer: ScorerDep, figures: FiguresDep
) -> Response:
    """Put a checked text into the queue, and show it there."""
    try:
        ad = Ad(form.one("text"))
    except BadAd:
        return refused(desk, form.one("text"))
    [stored] = intake.take(store, scorer, [Received(ad)])
    figures.scored([stored.band])
    return RedirectResponse(f"/ads/{stored.id}", 303)


@router.post("/queue/export")
def take_out(form: FormDep, store: StoreDep, asked: AskedDep, caller: PersonDep) -> Response:
    """The whole list as a file."""
    name = form.one("format")
    if name not in FORMS:
        raise BadQuestion(f"The format is {name[:40]!r}. Use one of {', '.join(FORMS)}.")
    return attached(FORMS[name], export(store, asked.where, FORMS[name], by=caller.name))


def _facets(counts: Mapping[str, Mapping[str, int]], asked: Asked) -> Iterator[Facet]:
    """The filters that part the list, and those in force."""
    for name in FACETS:
        chosen = getattr(asked.where, name)
        values = sorted(counts[name].items(), key=lambda each: _rank(name, *each))[:MOST_VALUES]
        if len(values) > 1 or chosen is not None:
            yield Facet(name, tuple(values), chosen)


def _rank(facet: str, value: str, count: int) -> int:
    """What has an order of its own keeps it; the rest stands by size."""
    orders = {"status": STATUSES, "band": BANDS[::-1]}
    return orders[facet].index(value) if facet in orders else -count
