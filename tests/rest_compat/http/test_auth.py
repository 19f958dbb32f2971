"""The prefix of a path determines, before routing, which tokens are accepted."""

import base64
from collections.abc import AsyncGenerator
from datetime import timedelta

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import Message
from store import Store
from store.model import DEFAULT_ENVIRONMENT, SYSTEM, ApiTokenType
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token, revoke_token
from store.unknown_tokens import MAX_ATTEMPTS, UnknownTokens
from store.usage.applications import application_by_name
from tests.rest_compat.conftest import SECRETS, MakeClient, MakeToken, elsewhere

REGISTRATION = '{"appName": "late", "strategies": [], "started": 0, "interval": 1}'
USAGE = '{"appName": "late", "bucket": {"start": 0, "stop": 1, "toggles": {"a": {"yes": 1}}}}'

JSON = "application/json; charset=utf-8"
PARTS = ("client", "frontend", "admin")
SUB_PATHS = ("/", "/nothing/here", "/features/../../admin", "/%2e%2e/admin", "/features/x/y")


@pytest.mark.parametrize(
    ("part", "sub_path"),
    [*((part, "") for part in PARTS), *(("client", path) for path in SUB_PATHS)],
)
async def test_without_a_token_every_path_of_a_part_is_401(
    make_client: MakeClient, part: str, sub_path: str
) -> None:
    answer = await make_client().get(f"/api/{part}{sub_path}")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == JSON
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json().keys() == {"type", "path", "message"}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("type", ApiTokenType)
async def test_a_token_opens_the_part_of_its_type_only(
    make_client: MakeClient, make_token: MakeToken, part: str, type: ApiTokenType
) -> None:
    fitting = {
        "client": {ApiTokenType.CLIENT},
        "frontend": {ApiTokenType.FRONTEND},
        "admin": {ApiTokenType.ADMIN, ApiTokenType.VIEWER},
    }

    answer = await make_client(await make_token(type)).get(f"/api/{part}/nothing/here")

    if type in fitting[part]:
        assert answer.status_code == 404
        assert answer.json()["name"] == "NotFoundError"
    else:
        assert answer.status_code == 403
        assert answer.headers["content-type"] == JSON
        assert answer.json().keys() == {"message"}
        assert type in answer.json()["message"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY"])
async def test_a_viewer_reads_the_admin_api_and_changes_nothing(
    make_client: MakeClient, make_token: MakeToken, method: str
) -> None:
    viewer = make_client(await make_token(ApiTokenType.VIEWER))

    reading = await viewer.get("/api/admin/features")
    writing = await viewer.request(method, "/api/admin/features")

    assert reading.status_code == 200
    assert writing.status_code == 403


async def test_the_token_is_checked_before_method_content_type_and_body(
    make_client: MakeClient,
) -> None:
    answer = await make_client().post(
        "/api/client/metrics", content=b"{", headers={"content-type": "text/plain"}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 4_096, "application/json", 400),
        (b"[" * 4_097, "application/json", 401),
        (b'{"name": "a.b"}', "application/json", 401),
        (b"{", "text/plain", 401),
        (b"", "application/json", 401),
    ],
)
async def test_the_admin_api_reports_malformed_json_before_missing_tokens(
    make_client: MakeClient, body: bytes, content_type: str, status: int
) -> None:
    answer = await make_client().post(
        "/api/admin/features", content=body, headers={"content-type": content_type}
    )

    assert answer.status_code == status


class Unread:
    """A request body that must not be read. `reads` is the number of reads."""

    def __init__(self) -> None:
        self.reads = 0

    async def receive(self) -> Message:
        self.reads += 1
        return {"type": "http.request", "body": b"{", "more_body": True}


@pytest.mark.parametrize("authorization", [None, "*:*.no-such-secret"])
@pytest.mark.parametrize(
    "header",
    [
        (b"content-length", b"4097"),
        (b"content-length", b"9" * 400),
        (b"transfer-encoding", b"chunked"),
        (b"content-encoding", b"gzip"),
    ],
)
@pytest.mark.parametrize("path", ["/api/admin/features", "/api/client/metrics", "/api/frontend"])
async def test_strangers_are_refused_before_their_bodies_are_read(
    store: Store, header: tuple[bytes, bytes], path: str, authorization: str | None
) -> None:
    store.unknown_tokens = UnknownTokens()
    unread = Unread()
    headers = [header]
    if header[0] == b"content-encoding":
        headers.append((b"content-length", b"1000"))
    if authorization is not None:
        headers.append((b"authorization", authorization.encode()))
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b""}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    app = rest_app(store, RestConfig(), elsewhere)
    await app({**scope, "headers": headers}, unread.receive, send)

    assert (sent[0]["status"], unread.reads) == (401, 0)


@pytest.mark.parametrize("scheme", ["", "Bearer ", "bearer ", "BEARER  "])
async def test_a_token_comes_bare_or_as_a_bearer(
    make_client: MakeClient, make_token: MakeToken, scheme: str
) -> None:
    secret = await make_token()

    answer = await make_client(scheme + secret).get("/api/client/features")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "nonsense",
        "*:default.no-such-secret",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Digest username=x",
        "\u00e9\u00ff",
        "*:default." + "f" * 8_000,
    ],
)
async def test_what_is_no_known_token_is_401(make_client: MakeClient, authorization: str) -> None:
    answer = await make_client().get(
        "/api/client/features", headers=[(b"authorization", authorization.encode("latin-1"))]
    )

    assert answer.status_code == 401


async def test_two_authorization_headers_open_nothing(
    make_client: MakeClient, make_token: MakeToken
) -> None:
    secret = await make_token()

    answer = await make_client().get(
        "/api/client/features",
        headers=[("authorization", secret), ("authorization", "*:default.other")],
    )

    assert answer.status_code == 401


async def test_a_client_token_does_not_pass_as_a_password(
    make_client: MakeClient, make_token: MakeToken
) -> None:
    encoded = base64.b64encode(f"ada:{await make_token()}".encode()).decode()

    answer = await make_client(f"Basic {encoded}").get("/api/client/features")

    assert answer.status_code == 401


async def test_an_expired_or_revoked_token_is_401(store: Store, make_client: MakeClient) -> None:
    now = store.clock()
    async with store.write(SYSTEM) as work:
        short, short_secret = await create_token(
            work,
            name="short",
            type=ApiTokenType.CLIENT,
            expires_at=now + timedelta(hours=1),
        )
        revoked, revoked_secret = await create_token(work, name="revoked", type=ApiTokenType.CLIENT)
    store.clock = lambda: now + timedelta(minutes=59)
    before = await make_client(short_secret).get("/api/client/features")
    store.clock = lambda: now + timedelta(hours=1)
    async with store.write(SYSTEM) as work:
        await revoke_token(work, revoked.id)

    after = await make_client(short_secret).get("/api/client/features")
    gone = await make_client(revoked_secret).get("/api/client/features")

    assert before.status_code == 200
    assert after.status_code == 401
    assert gone.status_code == 401
    assert store.snapshot.tokens[short.id].expires_at == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("type", "path", "body"),
    [
        (ApiTokenType.CLIENT, "/api/client/register", REGISTRATION),
        (ApiTokenType.CLIENT, "/api/client/metrics", USAGE),
        (ApiTokenType.CLIENT, "/api/client/metrics/bulk", '{"applications": [], "metrics": []}'),
        (ApiTokenType.CLIENT, "/ofrep/v1/evaluate/flags/a", "{}"),
        (ApiTokenType.FRONTEND, "/ofrep/v1/evaluate/flags", "{}"),
        (ApiTokenType.FRONTEND, "/api/frontend", "{}"),
        (ApiTokenType.FRONTEND, "/api/frontend/client/register", REGISTRATION),
        (ApiTokenType.FRONTEND, "/api/frontend/client/metrics", USAGE),
        (ApiTokenType.ADMIN, "/api/admin/features/validate", '{"name": "b"}'),
    ],
)
async def test_a_token_that_is_revoked_while_its_body_is_on_its_way_is_401(
    store: Store,
    make_client: MakeClient,
    make_token: MakeToken,
    type: ApiTokenType,
    path: str,
    body: str,
) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="a")
    secret = await make_token(type, name="revoked")
    token = store.snapshot.token_of(secret)
    assert token is not None

    async def send() -> AsyncGenerator[bytes]:
        yield body[:-1].encode()
        async with store.write(SYSTEM) as work:
            await revoke_token(work, token.id)
        yield body[-1:].encode()

    headers = {"Content-Type": "application/json"}
    answer = await make_client(secret).post(path, content=send(), headers=headers)
    await store.aggregate_now()

    assert answer.status_code == 401
    async with store.read() as session:
        assert await application_by_name(session, "late") is None


async def test_the_use_of_a_token_is_marked(store: Store, client: httpx.AsyncClient) -> None:
    token = store.snapshot.token_of(SECRETS[ApiTokenType.CLIENT, "default"])
    assert token is not None
    assert store.token_use.last_used_at(token.id) is None

    await client.get("/api/client/features")

    assert store.token_use.last_used_at(token.id) is not None


async def test_with_auth_off_everybody_reads_default(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    staging = await make_token(environment="staging")
    app = rest_app(store, RestConfig(auth="none"), elsewhere)

    answers = [
        await make_client(token, app=app).get("/api/client/features")
        for token in (None, "nonsense", staging)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.json()["query"]["environment"] for answer in answers} == {DEFAULT_ENVIRONMENT}


async def test_on_an_open_client_api_sdks_need_no_token(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="shown")
    app = rest_app(store, RestConfig(client_api="open"), elsewhere)
    anybody = make_client(app=app)
    staging = make_client(await make_token(environment="staging"), app=app)

    features = await anybody.get("/api/client/features")
    feature = await anybody.head("/api/client/features/shown")
    of_a_token = await staging.get("/api/client/features")
    wrong_token = await make_client("nonsense", app=app).get("/api/client/features")
    registered = await anybody.post(
        "/api/client/register",
        json={"appName": "a", "instanceId": "i", "strategies": [], "started": 0, "interval": 1},
    )
    elsewhere_too = [await anybody.get(f"/api/{item}") for item in ("admin/features", "frontend")]

    assert features.json()["query"]["environment"] == DEFAULT_ENVIRONMENT
    assert feature.status_code == 200
    assert of_a_token.json()["query"]["environment"] == "staging"
    assert wrong_token.status_code == 401
    assert registered.status_code == 202
    assert [item.status_code for item in elsewhere_too] == [401, 401]


@pytest.mark.parametrize("path", ["/", "/graphql", "/apix", "/API/client/features"])
async def test_paths_outside_the_api_are_handed_on(make_client: MakeClient, path: str) -> None:
    answer = await make_client().get(path)

    assert answer.text == "elsewhere"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/clients/features"])
async def test_there_is_nothing_in_between_the_parts(make_client: MakeClient, path: str) -> None:
    answer = await make_client().get(path)

    assert answer.status_code == 404
    assert answer.json()["name"] == "NotFoundError"


async def test_an_address_that_keeps_trying_unknown_tokens_is_429_and_valid_tokens_are_not(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    store.unknown_tokens = UnknownTokens()
    secret = await make_token(ApiTokenType.CLIENT)
    paths = ("/api/client/features", "/api/admin/features", "/ofrep/v1/configuration")

    statuses = [
        (await make_client(f"*:*.made-up-{number}").get(paths[number % 3])).status_code
        for number in range(MAX_ATTEMPTS)
    ]
    refused = await make_client("*:*.another").post("/api/client/metrics", json={})
    without = await make_client().get("/api/client/features")
    valid = await make_client(secret).get("/api/client/features")

    assert statuses == [401] * MAX_ATTEMPTS
    assert refused.status_code == 429
    assert refused.json()["name"] == "TooManyRequestsError"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert (without.status_code, valid.status_code) == (401, 200)


async def test_two_authorization_headers_are_one_unknown_token(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    store.unknown_tokens = UnknownTokens()
    secret = await make_token(ApiTokenType.CLIENT)
    headers = [("Authorization", secret), ("Authorization", secret)]

    answer = await make_client().get("/api/client/features", headers=headers)

    assert answer.status_code == 401
