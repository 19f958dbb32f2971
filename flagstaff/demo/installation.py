"""The types and helper functions for describing the example installation."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from store.operations.inputs import StrategySpec
from store.values import Constraint, StrategyParameter, Variant, VariantOverride, VariantPayload

DEVELOPMENT = "development"
PRODUCTION = "production"


class DemoStrategy(Struct, frozen=True):
    """A custom strategy of the shop."""

    name: str
    title: str
    description: str
    parameters: tuple[StrategyParameter, ...]
    deprecated: bool = False


class DemoContextField(Struct, frozen=True, kw_only=True):
    """A context field, with a description of each of its values."""

    name: str
    description: str
    values: Mapping[str, str] = {}


class DemoTagType(Struct, frozen=True, kw_only=True):
    """A type of tags besides `simple`."""

    name: str
    description: str
    color: str


class DemoSegment(Struct, frozen=True, kw_only=True):
    """A segment that strategies of several toggles use."""

    name: str
    description: str
    constraints: tuple[Constraint, ...]


class DemoToggle(Struct, frozen=True, kw_only=True):
    """A toggle with its configuration in the environments `production` and `default`.

    Each of its strategies has all of its `segments`. In the environment `development`, the toggle
    is on for everyone unless `in_development` is false. A tag has the form `value` or `type:value`.
    """

    name: str
    description: str
    type: str = "release"
    enabled: bool = True
    strategies: tuple[StrategySpec, ...] | None = None
    variants: tuple[Variant, ...] = ()
    tags: tuple[str, ...] = ()
    in_development: bool = True
    impression_data: bool = False
    stale: bool = False
    archived: bool = False
    project: str = "default"
    segments: tuple[str, ...] = ()


class DemoApplication(Struct, frozen=True, kw_only=True):
    """An application of the shop.

    `instances` lists the instance IDs by environment. `yes_share` maps the name of a toggle to the
    share of its evaluations that are on, from 0 to 1. The toggle need not exist.
    """

    name: str
    sdk_version: str
    platform_name: str
    platform_version: str
    spec_version: str
    strategies: tuple[str, ...]
    instances: Mapping[str, tuple[str, ...]]
    calls_per_hour: int
    yes_share: Mapping[str, float]


def strategy(
    name: str, *constraints: Constraint, title: str = "", disabled: bool = False, **parameters: Any
) -> StrategySpec:
    """Return an activation strategy."""
    return StrategySpec(
        name=name,
        title=title,
        disabled=disabled,
        parameters=parameters or UNSET,
        constraints=constraints,
    )


def rollout(
    percent: int, group: str, *constraints: Constraint, stickiness: str = "default", title: str = ""
) -> StrategySpec:
    """Return a gradual rollout.

    Toggles with the same group are rolled out to the same users first.
    """
    return strategy(
        "flexibleRollout",
        *constraints,
        title=title,
        rollout=str(percent),
        stickiness=stickiness,
        groupId=group,
    )


def when(
    field: str,
    operator: str,
    *values: str,
    inverted: bool = False,
    case_insensitive: bool = False,
) -> Constraint:
    """Return a constraint. The store moves a single value to the key that SDKs read."""
    return Constraint(
        field,
        operator,
        values=values,
        inverted=inverted or UNSET,
        case_insensitive=case_insensitive or UNSET,
    )


def variant(
    name: str,
    weight: int,
    payload: tuple[str, str] | None = None,
    *,
    fixed: bool = False,
    stickiness: str = "default",
    users: tuple[str, ...] = (),
) -> Variant:
    """Return a variant with a weight in thousandths. The given `users` always get the variant."""
    variant_payload: VariantPayload | UnsetType = VariantPayload(*payload) if payload else UNSET
    return Variant(
        name=name,
        weight=weight,
        weight_type="fix" if fixed else "variable",
        stickiness=stickiness,
        payload=variant_payload,
        overrides=(VariantOverride("userId", users),) if users else UNSET,
    )
