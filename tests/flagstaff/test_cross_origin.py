"""Pages of other origins can read and change data only if the settings permit it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.cross_origin import CrossOrigin
from flagstaff.settings import Settings
from store import Store
from tests.store.conftest import Filled, PreparedDatabase

ADMIN = "*:*.admin-secret-of-the-tests"
FRONTEND = "*:default.frontend-secret-of-the-tests"
SHOP = "https://shop.example.com"
DESK = "https://desk.example.com"
CREATE = {"query": 'mutation { toggleCreate(input: {name: "new"}) { errors { code } } }'}
EVALUATE = {"context": {"targetingKey": "7"}}

FRONTEND_PATHS = ["/api/frontend", "/api/frontend/client/metrics", "/ofrep/v1/evaluate/flags"]
OTHER_PATHS = ["/graphql", "/api/admin/features", "/api/client/metrics", "/openapi.json", "/"]


def settings(**given: Any) -> Settings:
    return Settings(init_admin_tokens=(ADMIN,), init_frontend_tokens=(FRONTEND,), **given)


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase, filled: Filled) -> str:
    """A database with the tokens above."""
    return filled(prepared_database("sqlite"), lambda store: provide_tokens(store, settings()))


@asynccontextmanager
async def client_of(
    store: Store, base_url: str = "http://flags.example.com", **given: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with some settings. Like a browser, it sends a stored token."""
    transport = httpx.ASGITransport(compose(store, settings(**given)))
    async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
        yield client


def preflight(origin: str, *headers: str, method: str = "POST") -> dict[str, str]:
    requested = {"Access-Control-Request-Headers": ",".join(headers)} if headers else {}
    return {"Origin": origin, "Access-Control-Request-Method": method, **requested}


# ---------------------------------------------------------------------------- reading


@pytest.mark.parametrize("path", FRONTEND_PATHS)
@pytest.mark.parametrize("origin", [SHOP, "null", "http://localhost:3000", "capacitor://localhost"])
async def test_any_page_may_use_what_is_for_frontends_by_default(
    store: Store, path: str, origin: str
) -> None:
    requested = ("authorization", "traceparent", "apollographql-client-name", "x-anything-at-all")
    async with client_of(store) as client:
        allowed = await client.options(path, headers=preflight(origin, *requested))
        headers = {"Origin": origin, "Authorization": FRONTEND}
        answer = await client.post(path, json=EVALUATE, headers=headers)

    assert allowed.status_code == 200
    assert allowed.content == b""
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert allowed.headers["access-control-allow-headers"] == ",".join(requested)
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert int(allowed.headers["access-control-max-age"]) > 0
    assert "Access-Control-Request-Headers" in allowed.headers["vary"]
    assert "access-control-allow-credentials" not in allowed.headers
    assert answer.status_code != 403
    assert answer.headers["access-control-allow-origin"] == "*"
    for name in ("ETag", "Retry-After", "X-Request-Id"):
        assert name in answer.headers["access-control-expose-headers"]


@pytest.mark.sample(2)
@pytest.mark.parametrize("path", [*OTHER_PATHS, "/api/frontends", "/ofrepx", "/nowhere"])
async def test_no_page_may_use_anything_else_by_default(store: Store, path: str) -> None:
    async with client_of(store) as client:
        refused = await client.options(path, headers=preflight(SHOP))
        answer = await client.get(path, headers={"Origin": SHOP, "Authorization": ADMIN})

    assert refused.status_code == 403
    assert "FLAGSTAFF_CORS_ORIGINS" in refused.text
    for got in (refused, answer):
        assert "access-control-allow-origin" not in got.headers


@pytest.mark.parametrize("path", [*FRONTEND_PATHS, *OTHER_PATHS, "/nowhere"])
async def test_pages_of_listed_origins_may_use_everything(store: Store, path: str) -> None:
    async with client_of(store, cors_origins=(DESK,), frontend_origins=("none",)) as client:
        allowed = await client.options(path, headers=preflight(DESK, "baggage", method="DELETE"))
        answer = await client.get(path, headers={"Origin": DESK})
        other = await client.options(path, headers=preflight(SHOP))
        plain = await client.get(path)

    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-headers"] == "baggage"
    for got in (allowed, answer):
        assert got.headers["access-control-allow-origin"] == DESK
    assert other.status_code == 403
    for got in (allowed, answer, plain):
        assert "Origin" in got.headers["vary"].replace(" ", "").split(",")
    assert "access-control-allow-origin" not in plain.headers


async def test_lists_for_frontends_and_for_everything_add_up(store: Store) -> None:
    async with client_of(store, cors_origins=(DESK,), frontend_origins=(SHOP,)) as client:
        statuses = {
            (path, origin): (await client.options(path, headers=preflight(origin))).status_code
            for path in ("/api/frontend", "/ofrep/v1/events", "/api/admin/features")
            for origin in (DESK, SHOP, "https://other.example.com", "null")
        }

    allowed = {key for key, status in statuses.items() if status == 200}
    assert allowed == {
        ("/api/frontend", DESK),
        ("/api/frontend", SHOP),
        ("/ofrep/v1/events", DESK),
        ("/ofrep/v1/events", SHOP),
        ("/api/admin/features", DESK),
    }


@pytest.mark.parametrize(
    ("method", "path", "content", "token", "status"),
    [
        ("GET", "/api/frontend", b"", "", 401),
        ("POST", "/ofrep/v1/evaluate/flags", b"", "", 401),
        ("GET", "/api/frontend/none", b"", FRONTEND, 404),
        ("POST", "/ofrep/v1/evaluate/flags/none", b"{}", FRONTEND, 404),
        ("DELETE", "/api/frontend", b"", FRONTEND, 405),
        ("POST", "/api/frontend", b" " * 1_000_001, FRONTEND, 413),
        ("POST", "/api/frontend", b"{", FRONTEND, 400),
        ("GET", "/ofrep/v1/events", b"", FRONTEND, 429),
    ],
)
async def test_pages_may_read_errors(
    store: Store, method: str, path: str, content: bytes, token: str, status: int
) -> None:
    headers = {"Origin": SHOP, "Content-Type": "application/json"}
    if token:
        headers["Authorization"] = token
    async with client_of(store, max_streams=0) as client:
        answer = await client.request(method, path, content=content, headers=headers)

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_pages_may_read_the_answer_to_a_bug(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rest_compat.app.identify_request", None)
    async with client_of(store) as client:
        answer = await client.get("/api/frontend", headers={"Origin": SHOP})

    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_names_of_headers_that_are_none_are_not_repeated(store: Store) -> None:
    async with client_of(store) as client:
        headers = preflight(SHOP, "x: y; <z>")
        answer = await client.options("/api/frontend", headers=headers)

    assert answer.status_code == 200
    assert "access-control-allow-headers" not in answer.headers


async def test_a_plain_options_is_no_preflight(store: Store) -> None:
    async with client_of(store) as client:
        answer = await client.options("/api/frontend", headers={"Origin": SHOP})

    assert answer.status_code == 401


# --------------------------------------------------------------------------- changing

FOREIGN = [
    {"Origin": "https://evil.example.com"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://flags.example.com:8080"},
    {"Origin": "http://flags.example.com.evil.example"},
    {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
OWN = [
    {},
    {"Origin": "http://flags.example.com"},
    {"Origin": "https://flags.example.com"},
    {"Origin": "https://flags.example.com:443"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://public.example.com", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/graphql"),
        ("POST", "/api/admin/state/import?drop=true"),
        ("PUT", "/api/admin/features/new"),
        ("PATCH", "/api/admin/projects/default/features/new"),
        ("DELETE", "/api/admin/features/new"),
        ("POST", "/api/client/metrics"),
        ("POST", "/nowhere"),
        ("QUERY", "/graphql"),
    ],
)
async def test_foreign_pages_change_nothing(
    store: Store, method: str, path: str, headers: dict[str, str]
) -> None:
    before = store.snapshot
    async with client_of(store) as client:
        # Browsers send stored credentials of HTTP Basic with each request.
        answer = await client.request(
            method, path, json=CREATE, headers=headers, auth=("anybody", ADMIN)
        )

    assert answer.status_code == 403
    if path == "/graphql":
        assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    else:
        assert answer.json()["name"] == "ForbiddenError"
    assert "access-control-allow-origin" not in answer.headers
    assert store.snapshot is before


@pytest.mark.parametrize("headers", OWN)
async def test_own_pages_and_programs_go_on(store: Store, headers: dict[str, str]) -> None:
    async with client_of(store) as client:
        query = {"query": "{ viewer { canWrite } }"}
        sent = {**headers, "Authorization": ADMIN}
        requested = await client.post("/graphql", json=query, headers=sent)
        validated = await client.post(
            "/api/admin/features/validate", json={"name": "new"}, headers=sent
        )

    assert (requested.status_code, validated.status_code) == (200, 200)


@pytest.mark.parametrize("headers", FOREIGN)
async def test_foreign_pages_may_read_what_has_no_effect(
    store: Store, headers: dict[str, str]
) -> None:
    async with client_of(store) as client:
        answer = await client.get("/openapi.json", headers=headers)

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


async def test_frontends_of_other_pages_are_refused_in_the_form_of_their_edge(
    store: Store,
) -> None:
    headers = {"Origin": DESK, "Authorization": FRONTEND}
    async with client_of(store, frontend_origins=(SHOP,)) as client:
        rest = await client.post("/api/frontend", json=EVALUATE, headers=headers)
        ofrep = await client.post("/ofrep/v1/evaluate/flags", json=EVALUATE, headers=headers)

    assert (rest.status_code, ofrep.status_code) == (403, 403)
    assert rest.json()["name"] == "ForbiddenError"
    assert ofrep.json()["errorCode"] == "GENERAL"
    assert "FLAGSTAFF_FRONTEND_ORIGINS" in ofrep.json()["errorDetails"]


async def test_pages_of_listed_origins_may_change_what_their_list_is_for(store: Store) -> None:
    query = {"query": "{ viewer { canWrite } }"}
    async with client_of(store, cors_origins=(DESK,), frontend_origins=(SHOP,)) as client:
        statuses = [
            (await client.post("/graphql", json=query, headers=headers)).status_code
            for headers in (
                {"Origin": DESK, "Authorization": ADMIN},
                {"Origin": f"{DESK}:443", "Authorization": ADMIN},
                {"Origin": SHOP, "Authorization": ADMIN},
                {"Origin": SHOP, "Authorization": ADMIN, "Sec-Fetch-Site": "same-site"},
            )
        ]

    assert statuses == [200, 200, 403, 403]


@pytest.mark.parametrize(
    ("scheme", "origin", "status"),
    [
        ("https", "https://flags.example.com", 200),
        ("https", "http://flags.example.com", 403),
    ],
)
async def test_the_scheme_that_a_trusted_proxy_reports_is_that_of_the_server(
    store: Store, scheme: str, origin: str, status: int
) -> None:
    headers = {"Origin": origin, "Authorization": ADMIN, "X-Forwarded-Proto": scheme}
    query = {"query": "{ viewer { canWrite } }"}
    async with client_of(store, trusted_proxies=("127.0.0.1",)) as client:
        answer = await client.post("/graphql", json=query, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:4242", 200),
        ("http://localhost:3000", 403),
        ("http://127.0.0.1:4242", 403),
        ("https://evil.example.com", 403),
        ("null", 403),
    ],
)
@pytest.mark.parametrize("path", ["/api/frontend", "/graphql"])
async def test_without_tokens_only_own_pages_are_served(
    store: Store, path: str, origin: str, status: int
) -> None:
    body = {"query": "{ viewer { canWrite } }", "context": {}}
    async with client_of(store, "http://localhost:4242", auth="none") as client:
        answer = await client.post(path, json=body, headers={"Origin": origin})
        allowed = await client.options(path, headers=preflight(origin))

    assert answer.status_code == status
    assert allowed.status_code == 403


async def test_requests_that_come_from_no_page_are_passed_on_unchanged() -> None:
    handed: list[object] = []

    async def app(scope: object, receive: object, send: object) -> None:
        handed.append(send)

    async def send(message: object) -> None: ...

    async def receive() -> Any: ...

    layer = CrossOrigin(app, origins=(), frontend_origins=("*",))
    scope = {"type": "http", "method": "GET", "path": "/api/client/features", "headers": []}
    await layer(scope, receive, send)

    assert handed == [send]
