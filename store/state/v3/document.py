"""The state document of 3.x: what its JSON and YAML look like (contract/NOTES.md, "Export and
import, 3.x")."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from store.operations.inputs import StrategySpec
from store.operations.limits import LONGEST_CONSTRAINT_VALUE
from store.values import Constraint, Tag, Variant

VERSION = 1

_Text = Annotated[str, Meta(min_length=1)]
_Compared = Annotated[str, Meta(min_length=1, max_length=LONGEST_CONSTRAINT_VALUE)]


class ConstraintEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A constraint.

    The last two keys are younger than 3.x and read all the same: without them a constraint would
    become its opposite.
    """

    context_name: _Text
    operator: _Text
    values: Annotated[tuple[_Compared, ...], Meta(min_length=1)] | UnsetType = UNSET
    inverted: bool | UnsetType = UNSET
    case_insensitive: bool | UnsetType = UNSET

    def constraint(self) -> Constraint:
        """What is stored of it."""
        return Constraint(**structs.asdict(self))


class ActivationEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A strategy on a toggle; what 3.x does not know of it is shown by the admin API, and so taken
    back."""

    name: str
    title: str = ""
    disabled: bool = False
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] = ()
    variants: tuple[Variant, ...] | UnsetType = UNSET

    def spec(self) -> StrategySpec:
        """What operations take."""
        return StrategySpec(
            name=self.name,
            title=self.title,
            disabled=self.disabled,
            parameters=self.parameters,
            constraints=self.stored_constraints(),
            segments=self.segments,
            variants=self.variants,
        )

    def stored_constraints(self) -> tuple[Constraint, ...] | None | UnsetType:
        """The constraints as they are stored; never sent, null and none are three things."""
        if self.constraints is None or self.constraints is UNSET:
            return self.constraints
        return tuple(it.constraint() for it in self.constraints)


class FeatureEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A toggle, as far as the environment `default` knows it."""

    name: str
    description: str | None | UnsetType = UNSET
    type: _Text | UnsetType = UNSET
    project: _Text | UnsetType = UNSET
    enabled: bool = False
    stale: bool | UnsetType = UNSET
    archived: bool = False
    strategies: Annotated[tuple[ActivationEntry, ...], Meta(min_length=1)]
    variants: tuple[Variant, ...] | None | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET


class ParameterEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A parameter that a strategy takes."""

    name: _Text
    type: str
    description: str | None | UnsetType = UNSET
    required: bool | UnsetType = UNSET


class StrategyEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The definition of a strategy."""

    name: str
    description: str | None | UnsetType = UNSET
    parameters: tuple[ParameterEntry, ...]
    deprecated: bool | UnsetType = UNSET


class ProjectEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A project; `id` is what Flagstaff calls its name, `name` its title."""

    id: str
    name: str
    description: str | None = None


class TagTypeEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A kind of tag."""

    name: str
    description: str | None = None
    icon: str | None = None


class FeatureTagEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """That a toggle carries a tag."""

    feature_name: str
    tag_type: str
    tag_value: str

    @property
    def tag(self) -> Tag:
        """The tag."""
        return Tag(self.tag_type, self.tag_value)


class V3State(Struct, frozen=True, kw_only=True, rename="camel"):
    """A configuration or a part of one; a part that is missing is not the same as an empty one."""

    version: int | float | UnsetType = UNSET
    features: tuple[FeatureEntry, ...] | UnsetType = UNSET
    strategies: tuple[StrategyEntry, ...] | UnsetType = UNSET
    projects: tuple[ProjectEntry, ...] | UnsetType = UNSET
    tag_types: tuple[TagTypeEntry, ...] | UnsetType = UNSET
    tags: tuple[Tag, ...] | UnsetType = UNSET
    feature_tags: tuple[FeatureTagEntry, ...] | UnsetType = UNSET


class V3Document(Struct, frozen=True):
    """A document, and the JSON that it was read from: events tell of items as they were sent."""

    state: V3State
    source: Mapping[str, Sequence[Any]]
