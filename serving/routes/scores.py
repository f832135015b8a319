"""Score ads over HTTP.

One ad is scored on the event loop: that takes well under a millisecond, and a few for the longest
text, where a change of thread alone would cost a tenth of the request. A batch keeps a processor
busy for longer; its route is a plain `def`, which FastAPI runs on a worker thread, so that other
requests are still answered.
"""

from fastapi import APIRouter
from starlette.responses import Response

from serving import bodies
from serving.answers import answer, answers
from serving.deps import AdDep, BatchDep, FiguresDep, ScorerDep
from serving.limits import PROBLEMS
from serving.results import result
from serving.schemas import AdIn, BatchIn, BatchOut, ScoreOut

router = APIRouter(tags=["scores"])


@router.post("/score", responses=answers(ScoreOut, *PROBLEMS), openapi_extra=bodies.takes(AdIn))
async def score(ad_in: AdDep, scorer: ScorerDep, figures: FiguresDep) -> Response:
    """Score one ad, and say which phrases drove the risk."""
    ad = bodies.ad(ad_in)
    [scored] = scorer.score([ad])
    figures.scored([scored.band])
    return answer(result(scored, scorer.indicators, ad.text))


@router.post(
    "/score/batch", responses=answers(BatchOut, *PROBLEMS), openapi_extra=bodies.takes(BatchIn)
)
def score_batch(batch: BatchDep, scorer: ScorerDep, figures: FiguresDep) -> Response:
    """Score up to 1,000 ads; the results come in the order sent. One bad ad refuses them all."""
    ads = [bodies.ad(ad_in, "ads", place) for place, ad_in in enumerate(batch.ads)]
    scores = scorer.score(ads)
    figures.scored(each.band for each in scores)
    pairs = zip(scores, ads, strict=True)
    return answer({"scores": [result(scored, scorer.indicators, ad.text) for scored, ad in pairs]})
