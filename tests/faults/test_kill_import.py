"""A server killed in the middle of an import has all of it or nothing, and what it said before."""

import random
import time
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.server import ADMIN_TOKEN, TOKENS, Server

TOGGLES = 600
ROUNDS = 2
SEED = 11


class Import:
    """One import on its way; `accepted` once the server says so."""

    def __init__(self, server: Server, name: str) -> None:
        self.accepted = False
        self.names = {f"{name}-{number}" for number in range(TOGGLES)}
        self._address = f"{server.url}/api/admin/state/import"
        self._thread = Thread(target=self._send)
        self._thread.start()

    def join(self) -> None:
        """Wait until it is answered, or the connection is gone."""
        self._thread.join()

    def _send(self) -> None:
        features = [{"name": name, "strategies": [{"name": "default"}]} for name in self.names]
        headers = {"Authorization": ADMIN_TOKEN}
        try:
            answer = httpx.post(
                self._address, json={"features": features}, headers=headers, timeout=60
            )
            self.accepted = answer.status_code == 202
        except httpx.TransportError:
            pass


@pytest.mark.slow
def test_a_killed_import_is_all_there_or_not_at_all(tmp_path: Path, database_url: str) -> None:
    chance = random.Random(SEED)
    found: list[tuple[bool, int, list[str]]] = []

    with Server(tmp_path, FLAGSTAFF_DATABASE_URL=database_url, **TOKENS) as server:
        started = time.monotonic()
        whole = Import(server, "whole")
        whole.join()
        took_s = time.monotonic() - started
        for round_number in range(ROUNDS):
            kept = {"name": f"kept-{round_number}", "strategies": [{"name": "default"}]}
            server.request("POST", "/api/admin/features", json=kept)
            sent = Import(server, f"round-{round_number}")
            time.sleep(took_s * chance.uniform(0.2, 1.0))
            server.kill()
            sent.join()
            server.start()
            events = events_of(server, f"kept-{round_number}")
            found.append((sent.accepted, len(sent.names & toggles(server)), events))
        stored = toggles(server)

    assert whole.accepted
    assert whole.names <= stored
    for accepted, count, events in found:
        assert count == TOGGLES if accepted else count in (0, TOGGLES)
        assert events == ["feature-created"]


def toggles(server: Server) -> set[str]:
    """The names of all live toggles."""
    features = server.request("GET", "/api/admin/features").json()["features"]
    return {it["name"] for it in features}


def events_of(server: Server, name: str) -> list[str]:
    """The types of the events of a toggle."""
    events = server.request("GET", f"/api/admin/events/{name}").json()["events"]
    return [it["type"] for it in events]
