"""Today's admin API answers recorded requests like Unleash 8.2 (rest-v8-admin.yaml)."""

from collections import Counter
from pathlib import Path

import httpx

from rest_compat.app import RestConfig, rest_app
from store import Store
from tests.contract.replaying import Player, load_recording
from tests.contract.test_sdk_api import nothing_else, prepared
from tests.openapi.described import CHECKED

__all__ = ["prepared"]

RECORDING = load_recording("rest-v8-admin.yaml")
DIFFERENCES = Path(__file__).parents[2] / "docs/reference/rest-differences.md"


async def test_the_recorded_exchanges_of_today_s_admin_api_pass(prepared: Store) -> None:
    transport = httpx.ASGITransport(rest_app(prepared, RestConfig(), nothing_else))
    problems: dict[str, str] = {}
    played: Counter[str] = Counter()

    async with httpx.AsyncClient(
        transport=transport, base_url="http://flagstaff.test", event_hooks=CHECKED
    ) as client:
        player = Player(client, RECORDING.variables)
        for exchange in RECORDING.exchanges:
            played["setup" if exchange.get("setup") else exchange["area"]] += 1
            problem = await player.play(exchange)
            if problem is not None:
                problems[exchange["name"]] = problem

    assert problems == {}
    assert played == {
        "edge": 6,
        "tokens": 16,
        "context": 19,
        "setup": 9,
        "features": 60,
        "instance": 34,
        "projects": 47,
    }


def test_every_accepted_difference_is_documented() -> None:
    page = DIFFERENCES.read_text(encoding="utf-8")
    reasons = {
        also["why"]
        for exchange in RECORDING.exchanges
        for also in exchange["response"].get("accept_also", ())
    }

    assert [key for key in sorted(reasons) if f"| `{key}` |" not in page] == []
