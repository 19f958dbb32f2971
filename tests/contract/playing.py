"""Play recorded exchanges of Unleash 8.2 to the REST API, and compare the answers."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import httpx

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import Receive, Scope, Send
from store import Store
from tests.contract.replaying import Player, Recording, hanging_up
from tests.contract.typed import type_problem
from tests.openapi.described import check_answer

DIFFERENCES = Path(__file__).parents[2] / "docs/reference/rest-differences.md"


class Played(NamedTuple):
    """The errors in the answers by exchange, and the number of exchanges in each area."""

    problems: dict[str, str]
    areas: Counter[str]


async def play_recording(store: Store, recording: Recording) -> Played:
    """Play all exchanges in order. Also check the types of values that typed clients decode."""
    transport = httpx.ASGITransport(hanging_up(rest_app(store, RestConfig(), _nothing_else)))
    played = Played({}, Counter())
    answers: list[httpx.Response] = []

    async def note(answer: httpx.Response) -> None:
        await check_answer(answer)
        answers.append(answer)

    async with httpx.AsyncClient(
        transport=transport, base_url="http://flagstaff.test", event_hooks={"response": [note]}
    ) as client:
        player = Player(client, recording.variables)
        for exchange in recording.exchanges:
            played.areas["setup" if exchange.get("setup") else exchange["area"]] += 1
            problem = await player.play(exchange)
            if problem is None and "types" in exchange:
                problem = type_problem(exchange["types"], answers[-1].json())
            if problem is not None:
                played.problems[exchange["name"]] = problem
    return played


def undocumented_differences(recording: Recording) -> list[str]:
    """The reasons of accepted differences that the page about differences lacks."""
    page = DIFFERENCES.read_text(encoding="utf-8")
    reasons = {
        also["why"]
        for exchange in recording.exchanges
        for also in exchange["response"].get("accept_also", ())
    }
    return [key for key in sorted(reasons) if f"| `{key}` |" not in page]


async def _nothing_else(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"{scope['path']} left the REST edge")
