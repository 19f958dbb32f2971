"""Pages of lists: what all connections and their edges have in common."""

from collections.abc import Awaitable
from typing import Any, Generic, TypeVar

import strawberry

from graph.engine.run.fields import plain, resolved
from graph.paging import Connection

EdgeT = TypeVar("EdgeT")
NodeT = TypeVar("NodeT")


def _total_count(root: Connection[Any]) -> int | Awaitable[int]:
    return root.total_count


@strawberry.type(description="Where a page lies in the list it was cut from.")
class PageInfo:
    has_next_page: bool = plain("Whether more items follow this page.")
    has_previous_page: bool = plain("Whether items come before this page.")
    start_cursor: str | None = plain(
        "The cursor of the first item of this page, null when it is empty."
    )
    end_cursor: str | None = plain(
        "The cursor of the last item of this page, null when it is empty."
    )


@strawberry.type
class EdgeOf:
    cursor: str = plain("Opaque position of this item, for use with after and before.")


_TOTAL_COUNT = "Number of items in the whole filtered list, counted only when selected."


@strawberry.type
class ConnectionOf(Generic[EdgeT, NodeT]):
    """A connection over what the snapshot holds."""

    edges: list[EdgeT] = plain("Items of this page with their cursors.")
    nodes: list[NodeT] = plain("Items of this page without cursors.")
    page_info: PageInfo = plain("Where this page lies in the whole list.")
    total_count: int = plain(_TOTAL_COUNT)


@strawberry.type
class CountedConnectionOf(ConnectionOf[EdgeT, NodeT]):
    """A connection over what only the database can count."""

    total_count: int = resolved(_total_count, _TOTAL_COUNT)
