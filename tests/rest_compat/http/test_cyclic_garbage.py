"""Objects of a refused request are freed when it ends, without a garbage collection."""

import json
from typing import Any

import pytest

from rest_compat.http.asgi import AsgiApp
from store import Store
from store.database import Database
from store.errors import StoreUnavailableError
from store.model import ApiTokenType
from tests.garbage import failures_to_collect, without_collection
from tests.rest_compat.conftest import SECRETS

REPEATED = 10
TOGGLE = {"name": "checkout", "strategies": [{"name": "default"}]}


async def status(app: AsgiApp, method: str, path: str, body: Any, type: ApiTokenType) -> int:
    """Return the status of a request, without a client that creates garbage itself."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answered: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content}

    async def send(message: Any) -> None:
        if "status" in message:
            answered.append(message["status"])

    secret = SECRETS[type, None if type is ApiTokenType.ADMIN else "default"]
    headers = [(b"authorization", secret.encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode()}
    scope |= {"query_string": b"", "headers": headers, "client": ("127.0.0.1", 1)}
    await app(scope, receive, send)
    return answered[0]


@pytest.mark.parametrize(
    ("method", "path", "body", "type", "expected"),
    [
        ("GET", "/api/client/nothing", b"", ApiTokenType.CLIENT, 404),
        ("DELETE", "/api/client/features", b"", ApiTokenType.CLIENT, 405),
        ("POST", "/api/client/metrics", b"{", ApiTokenType.CLIENT, 400),
        ("POST", "/api/client/metrics", {}, ApiTokenType.CLIENT, 400),
        ("POST", "/api/admin/features", {"name": "?"}, ApiTokenType.ADMIN, 400),
        ("POST", "/api/admin/features", TOGGLE, ApiTokenType.ADMIN, 503),
        ("DELETE", "/api/admin/features/nope", b"", ApiTokenType.ADMIN, 404),
    ],
)
async def test_a_refused_request_leaves_no_cyclic_garbage(
    store: Store,
    app: AsgiApp,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: Any,
    type: ApiTokenType,
    expected: int,
) -> None:
    def fail(_: Database) -> None:
        raise StoreUnavailableError("The database is away.")

    if expected == 503:
        monkeypatch.setattr(Database, "_verify_file", fail)
    await status(app, method, path, body, type)  # after this, caches are filled
    with without_collection():
        for _ in range(REPEATED):
            assert await status(app, method, path, body, type) == expected
        found = failures_to_collect()

    assert not found
