"""Change single variants of a toggle in one environment, or of a strategy of the toggle."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType, structs

from store.errors import Problems, refuse
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, Toggle, ToggleEnvironment, ToggleStrategy
from store.operations.existing import check_known, check_revision, find_live_toggle, not_found
from store.operations.limits import check_count
from store.operations.strategy_titles import quote_title
from store.operations.strings import display
from store.operations.toggle_configuration import (
    check_position,
    put_configuration,
    record_configuration,
)
from store.operations.variants import (
    VariantSpec,
    build_variant,
    check_variant,
    check_variant_name,
    complete_variant,
    plain_variants,
    redistribute_weights,
)
from store.unit_of_work import UnitOfWork
from store.values import DEFAULT_WEIGHT_TYPE, Variant, VariantOverride, VariantPayload


class VariantFields(Struct, frozen=True, kw_only=True):
    """The fields of a variant to change.

    UNSET leaves a field unchanged. None as the payload removes the payload.
    """

    name: str | UnsetType = UNSET
    weight_type: str | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    stickiness: str | UnsetType = UNSET
    payload: VariantPayload | None | UnsetType = UNSET
    overrides: tuple[VariantOverride, ...] | UnsetType = UNSET


class _Siblings(Struct, frozen=True):
    """The variants of a toggle's configuration, or of a strategy in the configuration."""

    toggle: Toggle
    configured: ToggleEnvironment
    strategy: ToggleStrategy | None
    variants: Sequence[Variant]

    def position(self, name: str) -> int:
        """Return the position of the variant with a name.

        Raises: Refusal: no variant has this name.
        """
        names = [variant.name for variant in self.variants]
        if name not in names:
            refuse(not_found("variant", name, path=("variant",)))
        return names.index(name)


async def add_toggle_variant(
    work: UnitOfWork,
    name: str,
    *,
    environment: str = DEFAULT_ENVIRONMENT,
    strategy_id: str | None = None,
    variant: VariantSpec,
    position: int | None = None,
    expected_revision: int | None = None,
) -> tuple[Toggle, Variant]:
    """Add a variant, and distribute the variable weights again.

    Without a position, the variant becomes the last one. With `strategy_id`, the variant is added
    to the strategy with this id, otherwise to the toggle's configuration.

    Raises: Refusal.
    """
    problems = Problems()
    siblings = _find(work, name, environment, strategy_id, expected_revision, problems)
    variants, path = list(siblings.variants), ("variant",)
    check_position(position, len(variants), problems)
    check_count((*variants, variant), what="variants", path=path, problems=problems)
    taken = {other.name for other in variants}
    check_variant_name(variant.name, taken, path=path, problems=problems)
    built = build_variant(variant, path=path, problems=problems)
    check_variant(built, path=path, problems=problems, allow_unknown=False)
    index = len(variants) if position is None else min(max(position, 0), len(variants))
    variants.insert(index, built)
    distributed = redistribute_weights(variants, path=path, problems=problems)
    problems.raise_any()

    toggle = _put(work, siblings, distributed, f"Added variant '{built.name}' to")
    return toggle, distributed[index]


async def update_toggle_variant(
    work: UnitOfWork,
    name: str,
    variant: str,
    fields: VariantFields,
    *,
    environment: str = DEFAULT_ENVIRONMENT,
    strategy_id: str | None = None,
    position: int | None = None,
    expected_revision: int | None = None,
) -> tuple[Toggle, Variant]:
    """Update the given fields of a variant.

    If `position` is given, the variant is moved to this position. If the weight or its type is
    given, the variable weights are distributed again.

    Raises: Refusal.
    """
    problems = Problems()
    siblings = _find(work, name, environment, strategy_id, expected_revision, problems)
    problems.raise_any()
    variants = list(siblings.variants)
    old_index = siblings.position(variant)
    check_position(position, len(variants) - 1, problems)
    old = variants.pop(old_index)
    updated = _updated(old, fields, {other.name for other in variants}, problems)
    index = old_index if position is None else min(max(position, 0), len(variants))
    variants.insert(index, updated)
    distributed = tuple(variants)
    if fields.weight is not UNSET or fields.weight_type is not UNSET:
        distributed = redistribute_weights(variants, path=("weight",), problems=problems)
    problems.raise_any()

    if [*map(complete_variant, distributed)] == [*map(complete_variant, siblings.variants)]:
        return siblings.toggle, siblings.variants[old_index]
    moved_only = complete_variant(updated) == complete_variant(old)
    toggle = _put(
        work,
        siblings,
        distributed,
        f"{'Moved' if moved_only else 'Changed'} variant '{variant}' of",
    )
    return toggle, distributed[index]


async def remove_toggle_variant(
    work: UnitOfWork,
    name: str,
    variant: str,
    *,
    environment: str = DEFAULT_ENVIRONMENT,
    strategy_id: str | None = None,
    expected_revision: int | None = None,
) -> Toggle:
    """Remove a variant, and distribute the variable weights again.

    Raises: Refusal: for example, if only fixed weights remain, and their sum is not 1000.
    """
    problems = Problems()
    siblings = _find(work, name, environment, strategy_id, expected_revision, problems)
    problems.raise_any()
    variants = list(siblings.variants)
    del variants[siblings.position(variant)]
    distributed = redistribute_weights(variants, path=("variant",), problems=problems)
    problems.raise_any()

    return _put(work, siblings, distributed, f"Removed variant '{variant}' from")


def _find(
    work: UnitOfWork,
    name: str,
    environment: str,
    strategy_id: str | None,
    expected_revision: int | None,
    problems: Problems,
) -> _Siblings:
    toggle = find_live_toggle(work, name, path=("toggle",))
    configured = toggle.in_environment(environment)
    environments = work.snapshot.environments
    known = check_known(
        environments, environment, kind="environment", path=("environment",), problems=problems
    )
    check_revision(work, configured, expected_revision, problems=problems)
    if strategy_id is None:
        return _Siblings(toggle, configured, None, configured.variants or ())
    matching = (strategy for strategy in configured.strategies if strategy.id == strategy_id)
    strategy = next(matching, None)
    if strategy is None:
        if known:
            error = not_found("toggle strategy", strategy_id, path=("strategy",))
            error.message = f"Toggle '{toggle.name}' has no such strategy in {environment}."
            problems.add(error)
        refuse(*problems.errors)
    return _Siblings(toggle, configured, strategy, strategy.variants or ())


def _updated(old: Variant, fields: VariantFields, others: set[str], problems: Problems) -> Variant:
    """Check the given fields of a variant, and return the changed variant.

    The other fields are not checked, because REST clients may have stored values that this check
    refuses.
    """
    if fields.name is not UNSET and fields.name != old.name:
        check_variant_name(fields.name, others, path=(), problems=problems)
    was_fixed = old.weight_type == "fix"
    weight_type = fields.weight_type or old.weight_type or DEFAULT_WEIGHT_TYPE
    weight = old.weight
    if weight_type == "fix":
        if fields.weight is not UNSET:
            weight = fields.weight
        elif not was_fixed:
            problems.invalid(
                f"Variant '{display(old.name)}' gets a fixed weight, so its weight is required.",
                rule="weight-required",
                path=("weight",),
            )
    elif fields.weight is not UNSET:
        problems.invalid(
            f"The weight {fields.weight} cannot be set: the weight of variant "
            f"'{display(old.name)}' is variable, so it is computed.",
            rule="weight-variable",
            path=("weight",),
        )
    given = Variant(
        name=old.name,
        weight=weight,
        weight_type=fields.weight_type,
        stickiness=fields.stickiness,
        payload=fields.payload or UNSET,
        overrides=fields.overrides,
    )
    check_variant(given, path=(), problems=problems, allow_unknown=False)
    return Variant(
        name=old.name if fields.name is UNSET else fields.name,
        weight=weight,
        weight_type=weight_type if fields.weight_type is not UNSET else old.weight_type,
        stickiness=old.stickiness if fields.stickiness is UNSET else fields.stickiness,
        payload=old.payload if fields.payload is UNSET else fields.payload or UNSET,
        overrides=old.overrides if fields.overrides is UNSET else fields.overrides or UNSET,
    )


def _put(work: UnitOfWork, siblings: _Siblings, variants: Sequence[Variant], change: str) -> Toggle:
    """Store the variants and record the event, whose summary begins with `change`."""
    toggle, before, strategy = siblings.toggle, siblings.configured, siblings.strategy
    where = f"toggle '{toggle.name}' in {before.environment}."
    if strategy is None:
        event_type = EventType.TOGGLE_VARIANTS_UPDATED
        after = structs.replace(before, variants=plain_variants(variants))
    else:
        event_type, where = (
            EventType.TOGGLE_STRATEGY_UPDATED,
            f"strategy {quote_title(work.snapshot, strategy)} on {where}",
        )
        updated = structs.replace(strategy, variants=plain_variants(variants))
        strategies = [updated if other is strategy else other for other in before.strategies]
        after = structs.replace(before, strategies=tuple(strategies))
    changed = put_configuration(work, toggle, after)
    record_configuration(work, event_type, toggle, changed, before.environment, f"{change} {where}")
    return changed
