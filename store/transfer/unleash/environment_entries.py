"""The entries for environments, toggle states and segments, which versions 2 to 4 add.

The keys are those in exports of Unleash 4.2.2, 4.19.5 and 5.12.8.
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
    """A named set of constraints; other sections refer to its `id`."""

    id: int | None = None
    name: str
    description: str | None | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...]


class StrategySegmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The assignment of a segment to a toggle's strategy, both given by ID."""

    feature_strategy_id: str
    segment_id: int
