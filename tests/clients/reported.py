"""Waiting for what an SDK does in its own time, and reading what it reported."""

import time
from collections.abc import Callable
from typing import Any

from tests.server import Server

APPLICATION = """
query Reported($name: String!) {
  application(name: $name) {
    registered
    strategies { name }
    instances { nodes { instanceId environment { name } sdk { name version } } }
    usages { nodes { toggleName environment { name } toggle { name } } }
  }
}
"""


def wait_until(condition: Callable[[], Any], *, seconds: float = 15) -> Any:
    """The first true outcome of a condition that is tried again and again."""
    deadline = time.monotonic() + seconds
    while not (outcome := condition()):
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)
    return outcome


def application(server: Server, name: str) -> dict[str, Any] | None:
    """What GraphQL shows of an application."""
    return server.graphql(APPLICATION, name=name)["application"]


def used_toggles(server: Server, name: str) -> set[str]:
    """The toggles that an application reported using."""
    found = application(server, name)
    return {usage["toggleName"] for usage in found["usages"]["nodes"]} if found else set()
