"""Health and readiness: whether the server runs, and whether it can answer requests."""

from typing import Literal

import pytest

from rest_compat.app import RestConfig, rest_app
from store import Store
from tests.rest_compat.conftest import MakeClient, client_of, elsewhere


@pytest.mark.parametrize("path", ["/health", "/health/"])
async def test_health_is_good_without_a_token(make_client: MakeClient, path: str) -> None:
    answer = await make_client().get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {"health": "GOOD"}


async def test_ready_reports_the_revision_it_serves_from(
    store: Store, make_client: MakeClient
) -> None:
    answer = await make_client().get("/ready")

    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("ageSeconds") >= 0
    assert body.pop("journalLagSeconds") >= 0
    assert body == {
        "ready": True,
        "revision": store.snapshot.revision,
        "draining": False,
        "database": "available",
    }


@pytest.mark.parametrize(
    ("ready_for", "available", "status"),
    [("reads", True, 200), ("reads", False, 200), ("writes", True, 200), ("writes", False, 503)],
)
async def test_only_readiness_for_writes_depends_on_the_database(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    ready_for: Literal["reads", "writes"],
    available: bool,
    status: int,
) -> None:
    monkeypatch.setattr(Store, "database_available", available)

    answer = await client_of(rest_app(store, RestConfig(ready=ready_for), elsewhere)).get("/ready")

    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    assert answer.json()["database"] == ("available" if available else "unavailable")


async def test_a_store_that_is_about_to_stop_serves_and_is_not_ready(
    store: Store, make_client: MakeClient
) -> None:
    store.drain()

    ready = await make_client().get("/ready")

    assert ready.status_code == 503
    assert (ready.json()["ready"], ready.json()["draining"]) == (False, True)
    assert (await make_client().get("/health")).status_code == 200


async def test_a_store_that_cannot_serve_is_alive_but_not_ready(
    store: Store, make_client: MakeClient
) -> None:
    await store.close()

    health = await make_client().get("/health")
    ready = await make_client().get("/ready")

    assert health.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["ready"] is False
    assert int(ready.headers["retry-after"]) > 0


async def test_head_works_and_other_methods_do_not(make_client: MakeClient) -> None:
    head = await make_client().head("/health")
    post = await make_client().post("/health")

    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 0
    assert post.status_code == 405
    assert post.headers["allow"] == "GET, HEAD"
