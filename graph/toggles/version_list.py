"""Pages of the versions of a toggle."""

from collections.abc import Awaitable

from graph.context import Context
from graph.loaders import Below
from graph.paging import Connection, KeyNumber, Ordering, PageArguments, window_of
from store.change_sets import ToggleVersion
from store.paging import Key

_VERSIONS = Ordering("versions", tuple[KeyNumber])


async def connect_versions(
    context: Context, toggle_id: str, arguments: PageArguments
) -> Connection[ToggleVersion]:
    """A page of the versions of a toggle, newest first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    below = Below(toggle_id, window_of(arguments, _VERSIONS))
    page = await context.loaders.version_pages.load(below)

    def count() -> Awaitable[int]:
        return context.loaders.version_counts.load(Below(toggle_id, None))

    return Connection(page, _VERSIONS, _key, count)


def _key(version: ToggleVersion) -> Key:
    return (version.event.revision,)
