"""Score ads over HTTP.

One ad is scored on the event loop: that takes well under a millisecond, and a few for the longest
text, where a change of thread alone would cost a tenth of the request. A batch keeps a processor
busy for longer; its route is a plain `def`, which FastAPI runs on a worker thread, so that other
requests are still answered.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from model.ad import Ad
from model.errors import BadAd
from serving.answers import answer, answers
from serving.deps import AdDep, BatchDep, ScorerDep
from serving.limits import PROBLEMS
from serving.results import result
from serving.schemas import AdIn, BatchIn, BatchOut, ScoreOut

router = APIRouter(tags=["scores"])


def _takes(schema: type[AdIn] | type[BatchIn]) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema.__name__}"}
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}
    }


@router.post("/score", responses=answers(ScoreOut, *PROBLEMS), openapi_extra=_takes(AdIn))
async def score(ad_in: AdDep, scorer: ScorerDep) -> Response:
    """Score one ad, and say which phrases drove the risk."""
    ad = _ad(ad_in)
    [scored] = scorer.score([ad])
    return answer(result(scored, scorer.indicators, ad.text))


@router.post("/score/batch", responses=answers(BatchOut, *PROBLEMS), openapi_extra=_takes(BatchIn))
def score_batch(batch: BatchDep, scorer: ScorerDep) -> Response:
    """Score up to 1,000 ads; the results come in the order sent. One bad ad refuses them all."""
    ads = [_ad(ad_in, "ads", place) for place, ad_in in enumerate(batch.ads)]
    pairs = zip(scorer.score(ads), ads, strict=True)
    return answer({"scores": [result(scored, scorer.indicators, ad.text) for scored, ad in pairs]})


def _ad(ad_in: AdIn, *where: str | int) -> Ad:
    try:
        return ad_in.to_ad()
    except BadAd as error:
        fault = {"loc": ("body", *where, "text"), "msg": str(error), "type": "bad_ad"}
        raise RequestValidationError([fault]) from None
