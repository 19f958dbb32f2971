"""The entries that versions 2 to 4 add: environments, toggle states and segments.

The keys are the keys in exports of Unleash 4.2.2, 4.19.5 and 5.12.8.
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
    """The state of a toggle in an environment: enabled or not.

    In version 4, the entry also contains the variants of the toggle in the environment.
    """

    feature_name: str
    environment: NonEmptyString
    enabled: bool = False
    variants: tuple[Variant, ...] | None | UnsetType = UNSET


class SegmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A named set of constraints; other sections refer to the `id` of the segment.

    Only in batch exports, the constraints may be missing.
    """

    id: int | None = None
    name: str
    description: str | None | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...] | UnsetType = UNSET


class StrategySegmentEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The assignment of a segment ID to the ID of a toggle's strategy."""

    feature_strategy_id: str
    segment_id: int
