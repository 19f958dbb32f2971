"""Bodies of today's admin API, and the values of the store that they stand for."""

from typing import Annotated, Any, TypeVar

from msgspec import UNSET, UnsetType, structs
from pydantic import BeforeValidator, Field

from rest_compat.admin.errors import flawed
from rest_compat.admin.variant_bodies import VariantBody, stored_variants
from rest_compat.admin_v3 import bodies, feature_bodies
from rest_compat.admin_v3.bodies import Body, Flag, Number
from rest_compat.admin_v3.errors import FlawedBodyError
from rest_compat.wire import Request
from store.operations.inputs import StrategySpec
from store.operations.limits import MOST_CONSTRAINT_VALUES, MOST_ITEMS
from store.values import Constraint

BodyT = TypeVar("BodyT", bound=Body)
T = TypeVar("T")


async def read(request: Request, kind: type[BodyT]) -> BodyT:
    """The body of a request.

    Raises: BadDataError: with all flaws; what `Request.json` raises.
    """
    try:
        return await bodies.read(request, kind)
    except FlawedBodyError as error:
        raise flawed(error) from None


def _to_text(value: Any) -> Any:
    """A number counts as the text that it is written as."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


Word = Annotated[str, BeforeValidator(_to_text)]


class ConstraintBody(feature_bodies.ConstraintBody):
    """A constraint, whose operator reads `value` or `values`."""

    values: list[Word] = Field(default=[], max_length=MOST_CONSTRAINT_VALUES)
    value: Word | None = None

    def constraint(self) -> Constraint:
        """What is stored of it."""
        return structs.replace(super().constraint(), value=given(self.value))


class SettingsBody(Body):
    """What a strategy on a toggle is set to."""

    title: str | None = None
    disabled: Flag | None = None
    sort_order: Number | None = None
    parameters: dict[str, Any] | None = None
    constraints: list[ConstraintBody] | None = Field(default=None, max_length=MOST_ITEMS)
    segments: list[int] | None = Field(default=None, max_length=MOST_ITEMS)
    variants: list[VariantBody] | None = Field(default=None, max_length=MOST_ITEMS)

    def settings(self) -> dict[str, Any]:
        """What operations on strategies take; BadDataError if there can be no such variants.

        A change keeps what is left out or null, except that the constraints and variants are those
        of the body and no others, as in 8.2.
        """
        settings = {
            "title": self.title,
            "disabled": self.disabled,
            "parameters": self.parameters,
            "segments": None if self.segments is None else tuple(self.segments),
        }
        return {field: value for field, value in settings.items() if value is not None} | {
            "constraints": tuple(it.constraint() for it in self.constraints or ()),
            "variants": stored_variants(self.variants or (), path=("variants",)),
        }

    def place_among(self, last: int) -> int | None:
        """The position asked for, where `last` is the last there is; None if none was."""
        return None if self.sort_order is None else int(min(max(self.sort_order, 0), last))


class StrategyBody(SettingsBody):
    """A strategy to be put on a toggle."""

    name: Word

    def spec(self) -> StrategySpec:
        """What operations take."""
        return StrategySpec(name=self.name, **self.settings())


class ChangedStrategyBody(SettingsBody):
    """Other settings of a strategy, whose name may be left out."""

    name: Word | None = None


def given(value: T | None) -> T | UnsetType:
    """A value that was sent, UNSET for null and nothing."""
    return UNSET if value is None else value
