"""Load the stored data as a new process does."""

from store import Snapshot, Store
from store.aggregates import load_configuration
from store.following import follow, read_news
from store.paging import Window
from store.snapshot import Configuration
from store.usage.applications import NO_FILTER, all_applications
from store.usage.instances import (
    ALL_INSTANCES,
    ApplicationInstance,
    instance_position,
    list_instances,
)
from store.usage.toggle_usages import ToggleUsage, UsageFilter, list_usages, usage_position


async def read_again(store: Store) -> Configuration:
    """Load the data of the store's database as a new process does."""
    async with store.read() as session:
        return await load_configuration(session)


async def followed(store: Store, known: Snapshot) -> Snapshot | None:
    """Return the current state, computed from an earlier state and the events since then.

    Return None if the events do not suffice.
    """
    async with store.read() as session:
        news = await read_news(session, known.revision, None)
        return await follow(session, known, news, up_to=store.snapshot.revision)


def assert_same_configuration(left: Configuration | Snapshot, right: Configuration | Snapshot):
    """Fail at the first part in which two configurations differ."""
    for name in Configuration.__struct_fields__:
        assert getattr(left, name) == getattr(right, name), name


async def stored_instances(store: Store) -> list[ApplicationInstance]:
    """The instances of all applications, latest report first."""
    async with store.read() as session:
        names = [application.name for application in await all_applications(session, NO_FILTER)]
        pages = await list_instances(session, names, ALL_INSTANCES, Window(1_000))
    found = [instance for page in pages.values() for instance in page.items]
    return sorted(found, key=instance_position, reverse=True)


async def stored_usages(store: Store) -> list[ToggleUsage]:
    """The usages of all applications, latest report first."""
    async with store.read() as session:
        names = [application.name for application in await all_applications(session, NO_FILTER)]
        pages = await list_usages(session, names, "app_name", UsageFilter(), Window(1_000))
    found = [usage for page in pages.values() for usage in page.items]
    return sorted(found, key=usage_position, reverse=True)
