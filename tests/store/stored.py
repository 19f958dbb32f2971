"""What is stored, as a process that has just begun finds it."""

from store import Snapshot, Store
from store.aggregates import load_configuration
from store.snapshot import Configuration


async def read_again(store: Store) -> Configuration:
    """What another process, which has just begun, finds in the store's database."""
    async with store.read() as session:
        return await load_configuration(session)


def assert_same_configuration(left: Configuration | Snapshot, right: Configuration | Snapshot):
    """Fail at the first part in which two configurations differ."""
    for name in Configuration.__struct_fields__:
        assert getattr(left, name) == getattr(right, name), name
