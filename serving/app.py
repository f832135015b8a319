"""The HTTP service around a scorer."""

from operator import attrgetter
from typing import Any

from fastapi import Depends, FastAPI
from pydantic.json_schema import models_json_schema

from model.scorer import Scorer
from serving import problems
from serving.deps import need_key
from serving.desk.guard import need_local
from serving.desk.mount import mount
from serving.figures import Figures
from serving.kept import KeepBatchIn, VerdictIn
from serving.problems import Problem
from serving.routes import about, ads, allowed, health, metrics, scores, uploads
from serving.schemas import AdIn, BatchIn
from serving.settings import Settings
from serving.shield import Shield
from serving.store.engine import Store
from serving.uploads.schemas import StartIn
from serving.uploads.shelf import Shelf
from serving.vouched import VouchIn
from serving.watch import Watch

ABOUT = (
    "Scores recruitment ads for the lures by which people are trafficked, and shows the phrases "
    "that drove each score. A score is about an ad, never about a person, and no ground for "
    "acting without a human look."
)


def create_app(scorer: Scorer, settings: Settings, store: Store | None = None) -> FastAPI:
    """The service that answers with `scorer`, for whoever the settings admit.

    Without a `store` there are no routes for ads that are kept.
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
    app.state.shelf = Shelf(settings.data)
    app.state.figures = Figures(scorer.version, store)
    problems.install(app)
    app.add_middleware(Shield)
    app.add_middleware(Watch, figures=app.state.figures)  # outermost: it sees refusals too
    locked = [Depends(need_key)] if settings.keys else []
    # What is kept must not be read by a web page that the analyst happens to look at.
    near = locked or [Depends(need_local)]
    refusals = problems.documented(401) if settings.keys else {}
    for router in (scores.router, about.router):
        app.include_router(router, prefix="/v1", dependencies=locked, responses=refusals)
    if store:
        refusals = refusals or problems.documented(403, 421)
        for router in (ads.router, allowed.router, uploads.router):
            app.include_router(router, prefix="/v1", dependencies=near, responses=refusals)
    app.include_router(health.router)
    app.include_router(metrics.router, dependencies=near)
    if store and settings.local and not settings.keys:  # keys say that a proxy may stand in front
        mount(app)
    return app


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document, with the schemas that FastAPI does not see because `JsonBody` reads."""
        document = super().openapi()
        kept = (KeepBatchIn, VerdictIn, StartIn, VouchIn) if self.state.store else ()
        bodies = (AdIn, BatchIn, *kept)
        _, unseen = models_json_schema(
            [(schema, "validation") for schema in (*bodies, Problem)],
            ref_template="#/components/schemas/{model}",
        )
        document["components"]["schemas"].update(unseen["$defs"])
        return document
