"""The figures of the service, for Prometheus."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from serving.deps import FiguresDep

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
def metrics(figures: FiguresDep) -> Response:
    """Tell the figures of this moment; a plain `def`, since the database may be slow or away."""
    return Response(figures.text(), media_type=CONTENT_TYPE_LATEST)
