"""Requests that change toggles. No request leaves a toggle unchanged."""

from itertools import count

import httpx

from tests.benchmarks.peers.data import toggle_name
from tests.benchmarks.peers.documents import graphql
from tests.benchmarks.peers.laboratory import Laboratory
from tests.benchmarks.peers.loads import Request
from tests.benchmarks.peers.peer import Peer

_SWITCH = """mutation ($input: ToggleSetEnabledInput!) {
  toggleSetEnabled(input: $input) { toggleEnvironment { revision } errors { message } } }"""


class Switches:
    """Requests that switch the toggles of a database, in an endless cycle."""

    def __init__(self, toggles: int) -> None:
        self._toggles = toggles
        self._numbers = count()

    def next(self, peer: Peer) -> Request:
        """Return the next request to one of the servers of the database."""
        turn, number = divmod(next(self._numbers), self._toggles)
        # Toggles with an even number are on at first.
        enabled = (number % 2 == 0) == (turn % 2 == 1)
        return graphql(peer, _SWITCH, {"input": {"name": toggle_name(number), "enabled": enabled}})


def switches_of(lab: Laboratory, peer: Peer, toggles: int) -> Switches:
    """Return the switches of a server's database. All measurements share them."""
    return lab.once(("switches", peer.url), lambda: Switches(toggles))


def send(client: httpx.Client, request: Request) -> httpx.Response:
    """Send a request on a connection that stays open. The answer must be a success."""
    answer = client.request(
        request.method, request.url, headers=dict(request.headers), content=request.body
    )
    assert answer.status_code == request.expected, answer.text[:500]
    assert b'"errors":[{' not in answer.content[:200], answer.text[:500]
    return answer
