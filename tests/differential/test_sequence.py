"""The same seed gives the same calls, and the calls use the whole API."""

from tests.differential.sequence import random_calls


def test_a_seed_stands_for_its_calls() -> None:
    assert random_calls(7, 300) == random_calls(7, 300)
    assert random_calls(7, 300) == random_calls(7, 400)[:300]
    assert random_calls(7, 300) != random_calls(8, 300)


def test_a_thousand_calls_reach_every_route() -> None:
    operations = {f"{call.method} {call.operation}" for call in random_calls(1, 1000)}

    assert len(operations) > 60
    assert {
        "POST /api/admin/state/import",
        "GET /api/admin/state/export",
        "POST /api/client/metrics",
        "POST /api/client/register",
        "HEAD /api/client/features",
        "OPTIONS OPTIONS",
        "PUT /api/admin/strategies/:name",
        "DELETE /api/admin/features/:name/tags/:type/:value",
    } <= operations
