"""Warn about the risks of valid changes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from store.constraints.operators import OPERATORS, compared_values
from store.events import Event, SubjectKind
from store.model import ContextField, Segment, Toggle, ToggleEnvironment, ToggleStrategy
from store.operations.strings import display
from store.snapshot import Snapshot
from store.usage.summary import UsageSummary
from store.values import DEFAULT_STICKINESS, Constraint, Variant

# An application uses a toggle if it asked for the toggle within this time.
IN_USE = timedelta(hours=24)
MAX_NAMED = 3
MAX_SUBJECTS = 10

T = TypeVar("T")
# The kind and the name of an object.
Subject: TypeAlias = tuple[SubjectKind, str]


class WarningCode(StrEnum):
    """The kinds of risk of a change."""

    STILL_IN_USE = "still-in-use"
    HAS_DEPENDENTS = "has-dependents"
    NO_EFFECT = "no-effect"
    UNKNOWN_STRATEGY = "unknown-strategy"
    STRATEGY_NOT_IMPLEMENTED = "strategy-not-implemented"
    VARIANTS_REDISTRIBUTED = "variants-redistributed"
    ILLEGAL_VALUE = "illegal-value"


class ChangeWarning(Struct, frozen=True):
    """One risk, described by a sentence.

    `subjects` are up to MAX_SUBJECTS other objects that the risk concerns.
    """

    code: WarningCode
    message: str
    subjects: tuple[Subject, ...] = ()


def applications_concerned(events: Iterable[Event], usage: UsageSummary) -> frozenset[str]:
    """Return the applications whose strategies must be passed to `warnings_of` for these events."""
    names = {event.toggle_name for event in events if event.toggle_name is not None}
    return frozenset[str]().union(*map(usage.applications, names))


def warnings_of(
    event: Event | None,
    *,
    snapshot: Snapshot,
    usage: UsageSummary,
    now: datetime,
    implemented: Mapping[str, Collection[str]] | None = None,
) -> tuple[ChangeWarning, ...]:
    """Return the risks of the change that `event` reports.

    If nothing was changed, `event` is None. `snapshot` is the configuration after the change. For a
    dry run, it is the snapshot of the unit of work. `implemented` maps the name of each application
    to the strategies that the application has reported. Applications that have reported no
    strategies cause no warning.
    """
    if event is None:
        return (
            ChangeWarning(WarningCode.NO_EFFECT, "The object is already in the requested state."),
        )
    # Events in a unit of work have objects of the model, which take much less time than documents.
    before, after = event.state_before, event.state_after
    if before is not None and before == after:
        message = f"'{display(event.subject_name)}' is already in the requested state."
        return (ChangeWarning(WarningCode.NO_EFFECT, message),)
    match event.subject_kind:
        case SubjectKind.TOGGLE:
            change = _ToggleChange(_converted(before, Toggle), _converted(after, Toggle))
            found = _of_toggle(change, snapshot, usage, now, implemented or {})
        case SubjectKind.SEGMENT:
            old, new = _converted(before, Segment), _converted(after, Segment)
            constraints = _new(old.constraints if old else (), new.constraints if new else ())
            found = _illegal_values(constraints, snapshot)
        case SubjectKind.CONTEXT_FIELD:
            found = _no_longer_legal(
                _converted(before, ContextField), _converted(after, ContextField), snapshot
            )
        case _:
            return ()
    # Drop duplicates across environments.
    return tuple(dict.fromkeys(found))


class _ToggleChange(Struct, frozen=True):
    """A toggle before and after a change; at most one of them is None."""

    before: Toggle | None
    after: Toggle | None

    @property
    def name(self) -> str:
        toggle = self.after or self.before
        assert toggle is not None
        return toggle.name

    @property
    def configurations(self) -> Iterator[tuple[ToggleEnvironment | None, ToggleEnvironment]]:
        """The old and the new configuration in each environment in which the toggle differs."""
        before = self.before.environments if self.before is not None else {}
        after = self.after.environments if self.after is not None else {}
        for name, configured in after.items():
            if before.get(name) != configured:
                yield before.get(name), configured


def _converted(state: Any, kind: type[T]) -> T | None:
    return state if state is None or isinstance(state, kind) else msgspec.convert(state, kind)


def _of_toggle(
    change: _ToggleChange,
    snapshot: Snapshot,
    usage: UsageSummary,
    now: datetime,
    implemented: Mapping[str, Collection[str]],
) -> Iterator[ChangeWarning]:
    before, after = change.before, change.after
    if before is not None and (after is None or (after.archived and not before.archived)):
        yield from _still_in_use(change.name, usage, now)
        yield from _has_dependents(change.name, snapshot)
    if after is None or after.archived:
        return
    if before is not None and any(
        configured.enabled != (was is not None and was.enabled)
        for was, configured in change.configurations
    ):
        yield from _has_dependents(change.name, snapshot)
    for was, configured in change.configurations:
        used = {strategy.name for strategy in was.strategies} if was is not None else set[str]()
        names = [strategy.name for strategy in configured.strategies]
        for name in (name for name in names if name not in used):
            if name not in snapshot.strategies:
                yield ChangeWarning(
                    WarningCode.UNKNOWN_STRATEGY, f"No strategy is named '{display(name)}'."
                )
            yield from _not_implemented(
                change.name, configured.environment, name, usage, implemented
            )
        yield from _illegal_values(
            _new(_constraints_of(was), _constraints_of(configured)), snapshot
        )
        if before is not None and not before.archived and was is not None:
            yield from _redistributed(change.name, was, configured)


def _still_in_use(name: str, usage: UsageSummary, now: datetime) -> Iterator[ChangeWarning]:
    applications: set[str] = set()
    for environment in usage.environments(name):
        seen = usage.of(name, environment)
        if seen is not None and seen.last_seen_at > now - IN_USE:
            applications |= seen.applications
    if applications:
        yield ChangeWarning(
            WarningCode.STILL_IN_USE,
            f"Toggle '{name}' was requested within the last 24 hours by "
            f"{_format_list(applications)}.",
            _subjects(SubjectKind.APPLICATION, applications),
        )


def _has_dependents(name: str, snapshot: Snapshot) -> Iterator[ChangeWarning]:
    dependents = [toggle.name for toggle in snapshot.dependents.get(name, ())]
    if dependents:
        yield ChangeWarning(
            WarningCode.HAS_DEPENDENTS,
            f"Other toggles depend on toggle '{name}': {_format_list(dependents)}.",
            _subjects(SubjectKind.TOGGLE, dependents),
        )


def _not_implemented(
    toggle: str,
    environment: str,
    strategy: str,
    usage: UsageSummary,
    implemented: Mapping[str, Collection[str]],
) -> Iterator[ChangeWarning]:
    seen = usage.of(toggle, environment)
    lacking = [
        application
        for application in (seen.applications if seen is not None else ())
        if implemented.get(application) and strategy not in implemented[application]
    ]
    if lacking:
        yield ChangeWarning(
            WarningCode.STRATEGY_NOT_IMPLEMENTED,
            f"Some applications that use toggle '{toggle}' do not implement strategy "
            f"'{display(strategy)}': {_format_list(lacking)}.",
            _subjects(SubjectKind.APPLICATION, lacking),
        )


def _redistributed(
    toggle: str, was: ToggleEnvironment, configured: ToggleEnvironment
) -> Iterator[ChangeWarning]:
    """Warn if the change may move users from one variant to another."""
    if not was.enabled or not configured.enabled:
        return
    pairs = [(_shares(was.variants or ()), _shares(configured.variants or ()))]
    by_id = {strategy.id: strategy for strategy in was.strategies}
    pairs += [
        (_shares_of_strategy(by_id[strategy.id]), _shares_of_strategy(strategy))
        for strategy in configured.strategies
        if strategy.id in by_id
    ]
    if any(old and new and old != new for old, new in pairs):
        yield ChangeWarning(
            WarningCode.VARIANTS_REDISTRIBUTED,
            f"Some users of toggle '{toggle}' in {configured.environment} will get another "
            "variant.",
        )


def _shares(variants: Iterable[Variant]) -> list[Any]:
    """Return the fields that determine which user gets which variant."""
    return [
        (variant.name, variant.weight, variant.stickiness or DEFAULT_STICKINESS)
        for variant in variants
    ]


def _shares_of_strategy(strategy: ToggleStrategy) -> list[Any]:
    # SDKs hash the user together with the group of the strategy.
    group = (strategy.parameters or {}).get("groupId")
    return [(group, *share) for share in _shares(strategy.variants or ())]


def _constraints_of(configured: ToggleEnvironment | None) -> list[Constraint]:
    strategies = configured.strategies if configured is not None else ()
    return [constraint for strategy in strategies for constraint in strategy.constraints or ()]


def _new(before: Iterable[Constraint], after: Iterable[Constraint]) -> list[Constraint]:
    old = {*before}
    return [constraint for constraint in after if constraint not in old]


def _illegal_values(
    constraints: Iterable[Constraint], snapshot: Snapshot
) -> Iterator[ChangeWarning]:
    for constraint in constraints:
        illegal = _illegal(constraint, snapshot.context_fields.get(constraint.context_name))
        if illegal:
            yield ChangeWarning(
                WarningCode.ILLEGAL_VALUE,
                f"Context field '{display(constraint.context_name)}' does not have the legal "
                f"values {_format_list(illegal)}.",
                _subjects(SubjectKind.CONTEXT_FIELD, [constraint.context_name]),
            )


def _no_longer_legal(
    before: ContextField | None, after: ContextField | None, snapshot: Snapshot
) -> Iterator[ChangeWarning]:
    if after is None or (before is not None and before.legal_values == after.legal_values):
        return
    illegal: set[str] = set()
    users: dict[Subject, None] = {}
    for user, constraint in _all_constraints(snapshot):
        if constraint.context_name == after.name:
            values = {*_illegal(constraint, after)} - {*_illegal(constraint, before)}
            if values:
                illegal |= values
                users[user] = None
    if illegal:
        yield ChangeWarning(
            WarningCode.ILLEGAL_VALUE,
            f"Constraints use values of context field '{after.name}' that are no longer legal: "
            f"{_format_list(illegal)}.",
            tuple(sorted(users)[:MAX_SUBJECTS]),
        )


def _all_constraints(snapshot: Snapshot) -> Iterator[tuple[Subject, Constraint]]:
    """Yield each constraint in use, with the toggle or segment that contains the constraint."""
    for toggle in snapshot.live_toggles:
        for configured in toggle.environments.values():
            for constraint in _constraints_of(configured):
                yield (SubjectKind.TOGGLE, toggle.name), constraint
    for segment in snapshot.segments.values():
        for constraint in segment.constraints:
            yield (SubjectKind.SEGMENT, segment.name), constraint


def _illegal(constraint: Constraint, field: ContextField | None) -> list[str]:
    operator = OPERATORS.get(constraint.operator)
    if field is None or not field.legal_values or operator is None or not operator.whole:
        return []
    legal = {legal_value.value for legal_value in field.legal_values}
    return [value for value in compared_values(constraint) if value not in legal]


def _subjects(kind: SubjectKind, names: Iterable[str]) -> tuple[Subject, ...]:
    return tuple((kind, name) for name in sorted({*names})[:MAX_SUBJECTS])


def _format_list(names: Iterable[str]) -> str:
    in_order = sorted({*names})
    quoted = [f"'{display(name)}'" for name in in_order[:MAX_NAMED]]
    if len(in_order) > MAX_NAMED:
        quoted.append(f"{len(in_order) - MAX_NAMED:,} more")
    *first, last = quoted
    return f"{', '.join(first)} and {last}" if first else last
