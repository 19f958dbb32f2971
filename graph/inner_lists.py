"""The fields for a list inside an object: a page, the count, and whether there are more items.

An object with such a list can itself be an item of a page. Therefore the list has a maximum length,
like a connection. The items have no cursors. A page begins after the item with a given name.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry
from msgspec import Struct
from strawberry.utils.str_converters import to_camel_case

from graph.context import Context, Info
from graph.engine.errors import bad_user_input
from graph.engine.run.fields import contextual, immediate, resolved
from graph.engine.run.reads import Declaration
from graph.paging import DEFAULT_PAGE_SIZE, PageArguments
from store.operations.strings import display

T = TypeVar("T")

FirstItems: TypeAlias = Annotated[
    int, strawberry.argument(description="Return at most this many items, up to 500.")
]
AfterName: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "Return only items after the item with this name. The name of an SDK has the form "
            "`name:version`, or `name` if no version was reported."
        )
    ),
]


def cut_by_name(
    items: Sequence[T], name_of: Callable[[T], str], first: int, after: Any, *, by_name: bool = True
) -> Sequence[T]:
    """Return at most `first` items, beginning after the item named `after`.

    If the list is sorted by name (`by_name`), an item named `after` need not exist.

    Raises: GraphQLError: BAD_USER_INPUT, if `first` is out of range, or if the list is not sorted
        by name and no item has the name.
    """
    limit = PageArguments(first=first).limit
    start = 0
    if after is not strawberry.UNSET and after is not None:
        start = (
            bisect_right(items, after, key=name_of)
            if by_name
            else _position(items, name_of, after) + 1
        )
    return items[start : start + limit]


def _position(items: Sequence[T], name_of: Callable[[T], str], name: str) -> int:
    for index, item in enumerate(items):
        if name_of(item) == name:
            return index
    raise bad_user_input(
        f"The argument 'after' is '{display(name)}', but no item of this list has that name."
    )


class InnerList(Struct, Generic[T], frozen=True):
    """The fields about a list inside objects. The list is read from the object and the context.

    `what` is the plural name of the items, as in the field's name. If `by_name`, the items are
    sorted by name.
    """

    what: str
    read: Callable[[Any, Context], Sequence[T]]
    name_of: Callable[[T], str]
    by_name: bool = True
    reads: Declaration = None

    def page(self, description: str) -> Any:
        """Return the field with a page of the items."""

        def page(
            root: Any,
            info: Info,
            first: FirstItems = DEFAULT_PAGE_SIZE,
            after: AfterName = strawberry.UNSET,
        ) -> Sequence[T]:
            items = self.read(root, info.context)
            return cut_by_name(items, self.name_of, first, after, by_name=self.by_name)

        return immediate(page, description, reads=self.reads)

    def count(self) -> Any:
        """Return the field with the total number of items."""
        return contextual(
            lambda root, context: len(self.read(root, context)),
            _describe_count(self.what),
            reads=self.reads,
        )

    def has_more(self) -> Any:
        """Return the field that is true if there are more items than on the default page."""
        return contextual(
            lambda root, context: len(self.read(root, context)) > DEFAULT_PAGE_SIZE,
            _describe_more(self.what),
            reads=self.reads,
        )


class LoadedInnerList(Struct, Generic[T], frozen=True):
    """The fields about a list inside objects. The list is loaded with I/O."""

    what: str
    load: Callable[[Any, Info], Awaitable[Sequence[T]]]
    name_of: Callable[[T], str]
    by_name: bool = True

    def page(self, description: str) -> Any:
        """Return the field with a page of the items."""

        async def page(
            root: Any,
            info: Info,
            first: FirstItems = DEFAULT_PAGE_SIZE,
            after: AfterName = strawberry.UNSET,
        ) -> Sequence[T]:
            items = await self.load(root, info)
            return cut_by_name(items, self.name_of, first, after, by_name=self.by_name)

        return resolved(page, description)

    def count(self) -> Any:
        """Return the field with the total number of items."""

        async def count(root: Any, info: Info) -> int:
            return len(await self.load(root, info))

        return resolved(count, _describe_count(self.what))

    def has_more(self) -> Any:
        """Return the field that is true if there are more items than on the default page."""

        async def has_more(root: Any, info: Info) -> bool:
            return len(await self.load(root, info)) > DEFAULT_PAGE_SIZE

        return resolved(has_more, _describe_more(self.what))


def _describe_count(what: str) -> str:
    return f"The total number of {what}."


def _describe_more(what: str) -> str:
    field = to_camel_case(what.lower().replace(" ", "_"))
    return f"Whether there are more {what} than `{field}` returns without arguments."
