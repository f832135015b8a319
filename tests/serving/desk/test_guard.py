import pytest

from serving.app import create_app
from serving.desk.guard import COOKIE
from serving.keys import Keys
from serving.settings import Settings
from serving.store import queue, uploads
from serving.store.values import Filter
from tests.serving.desk.conftest import HOST, TOKEN, Client

OWN = f"http://{HOST}"
PAGES = (
    *("/", "/queue", "/uploads", "/uploads/none", "/model", "/ads/none", "/language/es"),
    *("/admin", "/account", "/login"),
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_headers(desk, path):
    answer = desk.get(path)
    policy = answer.headers.get("content-security-policy", "")
    if answer.status_code != 303:
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil"])
@pytest.mark.parametrize("path", PAGES)
def test_another_host_is_refused(desk, path, host):
    assert desk.get(path, host=host).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"]
)
def test_names_of_this_machine_are_answered(desk, host):
    assert desk.get("/", host=host).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin", "origin": OWN}, 303),
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "origin": "null"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(desk, headers, status):
    answer = desk.send("/queue", {"text": "work abroad"}, **headers)
    assert (answer.history[0] if answer.history else answer).status_code == status


def test_a_link_from_another_site_may_be_followed(desk):
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert desk.get("/queue", **headers).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 43])
@pytest.mark.parametrize("path", ["/", "/queue", "/ads/{id}/decide", "/ads/{id}/undo"])
def test_a_form_without_its_token_changes_nothing(desk, store, kept, path, token):
    desk.get("/")
    address = path.format(id=kept[0].id)
    answer = desk.http.post(address, data={"token": token, "text": "work", "choice": "unsure"})
    assert answer.status_code == 403
    assert queue.counts(store, Filter())["status"] == {"open": len(kept)}


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 43])
@pytest.mark.parametrize("act", ["start", "cancel", "delete"])
def test_a_form_without_its_token_leaves_an_upload_alone(desk, keeper, store, act, token):
    sent = keeper.post("/v1/uploads?name=ads.csv", content=b"text\nCook wanted\n").json()
    desk.get("/")
    answer = desk.http.post(f"/uploads/{sent['id']}/{act}", data={"token": token, "to": "queue"})
    assert answer.status_code == 403
    assert uploads.get(store, sent["id"]).status == "looking"


@pytest.mark.parametrize("token", [None, "", "x", "é", "x" * 43])
def test_a_file_without_the_token_is_not_kept(desk, store, settings, token):
    desk.get("/")
    fields = {} if token is None else {"token": token}
    answer = desk.http.post("/uploads", data=fields, files={"file": ("ads.csv", b"text\nCook\n")})
    assert answer.status_code == 403
    assert uploads.page(store, limit=9) == ()
    assert not settings.data.exists()


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/plain", b"", 400),
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"", 400),
        ("multipart/form-data; boundary=x", b"no form", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n" + b"a" * 10**6, 400),
    ],
)
def test_what_is_no_form_with_a_file_is_refused(desk, kind, body, status):
    answer = desk.http.post("/uploads", content=body, headers={"content-type": kind})
    assert answer.status_code == status


def test_a_file_that_is_cut_off_is_not_kept(desk, store, settings):
    token = TOKEN.search(desk.get("/").text)[1]
    head = 'Content-Disposition: form-data; name="{}"'
    body = (
        f"--x\r\n{head.format('token')}\r\n\r\n{token}\r\n"
        f'--x\r\n{head.format("file")}; filename="ads.csv"\r\n\r\ntext\nCook'
    )
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert desk.http.post("/uploads", content=body, headers=kind).status_code == 400
    assert uploads.page(store, limit=9) == ()
    assert list(settings.data.rglob("input*")) == []


def test_the_token_is_the_browsers_own(desk, scorer, store):
    other = Client(create_app(scorer, Settings(), store))
    other.get("/")
    desk.get("/")
    stolen = other.http.cookies[COOKIE]
    assert desk.http.post("/", data={"token": stolen, "text": "work"}).status_code == 403


def test_where_keys_are_asked_for_the_desk_opens_by_password_alone(scorer, store):
    keys = Keys.of(["a-key-of-sixteen-or-more"])
    client = Client(create_app(scorer, Settings(keys=keys), store))
    for path in ("/", "/queue", "/admin"):
        answer = client.get(path)
        assert answer.url.path == "/login"
        assert "lurewatch people add" in answer.text


@pytest.mark.parametrize(
    ("to", "place"),
    [
        ("/queue", "/queue"),
        ("/ads/01-a_b", "/ads/01-a_b"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/queue?band=high", "/queue?band=high"),
        ("/queue\r\nx: y", "/"),
        ("/ads/é", "/"),
        ("", "/"),
    ],
)
def test_a_change_of_language_leads_nowhere_else(desk, to, place):
    answer = desk.http.get("/language/es", params={"to": to}, follow_redirects=False)
    assert answer.headers["location"] == place


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff", 400),
        (b"token=%FF", 400),
        (b"&".join([b"a=1"] * 501), 400),
        (b"a=" + b"1" * 10**6, 413),
    ],
)
def test_what_no_browser_sends_is_refused(desk, body, status):
    assert desk.http.post("/", content=body).status_code == status
