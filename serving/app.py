"""The HTTP service around a scorer."""

from operator import attrgetter
from typing import Any

from fastapi import Depends, FastAPI, Security
from pydantic.json_schema import models_json_schema

from model.scorer import Scorer
from serving import problems
from serving.deps import BEARER, HEADER
from serving.desk.mount import mount
from serving.figures import Figures
from serving.grouped import AssignIn, MergeIn, MomentIn, SplitIn, VerdictForAllIn
from serving.kept import KeepBatchIn, VerdictIn
from serving.known import Known
from serving.pace import Pace
from serving.problems import Problem
from serving.routes import about, ads, allowed, campaigns, health, metrics, scores, uploads
from serving.schemas import AdIn, BatchIn
from serving.settings import Settings
from serving.shield import Shield
from serving.store import people
from serving.store.engine import Store
from serving.uploads.schemas import StartIn
from serving.uploads.shelf import Shelf
from serving.vouched import VouchIn
from serving.watch import Watch
from serving.who import by_key

ABOUT = (
    "Scores recruitment ads for the lures by which people are trafficked, and shows the phrases "
    "that drove each score. A score is about an ad, never about a person, and no ground for "
    "acting without a human look."
)


def create_app(scorer: Scorer, settings: Settings, store: Store | None = None) -> FastAPI:
    """The service that answers with `scorer`, for whoever the settings and the store admit.

    Without a `store` there is no desk, and there are no routes for ads that are kept.
    """
    # FastAPI's /docs and /redoc load scripts from a third party; /openapi.json needs none.
    app = _Service(
        title="Lurewatch",
        description=ABOUT,
        version="1",  # of the interface, as in /v1
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=attrgetter("name"),
    )
    app.state.scorer = scorer
    app.state.keys = settings.keys
    app.state.store = store
    anybody = store is not None and people.there_are(store)
    app.state.known = Known(store, anybody=anybody)
    app.state.pace = Pace()
    app.state.shelf = Shelf(settings.data)
    app.state.figures = Figures(scorer.version, store)
    problems.install(app)
    app.add_middleware(Shield)
    app.add_middleware(Watch, figures=app.state.figures)  # outermost: it sees refusals too
    by = [Depends(by_key)]
    refusals = problems.documented(403, 421) if store else {}
    if settings.keys or anybody:
        by += [Security(BEARER), Security(HEADER)]  # for the document alone
        refusals = problems.documented(401, 403, 429)
    kept = (ads.router, campaigns.router, allowed.router, uploads.router) if store else ()
    for router in (scores.router, about.router, *kept):
        app.include_router(router, prefix="/v1", dependencies=by, responses=refusals)
    app.include_router(health.router)
    app.include_router(metrics.router, dependencies=by)
    if store:
        mount(app)
    return app


#: The bodies that routes of kept ads read.
_KEPT = (
    *(KeepBatchIn, VerdictIn, StartIn, VouchIn),
    *(AssignIn, VerdictForAllIn, MomentIn, MergeIn, SplitIn),
)


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document, with the schemas that FastAPI does not see because `JsonBody` reads."""
        document = super().openapi()
        kept = _KEPT if self.state.store else ()
        bodies = (AdIn, BatchIn, *kept)
        _, unseen = models_json_schema(
            [(schema, "validation") for schema in (*bodies, Problem)],
            ref_template="#/components/schemas/{model}",
        )
        document["components"]["schemas"].update(unseen["$defs"])
        return document
