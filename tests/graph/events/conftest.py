"""A gateway for tests of scheduled change sets."""

from collections.abc import AsyncIterator

import pytest

from store.operations.toggles import create_toggle
from tests.graph.scheduling import TimedGateway, timed_gateway_over
from tests.store.operations.doing import carry_out


@pytest.fixture
async def timed(prepared_url: str) -> AsyncIterator[TimedGateway]:
    """A gateway with a stopped clock, and the toggles `a` and `b`."""
    async with timed_gateway_over(prepared_url) as opened:
        for name in ("a", "b"):
            await carry_out(opened.store, create_toggle, name=name)
        yield opened
