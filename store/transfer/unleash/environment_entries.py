"""The entries that versions 2 to 4 of a state document add: environments, toggle states, segments.

The keys are those that the servers 4.2.2, 4.19.5 and 5.12.8 export.
"""

from msgspec import UNSET, Struct, UnsetType

from store.transfer.unleash.activation_entries import ConstraintEntry, NonEmptyString
from store.values import Variant


class EnvironmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A stage of delivery."""

    name: NonEmptyString
    type: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    sort_order: int | None | UnsetType = UNSET


class FeatureEnvironmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether a toggle is enabled in an environment, and in version 4 its variants there."""

    feature_name: str
    environment: NonEmptyString
    enabled: bool = False
    variants: tuple[Variant, ...] | None | UnsetType = UNSET


class SegmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A named set of constraints; the rest of the document refers to `id`."""

    id: int | None = None
    name: str
    description: str | None | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...]


class StrategySegmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A segment of a toggle's strategy, both given by ID."""

    feature_strategy_id: str
    segment_id: int
