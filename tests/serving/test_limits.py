import asyncio
import gzip
import json

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.requests import Request

from serving.app import create_app
from serving.limits import MAX_BYTES, JsonBody
from serving.schemas import AdIn
from serving.settings import Settings
from serving.shield import Shield

SECRET = "marker-of-the-text"
SCORE, BATCH = "/v1/score", "/v1/score/batch"
JSON = {"content-type": "application/json"}
LARGE = b'{"text": "' + SECRET.encode() + b"a" * 2_000_000 + b'"}'


def ad(text):
    return json.dumps({"text": SECRET + text}).encode()


def batch(*texts):
    return json.dumps({"ads": [{"text": text} for text in texts]}).encode()


def raw(inside):
    return f'{{"text": {inside}}}'.encode()


def case(name, status, body, *, path=SCORE, method="POST", **headers):
    sent = JSON | {key.replace("_", "-"): value for key, value in headers.items()}
    return pytest.param(method, path, body, sent, status, id=name)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        case("half a surrogate pair", 400, raw(f'"{SECRET} \\ud800 x"')),
        case("half a pair in a name", 400, f'{{"text": "{SECRET}", "\\udfff": 1}}'.encode()),
        case("half a pair as bytes", 400, raw(f'"{SECRET}').replace(b"}", b'\xed\xa0\x80"}')),
        case("a whole pair", 200, raw(f'"{SECRET} \\ud83c\\udf34"')),
        case("1e400", 422, raw("1e400")),
        case("NaN", 422, raw("NaN")),
        case("Infinity", 422, raw("-Infinity")),
        case("NaN in an unknown field", 422, f'{{"text": "{SECRET}", "n": NaN}}'.encode()),
        case("10,000 digits", 400, raw("9" * 10_000)),
        case("NUL in the text", 200, ad("\x00")),
        case("NUL as a raw byte", 400, raw(f'"{SECRET}\x00"')),
        case("100,000 open brackets", 400, b"[" * 100_000),
        case("100,000 open objects", 400, b'{"text":' * 100_000),
        case("2 MB", 413, LARGE),
        case("2 MB in chunks", 413, [LARGE[i : i + 9_999] for i in range(0, len(LARGE), 9_999)]),
        case("just what is allowed", 422, ad("a" * (MAX_BYTES - len(ad(""))))),
        case("one byte more", 413, ad("a" * (MAX_BYTES - len(ad("")) + 1))),
        case("one byte more in chunks", 413, [b"[" * MAX_BYTES, b"["]),
        case("a length of 5,000 digits", 413, ad(""), content_length="9" * 5_000),
        case("empty text", 422, raw('""')),
        case("blank text", 422, raw('" \\t\\u3000\\u2028"')),
        case("50,000 characters", 200, ad("\N{PALM TREE}" * (50_000 - len(SECRET)))),
        case("50,001 characters", 422, ad("a" * (50_001 - len(SECRET)))),
        case("unknown field", 422, json.dumps({"text": SECRET, "title": SECRET}).encode()),
        case("text is a list", 422, raw(f'["{SECRET}"]')),
        case("text is null", 422, raw("null")),
        case("text is true", 422, raw("true")),
        case("body is a text", 422, json.dumps(SECRET).encode()),
        case("body is null", 422, b"null"),
        case("the same key twice", 200, f'{{"text": "a", "text": "{SECRET}"}}'.encode()),
        case("two values", 400, ad("") * 2),
        case("cut off", 400, ad("")[:-1]),
        case("Latin-1", 400, ad("").replace(b"of", b"\xe9")),
        case("UTF-16", 400, ad("").decode().encode("utf-16")),
        case("gzip", 415, gzip.compress(ad("")), content_encoding="gzip"),
        case("gzip unsaid", 400, gzip.compress(ad(""))),
        case("identity", 200, ad(""), content_encoding="identity"),
        case("charset", 200, ad(""), content_type="Application/JSON ; charset=utf-8"),
        case("text/plain", 415, ad(""), content_type="text/plain"),
        case("a form", 415, b"text=" + SECRET.encode(), content_type="multipart/form-data"),
        case("no media type", 415, ad(""), content_type=""),
        case("no body", 400, b""),
        case("GET", 405, b"", method="GET"),
        case("PUT", 405, ad(""), method="PUT"),
        case("batch of 0", 422, batch(), path=BATCH),
        case("batch of 1,000", 200, batch(*[SECRET] * 1_000), path=BATCH),
        case("batch of 1,001", 422, batch(*[SECRET] * 1_001), path=BATCH),
        case("batch with a blank ad", 422, batch(SECRET, SECRET, " "), path=BATCH),
        case("batch with an empty ad", 422, batch(SECRET, ""), path=BATCH),
        case("batch as a bare list", 422, b"[" + ad("") + b"]", path=BATCH),
        case("one ad to batch", 422, ad(""), path=BATCH),
        case("batch to one ad", 422, batch(SECRET)),
    ],
)
def test_nasty_requests(client, method, path, body, headers, status):
    content = (chunk for chunk in body) if isinstance(body, list) else body
    answer = client.request(method, path, content=content, headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("text", "place"), [pytest.param("", 2, id="empty"), pytest.param("\n", 2, id="blank")]
)
def test_a_bad_ad_is_named_by_its_place(client, text, place):
    answer = client.post(BATCH, content=batch("a", "b", text, "d"), headers=JSON)
    (fault,) = answer.json()["errors"]
    assert fault["location"] == f"body.ads[{place}].text"


def read(receive, **options):
    scope = {"type": "http", "method": "POST", "path": SCORE, "headers": []}
    return asyncio.run(JsonBody(AdIn, **options)(Request(scope, receive)))


def test_a_body_that_never_arrives_is_given_up():
    async def never():
        await asyncio.sleep(60)

    with pytest.raises(HTTPException) as refusal:
        read(never, seconds=0.01)
    assert refusal.value.status_code == 408


def test_a_client_that_leaves_is_no_error_of_ours():
    async def leaves():
        return {"type": "http.disconnect"}

    with pytest.raises(HTTPException) as refusal:
        read(leaves)
    assert refusal.value.status_code == 400


def test_a_busy_service_says_so_at_once(scorer):
    busy = TestClient(Shield(create_app(scorer, Settings()), most=0))
    answer = busy.post(SCORE, content=ad(""), headers=JSON)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"] == "application/problem+json"
    assert busy.get("/healthz").status_code == 200
