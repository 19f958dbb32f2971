"""Connections: pages of lists, their cursors, and the GraphQL types that all connections share."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import msgspec
import strawberry
from graphql import GraphQLError
from msgspec import Struct

from graph.engine.errors import bad_user_input
from graph.engine.run.fields import plain, resolved
from store.paging import Key, Page, Window, page_of_list

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 500

_CURSOR_VERSION = 1
_NO_OFFSET = timedelta(0)

# The types of key parts allow only values that SQLite and PostgreSQL accept as parameters.
KeyString: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]
KeyNumber: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
KeyTime: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
KeyTimeOrNone: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)] | None

T = TypeVar("T")

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="Return at most this many items from the start (50 if neither first nor "
        "last is "
        "given)."
    ),
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Return items after this cursor.")
]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="Return at most this many items from the end.")
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Return items before this cursor.")
]


class PageArguments(Struct, frozen=True):
    """The four arguments of a connection. An omitted or null argument is None."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def limit(self) -> int:
        """The requested number of items.

        Raises: GraphQLError: BAD_USER_INPUT, if both arguments are given or a number is out of
            range.
        """
        if self.first is not None and self.last is not None:
            raise bad_user_input("The arguments 'first' and 'last' cannot be combined.")
        for name, number in (("first", self.first), ("last", self.last)):
            if number is not None and not 0 <= number <= MAX_PAGE_SIZE:
                raise bad_user_input(
                    f"The argument '{name}' is {number}; it must be from 0 to {MAX_PAGE_SIZE}."
                )
        if self.last is not None:
            return self.last
        return DEFAULT_PAGE_SIZE if self.first is None else self.first


def page_arguments(first: Any, after: Any, last: Any, before: Any) -> PageArguments:
    """Return the four arguments of a connection from values that may be UNSET."""
    return PageArguments(
        *(
            None if argument is strawberry.UNSET else argument
            for argument in (first, after, last, before)
        )
    )


class Ordering(Struct, frozen=True):
    """The order of a list. Cursors refer to this order.

    `name` identifies the order by list, field and direction. `key_type` is the tuple type of the
    keys in cursors, so that a key read from a cursor equals the written key.
    """

    name: str
    key_type: Any


def write_cursor(ordering: Ordering, key: Key) -> str:
    """Return the opaque cursor of the item with a key."""
    encoded = msgspec.json.encode((_CURSOR_VERSION, ordering.name, key))
    return urlsafe_b64encode(encoded).rstrip(b"=").decode()


def read_cursor(ordering: Ordering, cursor: str) -> Key:
    """Return the key in a cursor that was written for the same order.

    Raises: GraphQLError: BAD_USER_INPUT, for any other string.
    """
    try:
        decoded = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        version, name, raw = msgspec.json.decode(decoded, type=tuple[int, str, msgspec.Raw])
        if (version, name) != (_CURSOR_VERSION, ordering.name):
            raise bad_user_input(
                f"The cursor '{cursor[:100]}' belongs to another list or to another order of "
                f"this list."
            )
        key = msgspec.json.decode(raw, type=ordering.key_type)
    except (ValueError, RecursionError):
        raise _no_cursor(cursor) from None
    # Some values can be decoded although `write_cursor` never writes them, such as times with an
    # offset.
    if any(isinstance(part, datetime) and part.utcoffset() != _NO_OFFSET for part in key):
        raise _no_cursor(cursor)
    if write_cursor(ordering, key) != cursor:
        raise _no_cursor(cursor)
    return key


def _no_cursor(cursor: str) -> GraphQLError:
    return bad_user_input(f"'{cursor[:100]}' is not a cursor of this list.")


def window_of(arguments: PageArguments, ordering: Ordering) -> Window:
    """Return the window that the arguments of a connection describe.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    return Window(
        limit=arguments.limit,
        after=None if arguments.after is None else read_cursor(ordering, arguments.after),
        before=None if arguments.before is None else read_cursor(ordering, arguments.before),
        from_end=arguments.last is not None,
    )


class Edge(Struct, Generic[T], frozen=True):
    """An item of a list and its cursor. The cursor is computed only if it is selected."""

    node: T
    ordering: Ordering
    key_of: Callable[[T], Key]

    @property
    def cursor(self) -> str:
        """The cursor of the item."""
        return write_cursor(self.ordering, self.key_of(self.node))


class PagePosition(Struct, frozen=True):
    """The position of a page in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Connection(Generic[T]):
    """A page of a list, for the connection types. Each part is computed only if it is selected.

    `key_of` returns the key of an item in `ordering`. `count` returns the number of items in the
    whole list, or an awaitable of this number.
    """

    def __init__(
        self,
        page: Page[T],
        ordering: Ordering,
        key_of: Callable[[T], Key],
        count: Callable[[], int | Awaitable[int]],
    ) -> None:
        self.nodes: Sequence[T] = page.items
        self._page = page
        self._ordering = ordering
        self._key_of = key_of
        self._count = count

    @property
    def edges(self) -> list[Edge[T]]:
        """The items with their cursors."""
        return [Edge(item, self._ordering, self._key_of) for item in self.nodes]

    @cached_property
    def page_info(self) -> PagePosition:
        """The position of the page in its list."""
        return PagePosition(
            self._page.has_next,
            self._page.has_previous,
            self._cursor_of(self.nodes[0]) if self.nodes else None,
            self._cursor_of(self.nodes[-1]) if self.nodes else None,
        )

    @property
    def total_count(self) -> int | Awaitable[int]:
        """The number of items in the whole list."""
        return self._count()

    def _cursor_of(self, item: T) -> str:
        return write_cursor(self._ordering, self._key_of(item))


def cut_list(
    items: Sequence[T],
    arguments: PageArguments,
    ordering: Ordering,
    key_of: Callable[[T], Key],
    *,
    sorted_by: Callable[[Key], Key] = tuple,
) -> Page[T]:
    """Return a page of a list in memory.

    The list must be sorted by sort keys. `sorted_by` computes an item's sort key from its cursor
    key. The two keys differ if strings are in descending order, or if a value may be missing.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(arguments, ordering)
    return page_of_list(
        items,
        lambda item: sorted_by(key_of(item)),
        Window(
            window.limit,
            None if window.after is None else sorted_by(window.after),
            None if window.before is None else sorted_by(window.before),
            window.from_end,
        ),
    )


def connect_list(
    items: Sequence[T],
    arguments: PageArguments,
    ordering: Ordering,
    key_of: Callable[[T], Key],
    *,
    sorted_by: Callable[[Key], Key] = tuple,
) -> Connection[T]:
    """Return a page from `cut_list` as a connection.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    page = cut_list(items, arguments, ordering, key_of, sorted_by=sorted_by)
    return Connection(page, ordering, key_of, lambda: len(items))


EdgeT = TypeVar("EdgeT")
NodeT = TypeVar("NodeT")


def _total_count(root: Connection[Any]) -> int | Awaitable[int]:
    return root.total_count


@strawberry.type(description="The position of a page in the whole list.")
class PageInfo:
    has_next_page: bool = plain("Whether more items follow this page.")
    has_previous_page: bool = plain("Whether more items precede this page.")
    start_cursor: str | None = plain(
        "The cursor of the first item on this page, null if the page is empty."
    )
    end_cursor: str | None = plain(
        "The cursor of the last item on this page, null if the page is empty."
    )


@strawberry.type
class EdgeOf:
    cursor: str = plain(
        "An opaque string that identifies the position of this item. Use it as `after` or `before`."
    )


_TOTAL_COUNT = (
    "The number of items in the whole filtered list, computed only if this field is selected."
)


@strawberry.type
class ConnectionOf(Generic[EdgeT, NodeT]):
    """A connection of objects in the snapshot."""

    edges: list[EdgeT] = plain("Items of this page with their cursors.")
    nodes: list[NodeT] = plain("Items of this page without cursors.")
    page_info: PageInfo = plain("The position of this page in the whole list.")
    total_count: int = plain(_TOTAL_COUNT)


@strawberry.type
class CountedConnectionOf(ConnectionOf[EdgeT, NodeT]):
    """A connection of rows that only the database can count."""

    total_count: int = resolved(_total_count, _TOTAL_COUNT)
