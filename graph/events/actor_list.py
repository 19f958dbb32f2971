"""Pages of the parties that made changes."""

from graph.context import Context
from graph.filtering import searched
from graph.paging import Connection, KeyString, Ordering, PageArguments, window_of
from store import actors
from store.model import Actor
from store.paging import Key

_ACTORS = Ordering("actors", tuple[KeyString])


async def connect_actors(
    context: Context, arguments: PageArguments, search: str | None
) -> Connection[Actor]:
    """Return a page of the parties that made changes, sorted by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    search, window = searched(search), window_of(arguments, _ACTORS)
    async with context.store.read() as session:
        page = await actors.list_actors(session, search, window)

    async def count() -> int:
        async with context.store.read() as session:
            return await actors.count_actors(session, search)

    return Connection(page, _ACTORS, _key, count)


def _key(actor: Actor) -> Key:
    return (actor.name,)
