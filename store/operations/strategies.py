"""Create, update and delete strategy definitions."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, structs

from store.errors import BuiltInError, Problems
from store.events import EventType
from store.model import DEFAULT_STRATEGY, Strategy
from store.operations.changing import changed_fields, create_object, delete_object, update_object
from store.operations.existing import check_free, check_revision, find
from store.operations.fields import StrategyFields, given_fields
from store.operations.limits import (
    MAX_NAME_LENGTH,
    MAX_TITLE_LENGTH,
    check_count,
)
from store.operations.names import check_name
from store.operations.strings import check_description, check_line, display
from store.operations.uses import (
    refuse_if_built_in,
    refuse_if_used,
    strategies_of,
    toggles_where,
    users_since,
)
from store.unit_of_work import UnitOfWork
from store.values import StrategyParameter

PARAMETER_TYPES = ("string", "number", "percentage", "boolean", "list")


async def create_strategy(
    work: UnitOfWork,
    *,
    name: str,
    fields: StrategyFields = StrategyFields(),
    allow_unknown: bool = False,
) -> Strategy:
    """Create a strategy; the title defaults to the name.

    Raises: Refusal.
    """
    problems = Problems()
    if check_name(name, kind="strategy", path=("name",), problems=problems):
        check_free(work.snapshot.strategies, name, kind="strategy", problems=problems)
    _check_fields(fields, problems, allow_unknown=allow_unknown)
    problems.raise_any()

    given = given_fields(StrategyFields, fields)
    given["title"] = fields.title or name
    strategy = Strategy(
        name=name,
        **given,
        created_at=work.now,
        revision=work.revision,
    )
    return create_object(
        work, strategy, EventType.STRATEGY_CREATED, summary=f"Defined strategy '{name}'."
    )


async def update_strategy(
    work: UnitOfWork,
    name: str,
    fields: StrategyFields,
    *,
    expected_revision: int | None = None,
    allow_unknown: bool = False,
    record_always: bool = False,
) -> Strategy:
    """Update the given fields of a strategy.

    Built-in strategies can only be deprecated and reactivated; `default` cannot be changed at all.
    Without `record_always`, fields that equal the present fields are always accepted.

    Raises: Refusal.
    """
    strategy = find(work.snapshot.strategies, name, kind="strategy")
    problems = Problems()
    check_revision(work, strategy, expected_revision, problems=problems)
    _check_fields(fields, problems, allow_unknown=allow_unknown)
    problems.raise_any()

    given = given_fields(StrategyFields, fields)
    if fields.title is not UNSET:
        given["title"] = fields.title or name
    if fields.parameters is not UNSET and not allow_unknown:
        given["parameters"] = _reuse_equal(strategy, fields.parameters)
    changed = changed_fields(strategy, given, exact=allow_unknown)
    _refuse_built_in(strategy, given if record_always else changed)
    event_type, verb = _describe_event(changed or given)
    return update_object(
        work,
        strategy,
        changed,
        event_type,
        summary=f"{verb} strategy '{name}'.",
        record_always=record_always,
    )


async def delete_strategy(
    work: UnitOfWork, name: str, *, created_at: int | None = None
) -> Strategy:
    """Delete a strategy. To undo its creation, give the revision `created_at` (`users_since`).

    Raises: Refusal: for example, if live toggles use the strategy.
    """
    strategy = find(work.snapshot.strategies, name, kind="strategy")
    refuse_if_built_in(f"Strategy '{name}'", built_in=strategy.built_in)
    users = toggles_where(
        work.snapshot,
        lambda toggle: any(strategy.name == name for strategy in strategies_of(toggle)),
        archived=False,
    )
    users = users_since(work, users, created_at)
    refuse_if_used(f"Strategy '{name}'", {"toggle": users}, path=("name",))
    return delete_object(
        work, strategy, EventType.STRATEGY_DELETED, summary=f"Deleted strategy '{name}'."
    )


def _check_fields(fields: StrategyFields, problems: Problems, *, allow_unknown: bool) -> None:
    check_line(
        fields.title or "",
        what="The title",
        path=("title",),
        problems=problems,
        max_length=MAX_TITLE_LENGTH,
    )
    check_description(fields.description or "", path=("description",), problems=problems)
    parameters = fields.parameters or ()
    check_count(parameters, what="parameters", path=("parameters",), problems=problems)
    seen: set[str] = set()
    for index, parameter in enumerate(parameters):
        path = ("parameters", str(index))
        _check_parameter(parameter, path, problems, allow_unknown=allow_unknown)
        if parameter.name in seen and not allow_unknown:
            problems.invalid(
                f"More than one parameter is named '{display(parameter.name)}'.",
                rule="parameters-unique",
                path=(*path, "name"),
            )
        seen.add(parameter.name)


def _check_parameter(
    parameter: StrategyParameter, path: tuple[str, ...], problems: Problems, *, allow_unknown: bool
) -> None:
    check_line(
        parameter.name,
        what="The parameter name",
        path=(*path, "name"),
        problems=problems,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
    )
    check_description(parameter.description or "", path=(*path, "description"), problems=problems)
    if allow_unknown:
        check_line(
            parameter.type,
            what="The parameter type",
            path=(*path, "type"),
            problems=problems,
            max_length=MAX_NAME_LENGTH,
        )
    elif parameter.type not in PARAMETER_TYPES:
        problems.invalid(
            f"The parameter type '{display(parameter.type)}' is not one of "
            f"{', '.join(PARAMETER_TYPES)}.",
            rule="parameter-type",
            path=(*path, "type"),
        )


def _refuse_built_in(strategy: Strategy, changed: dict[str, Any]) -> None:
    if not strategy.built_in:
        return
    problems = Problems()
    for field, value in changed.items():
        if field != "deprecated":
            message = f"Strategy '{strategy.name}' is built in; its {field} cannot be changed."
            problems.add(BuiltInError(message, path=(field,)))
        elif value and strategy.name == DEFAULT_STRATEGY:
            message = f"Strategy '{strategy.name}' is built in and cannot be deprecated."
            problems.add(BuiltInError(message, path=(field,)))
    problems.raise_any()


def _reuse_equal(
    strategy: Strategy, parameters: tuple[StrategyParameter, ...]
) -> tuple[StrategyParameter, ...]:
    """Return the new parameters, or the present parameters if GraphQL displays no difference."""
    equal = [*map(_fill_in_defaults, strategy.parameters)] == [*map(_fill_in_defaults, parameters)]
    return strategy.parameters if equal else parameters


def _fill_in_defaults(parameter: StrategyParameter) -> StrategyParameter:
    return structs.replace(
        parameter, description=parameter.description or "", required=bool(parameter.required)
    )


def _describe_event(changed: Mapping[str, Any]) -> tuple[EventType, str]:
    if [*changed] != ["deprecated"]:
        return EventType.STRATEGY_UPDATED, "Changed"
    if changed["deprecated"]:
        return EventType.STRATEGY_DEPRECATED, "Deprecated"
    return EventType.STRATEGY_REACTIVATED, "Reactivated"
