"""The kinds of GraphQL fields, which read a value from an object in different ways.

`reads` declares what a field reads besides its object and arguments; see `reads.py`. Fields of the
kinds `plain` and `derived` read only their object.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, Self, TypeAlias

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info as AnyInfo

from graph.engine.run.reads import Declaration

# Every field `revision` has this description.
REVISION = (
    "The server's revision at which this object last changed. Send it as `expectedRevision` to "
    "detect conflicting changes."
)

Derivation = Callable[[Any], Any]
ContextualDerivation = Callable[[Any, Any], Any]


class DerivedField(StrawberryField):
    """A field that is derived only from its object.

    Such a field uses Strawberry's fast path for plain attributes, which creates neither an `Info`
    nor arguments. The fast path takes a fraction of a resolver's time. The difference matters,
    because long lists contain thousands of derived fields.
    """

    derivation: Derivation

    def __copy__(self) -> Self:
        field = super().__copy__()
        field.derivation = self.derivation
        return field

    def get_result(
        self, source: Any, info: AnyInfo[Any, Any] | None, args: list[Any], kwargs: Any
    ) -> Any:
        """Apply the derivation to the object."""
        return self.derivation(source)


class DeclaringField(StrawberryField):
    """A field that declares what it reads. Without a declaration, its values are not cached."""

    reads: Declaration = None

    def __copy__(self) -> Self:
        field = super().__copy__()
        field.reads = self.reads
        return field


class ContextualField(DeclaringField):
    """A field that is derived without I/O from its object and the request's context."""

    contextual_derivation: ContextualDerivation

    @property
    def is_basic_field(self) -> bool:
        """Always false, because Strawberry passes no context to basic fields."""
        return False

    def __copy__(self) -> Self:
        field = super().__copy__()
        field.contextual_derivation = self.contextual_derivation
        return field

    def get_result(
        self, source: Any, info: AnyInfo[Any, Any] | None, args: list[Any], kwargs: Any
    ) -> Any:
        """Apply the derivation to the object."""
        assert info is not None
        return self.contextual_derivation(source, info.context)


class ImmediateField(DeclaringField):
    """A field with arguments that is derived without I/O from its object and the context."""


Load: TypeAlias = Callable[[Sequence[Any], Any], Awaitable[None]]


class Loading(NamedTuple):
    """Loads the values of a field without arguments for all items of a list at once.

    `load` takes the objects and the context. `read` then returns the value of one object from the
    context. If the value was not loaded, `read` raises an exception, and the resolver runs instead.
    """

    load: Load
    read: ContextualDerivation


class ResolvedField(DeclaringField):
    """A field whose resolver runs for each object and may do I/O."""

    loading: Loading | None = None

    def __copy__(self) -> Self:
        field = super().__copy__()
        field.loading = self.loading
        return field


def plain(description: str) -> Any:
    """Return a field that reads the attribute of the same name."""
    return strawberry.field(description=description)


def derived(derivation: Derivation, description: str) -> Any:
    """Return a field that is derived only from the object."""
    field = DerivedField(description=description)
    field.derivation = derivation
    return field


def contextual(
    derivation: ContextualDerivation, description: str, *, reads: Declaration = None
) -> Any:
    """Return a field that is derived without I/O from the object and the request's context."""
    field = ContextualField(description=description)
    field.contextual_derivation = derivation
    field.reads = reads
    return field


def immediate(resolver: Callable[..., Any], description: str, *, reads: Declaration = None) -> Any:
    """Return a field with arguments and without I/O.

    `resolver` takes `root` (the object), `info`, and the arguments. The resolver may read only the
    context of `info`. The arguments are converted once for all requests with the same arguments, so
    the resolver must not change them.
    """
    field = ImmediateField(description=description)
    field.reads = reads
    return field(resolver)


def resolved(
    resolver: Callable[..., Any],
    description: str,
    *,
    name: str | None = None,
    reads: Declaration = None,
    loading: Loading | None = None,
) -> Any:
    """Return a field whose resolver may do I/O. The field may have arguments.

    `resolver` takes the object as `root` and returns objects of the store. The annotation of the
    field is the GraphQL type of these objects. `name` replaces the field's name in GraphQL. Only a
    root field without I/O declares `reads`. With `loading`, the values for all items of a list are
    loaded before the items are completed.
    """
    field = ResolvedField(python_name=None, graphql_name=name, description=description)
    field.reads, field.loading = reads, loading
    return field(resolver)


def or_empty(name: str) -> Derivation:
    """Return a derivation that reads a string attribute and replaces None by an empty string."""

    def read(root: Any) -> str:
        return getattr(root, name) or ""

    return read
