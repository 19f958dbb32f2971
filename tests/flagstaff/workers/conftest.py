"""The supervisor runs in asyncio's own event loop."""

import asyncio
from collections.abc import Callable

import pytest


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return the event loop that uvloop does not replace: uvloop starts no process groups."""
    return {"asyncio": asyncio.new_event_loop}
