"""The interface of all types with a global ID."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import strawberry

from graph.engine.run.fields import derived, plain
from graph.ids import encode_id

T = TypeVar("T")

# Maps each class of the store whose objects have a global ID to the name of its GraphQL type.
_TYPE_NAMES: dict[type, str] = {}


def shows(store_class: type, *, cached_by: Sequence[str] = ()) -> Callable[[type[T]], type[T]]:
    """Declare that a GraphQL type displays the objects of a store class.

    For objects of snapshots, `cached_by` names the attributes that identify an object. Encoded
    selections on these objects are cached across requests.
    """

    def mark(graphql_class: type[T]) -> type[T]:
        graphql_class.store_class = store_class  # pyright: ignore[reportAttributeAccessIssue] (read by tests)
        if cached_by:
            graphql_class.cache_key = attrgetter(*cached_by)  # pyright: ignore[reportAttributeAccessIssue] (read by the engine)
        if issubclass(graphql_class, Node):
            _accept(graphql_class, store_class)
        return graphql_class

    return mark


def _accept(graphql_class: type[Any], store_class: type) -> None:
    """Let a type with interfaces accept objects of the store.

    By default, Strawberry would refuse these objects.
    """

    def is_type_of(value: object, _info: object) -> bool:
        return isinstance(value, store_class)

    _TYPE_NAMES[store_class] = graphql_class.__name__
    graphql_class.is_type_of = staticmethod(is_type_of)


def id_field(type_name: str, key: str, description: str) -> Any:
    """Create the field `id` of a type. The attribute `key` identifies the objects."""

    def global_id(root: Any) -> strawberry.ID:
        return encode_id(type_name, getattr(root, key))

    return derived(global_id, description)


@strawberry.interface(description="An object that can be fetched again by its globally unique ID.")
class Node:
    id: strawberry.ID = plain("The globally unique ID of this object.")

    @classmethod
    def resolve_type(cls, value: object, _info: object, _interface: object) -> str | None:
        """Return the name of an object's GraphQL type."""
        return _TYPE_NAMES.get(type(value))
