"""The parts of which the example installation is described."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from store.operations.inputs import StrategySpec
from store.values import Constraint, StrategyParameter, Variant, VariantOverride, VariantPayload

DEVELOPMENT = "development"
PRODUCTION = "production"


class DemoStrategy(Struct, frozen=True):
    """A strategy that the shop defines itself."""

    name: str
    title: str
    description: str
    parameters: tuple[StrategyParameter, ...]
    deprecated: bool = False


class DemoToggle(Struct, frozen=True, kw_only=True):
    """A toggle as it is in production, and by the name `default` for clients that know one only.

    In development it is on for everyone, unless `in_development` says otherwise.
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


class DemoApplication(Struct, frozen=True, kw_only=True):
    """A program of the shop: who runs it where, and which toggles it asks for.

    `yes_share` maps a toggle to the share of its evaluations that say yes; toggles are named as the
    program names them, whether or not they exist.
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
    """An activation strategy."""
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
    """A gradual rollout; toggles with the same group reach the same users first."""
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
    """A constraint; the store puts single values where SDKs read them."""
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
    """A variant with `weight` thousandths; `users` always get it."""
    held: VariantPayload | UnsetType = VariantPayload(*payload) if payload else UNSET
    return Variant(
        name=name,
        weight=weight,
        weight_type="fix" if fixed else "variable",
        stickiness=stickiness,
        payload=held,
        overrides=(VariantOverride("userId", users),) if users else UNSET,
    )
