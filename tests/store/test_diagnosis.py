"""The examination of a database for `flagstaff doctor`."""

from store import Store
from store.diagnosis import read_connection_limit


async def test_the_lowest_limit_of_connections_is_read_from_postgresql_only(store: Store) -> None:
    limit = await read_connection_limit(store._database)

    # The cluster of the tests permits 200 connections, of which three are for superusers.
    assert limit == (197 if store._database.dialect == "postgresql" else None)
