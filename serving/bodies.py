"""What a route takes: the schema of its body, and the ads in it."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from model.ad import Ad
from model.errors import BadAd
from serving.schemas import AdIn


def takes(schema: type[BaseModel]) -> dict[str, Any]:
    """What the document says of a body that `JsonBody` reads."""
    reference = {"$ref": f"#/components/schemas/{schema.__name__}"}
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}
    }


def ad(ad_in: AdIn, *where: str | int) -> Ad:
    """The ad that stands at a place in a body; raises what becomes a problem with status 422."""
    try:
        return ad_in.to_ad()
    except BadAd as error:
        fault = {"loc": ("body", *where, "text"), "msg": str(error), "type": "bad_ad"}
        raise RequestValidationError([fault]) from None
