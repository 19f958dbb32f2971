"""Define the input that filters toggles by reported answers, and convert it to conditions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import strawberry

from graph.engine.errors import bad_user_input
from graph.filtering import Predicate, given, optional
from store.model import Toggle, ToggleEnvironment
from store.usage.summary import Seen, UsageSummary

MAX_DAYS = 36_500


@strawberry.input(
    description=(
        "Selects toggles by the answers that applications reported, for example to find toggles "
        "that can be removed from the code."
    )
)
class ToggleUsageFilter:
    environment: str | None = optional(
        "The environment to consider. If omitted, `alwaysEnabledForDays` and "
        "`alwaysDisabledForDays` must match in at least one environment, and `unseenForDays` in "
        "all environments."
    )
    always_enabled_for_days: int | None = optional(
        "Only toggles that have not changed for this number of days, and for which applications "
        "have reported only the answer yes in that time."
    )
    always_disabled_for_days: int | None = optional(
        "Only toggles that have not changed for this number of days, and for which applications "
        "have reported only the answer no in that time."
    )
    unseen_for_days: int | None = optional(
        "Only toggles that no application has reported for this number of days."
    )


def usage_conditions(
    filter: ToggleUsageFilter, usage: UsageSummary, now: datetime
) -> Iterator[Predicate[Toggle]]:
    """Yield the conditions of a filter.

    If the filter names no environment, the answers must be constant in at least one environment. A
    toggle is then unseen only if it was not reported from any environment.

    Raises: GraphQLError: BAD_USER_INPUT, for days out of range.
    """
    environment = given(filter.environment)
    enabled = _days_ago(filter.always_enabled_for_days, "alwaysEnabledForDays", now)
    disabled = _days_ago(filter.always_disabled_for_days, "alwaysDisabledForDays", now)
    unseen = _days_ago(filter.unseen_for_days, "unseenForDays", now)

    def settled(toggle: Toggle, environment: str) -> bool:
        seen = usage.of(toggle.name, environment)
        if seen is None:
            return False
        configured = toggle.in_environment(environment)
        return (enabled is None or always_enabled(configured, seen, enabled)) and (
            disabled is None or always_disabled(configured, seen, disabled)
        )

    if enabled is not None or disabled is not None:
        if environment is not None:
            yield lambda toggle: settled(toggle, environment)
        else:
            yield lambda toggle: any(
                settled(toggle, name) for name in usage.environments(toggle.name)
            )
    if unseen is not None:
        yield lambda toggle: never_seen(toggle, _last_seen_at(usage, toggle, environment), unseen)


def always_enabled(configured: ToggleEnvironment, seen: Seen, since: datetime) -> bool:
    """Whether reports since `since` contain only the answer yes.

    The result is false if there are no such reports, or if the configuration has changed since
    `since`.
    """
    return _only(configured, seen.last_yes_at, seen.last_no_at, since)


def always_disabled(configured: ToggleEnvironment, seen: Seen, since: datetime) -> bool:
    """Whether reports since `since` contain only the answer no.

    The result is false if there are no such reports, or if the configuration has changed since
    `since`.
    """
    return _only(configured, seen.last_no_at, seen.last_yes_at, since)


def never_seen(toggle: Toggle, last_seen_at: datetime | None, since: datetime) -> bool:
    """Whether a toggle already existed at `since` and has not been reported since then."""
    return toggle.created_at <= since and (last_seen_at is None or last_seen_at < since)


def _only(
    configured: ToggleEnvironment,
    last_expected: datetime | None,
    last_other: datetime | None,
    since: datetime,
) -> bool:
    return (
        configured.updated_at <= since
        and last_expected is not None
        and last_expected >= since
        and (last_other is None or last_other < since)
    )


def _last_seen_at(usage: UsageSummary, toggle: Toggle, environment: str | None) -> datetime | None:
    if environment is None:
        return usage.last_seen_at(toggle.name)
    seen = usage.of(toggle.name, environment)
    return None if seen is None else seen.last_seen_at


def _days_ago(days: int | None, name: str, now: datetime) -> datetime | None:
    days = given(days)
    if days is None:
        return None
    if not 1 <= days <= MAX_DAYS:
        raise bad_user_input(f"The field {name} is {days}; it must be from 1 to {MAX_DAYS:,}.")
    return now - timedelta(days=days)
