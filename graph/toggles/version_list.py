"""Pages of the versions of one toggle, or of all toggles that had a name."""

from collections.abc import Awaitable

from graph.context import Context
from graph.loaders import Below
from graph.paging import Connection, KeyNumber, Ordering, PageArguments, window_of
from store import toggle_versions
from store.paging import Key
from store.toggle_versions import ToggleVersion

_VERSIONS = Ordering("versions", tuple[KeyNumber])
_VERSIONS_OF_NAME = Ordering("versions of a name", tuple[KeyNumber])


async def connect_versions(
    context: Context, toggle_id: str, arguments: PageArguments
) -> Connection[ToggleVersion]:
    """Return a page of the versions of a toggle, newest first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(arguments, _VERSIONS)
    page = await context.loaders.version_pages.load(Below(toggle_id, (window,)))

    def count() -> Awaitable[int]:
        return context.loaders.version_counts.load(Below(toggle_id, ()))

    return Connection(page, _VERSIONS, _revision, count)


async def connect_versions_of_name(
    context: Context, name: str, arguments: PageArguments
) -> Connection[ToggleVersion]:
    """Return a page of the versions of all toggles that had a name, newest first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(arguments, _VERSIONS_OF_NAME)
    async with context.store.read() as session:
        page = await toggle_versions.list_versions_of_name(session, name, window)

    async def count() -> int:
        async with context.store.read() as session:
            return await toggle_versions.count_versions_of_name(session, name)

    return Connection(page, _VERSIONS_OF_NAME, _number, count)


def _revision(version: ToggleVersion) -> Key:
    return (version.event.revision,)


def _number(version: ToggleVersion) -> Key:
    return (version.event.number,)
