"""The event loop of tests closes with the connections that a failed test has left open."""

import asyncpg
import pytest

from tests.loops import Loop
from tests.postgresql import Cluster


@pytest.mark.postgres
def test_an_open_connection_to_postgresql_is_ended(cluster: Cluster) -> None:
    loop = Loop()
    connection: asyncpg.Connection = loop.run_until_complete(
        asyncpg.connect(cluster.new_database())
    )

    loop.close()

    assert loop.is_closed()
    assert connection.is_closed()
