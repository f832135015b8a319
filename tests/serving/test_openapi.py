from copy import deepcopy

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from serving.app import create_app
from serving.settings import Settings

# No time limits on single examples: the machine may be busy with other tests.
BOUNDED = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# A body that is wrong *and* longer than 1 MB is refused for its length, before it is read.
# No schema can say which phone number exists, which day is over, or who may log in.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"negative_data_rejection": {"expected-statuses": [400, 413, 422]}},
        "operations": [
            {
                "include-name": name,
                "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 404, 422]}},
            }
            for name in ("POST /v1/allowed", "POST /v1/ads/{id}/assign")
        ],
    }
)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_the_service_does_what_its_document_says(scorer, store, tmp_path, mode):
    app = create_app(scorer, Settings(data=tmp_path / "data"), store)
    positive = mode is GenerationMode.POSITIVE
    for operation in operations(app, with_body=not positive):

        @BOUNDED
        @given(operation.as_strategy(generation_mode=mode))
        def check(case):
            assume(not positive or all(text.strip() for text in texts(case.body)))
            case.query.pop("after", None)  # only a page tells what it may be
            if positive and case.operation.label == "POST /v1/uploads":
                case.query["format"] = "csv"  # else the name must tell it
            case.call_and_validate(headers={"Host": "127.0.0.1"})

        check()


def operations(app, *, with_body):
    """What the document offers; where there is no body, nothing can be sent wrongly."""
    document = deepcopy(app.openapi())
    # Each example would cost half a second of thought about this pattern.
    for name in ("AdIn", "KeepIn"):
        del document["components"]["schemas"][name]["properties"]["text"]["pattern"]
    api = schemathesis.openapi.from_dict(document, config=CONFIG)
    api.app = app
    offered = [result.ok() for result in api.get_all_operations()]
    assert len(offered) == 34
    return [each for each in offered if "requestBody" in each.definition.raw or not with_body]


def texts(body):
    if not isinstance(body, dict):
        return []
    ads = [ad for ad in body.get("ads") or [body] if isinstance(ad, dict)]
    return [ad["text"] for ad in ads if isinstance(ad.get("text"), str)]


def test_every_schema_and_property_is_described(client):
    for name, schema in client.get("/openapi.json").json()["components"]["schemas"].items():
        assert schema["description"], name
        for field, shown in schema["properties"].items():
            constant = "const" in shown
            assert constant or shown.get("description"), f"{name}.{field}"


def test_every_schema_has_an_example(client):
    for name, schema in client.get("/openapi.json").json()["components"]["schemas"].items():
        assert schema["examples"], name


def test_every_answer_is_described_with_a_schema(client):
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                media = "application/json" if status == "200" else "application/problem+json"
                assert list(answer["content"]) == [media], (path, status)
                assert answer["content"][media]["schema"]["$ref"]
