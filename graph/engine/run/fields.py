"""How a field of a GraphQL type gets its value from the object of the store behind it."""

from collections.abc import Callable
from typing import Any, Self

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info as AnyInfo

# The description of `revision`, the same on everything that can be changed.
REVISION = (
    "The server's revision at which this object last changed; send it back as expectedRevision."
)

Derivation = Callable[[Any], Any]
ContextualDerivation = Callable[[Any, Any], Any]


class DerivedField(StrawberryField):
    """A field worked out from its object alone.

    It takes Strawberry's short way for plain attributes, which makes neither an `Info` nor
    arguments and costs a fraction of a resolver; lists of toggles hold thousands of these.
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


class ContextualField(StrawberryField):
    """A field worked out, at once, from its object and the context of the request."""

    contextual_derivation: ContextualDerivation

    @property
    def is_basic_field(self) -> bool:
        """Not for Strawberry, whose basic fields know nothing of the request."""
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


class ImmediateField(StrawberryField):
    """A field with arguments, worked out at once from its object and the context of the request."""


def plain(description: str) -> Any:
    """A field that is the attribute of the same name."""
    return strawberry.field(description=description)


def derived(derivation: Derivation, description: str) -> Any:
    """A field worked out from the object alone."""
    field = DerivedField(description=description)
    field.derivation = derivation
    return field


def contextual(derivation: ContextualDerivation, description: str) -> Any:
    """A field worked out from the object and the context of the request, without waiting."""
    field = ContextualField(description=description)
    field.contextual_derivation = derivation
    return field


def immediate(resolver: Callable[..., Any], description: str) -> Any:
    """A field with arguments, worked out without waiting.

    `resolver` takes the object as `root`, `info`, of which it reads nothing but the context, and
    the arguments. In lists these are read but once.
    """
    return ImmediateField(description=description)(resolver)


def resolved(resolver: Callable[..., Any], description: str, *, name: str | None = None) -> Any:
    """A field that has arguments, or waits for what it shows.

    `resolver` takes the object as `root`, and returns objects of the store; what GraphQL shows them
    as is said by the annotation of the field. GraphQL calls it `name`, if that is given.
    """
    return strawberry.field(resolver=resolver, description=description, name=name)


def or_empty(name: str) -> Derivation:
    """A derivation: the text of an attribute, empty where there is none."""

    def text(root: Any) -> str:
        return getattr(root, name) or ""

    return text
