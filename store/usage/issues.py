"""Find mismatches between applications and the configuration of this server."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.model import Strategy, Toggle
from store.rows import ApplicationRow, ToggleRow, ToggleUsageRow
from store.snapshot import Snapshot
from store.usage.instances import live_sdks
from store.usage.sdks import is_outdated

# One SQL condition contains at most this many names. For more names, reading all rows is cheaper.
MAX_NAMES = 2_000

_APPLICATION = table_of(ApplicationRow)
_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)

# A pair of a toggle's name and the environment in which an application requested the toggle.
RequestedToggle: TypeAlias = tuple[str, str]
# A mapping of application names to the strategies that each application implements. If an
# application has never registered strategies, its collection is empty.
Implemented: TypeAlias = Mapping[str, Collection[str]]


class ApplicationIssues(Struct, frozen=True, kw_only=True):
    """The issues of one application. Each field lists the objects with one kind of issue.

    `outdated_sdks` are the reported strings, such as `unleash-node-sdk:3.21.0`.
    """

    unknown_toggles: tuple[str, ...] = ()
    archived_toggles: tuple[Toggle, ...] = ()
    unknown_strategies: tuple[str, ...] = ()
    missing_strategies: tuple[Strategy, ...] = ()
    outdated_sdks: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of issues of all kinds."""
        return (
            len(self.unknown_toggles)
            + len(self.archived_toggles)
            + len(self.unknown_strategies)
            + len(self.missing_strategies)
            + len(self.outdated_sdks)
        )


def find_issues(
    snapshot: Snapshot,
    *,
    strategies: Collection[str],
    requested: Iterable[RequestedToggle],
    sdk_versions: Iterable[str],
) -> ApplicationIssues:
    """Return the issues of an application with the given strategies, requested toggles and SDKs.

    An empty `strategies` means that the application has never reported its strategies. In this
    case, the result contains no missing strategies.
    """
    unknown: set[str] = set()
    archived: dict[str, Toggle] = {}
    missing: dict[str, Strategy] = {}
    for name, environment in requested:
        toggle = snapshot.toggles.get(name)
        if toggle is None:
            unknown.add(name)
        elif toggle.archived:
            archived[name] = toggle
        elif strategies:
            for used in _active_strategies(toggle, environment).difference(strategies):
                definition = snapshot.strategies.get(used)
                if definition is not None:
                    missing[used] = definition
    return ApplicationIssues(
        unknown_toggles=tuple(sorted(unknown)),
        archived_toggles=tuple(archived[name] for name in sorted(archived)),
        unknown_strategies=tuple(sorted(set(strategies).difference(snapshot.strategies))),
        missing_strategies=tuple(missing[name] for name in sorted(missing)),
        outdated_sdks=tuple(sorted({version for version in sdk_versions if is_outdated(version)})),
    )


async def load_suspects(
    connection: AsyncConnection, snapshot: Snapshot, applications: Implemented, seen_since: datetime
) -> Mapping[str, list[RequestedToggle]]:
    """Return a mapping of applications to the requested toggles that may be an issue.

    The result omits toggles that cannot be an issue. The result also omits toggles that were last
    requested before `seen_since`.
    """
    suspicious = _TOGGLE.c.name.is_(None) | _TOGGLE.c.archived_at.is_not(None)
    demanding = _demanding_toggles(snapshot, applications)
    if len(demanding) > MAX_NAMES:
        suspicious = sa.true()
    elif demanding:
        suspicious |= _USAGE.c.toggle_name.in_(demanding)
    statement = (
        sa.select(_USAGE.c.app_name, _USAGE.c.toggle_name, _USAGE.c.environment)
        .select_from(_USAGE.outerjoin(_TOGGLE, _TOGGLE.c.name == _USAGE.c.toggle_name))
        .where(
            _USAGE.c.app_name.in_(applications),
            _USAGE.c.last_seen_at >= seen_since,
            suspicious,
        )
    )
    requested: defaultdict[str, list[RequestedToggle]] = defaultdict(list)
    for app_name, toggle_name, environment in await connection.execute(statement):
        requested[app_name].append((toggle_name, environment))
    return requested


async def applications_with_issues(
    connection: AsyncConnection, snapshot: Snapshot, seen_since: datetime
) -> frozenset[str]:
    """Return the names of all applications whose reports since `seen_since` reveal an issue."""
    statement = sa.select(_APPLICATION.c.name, _APPLICATION.c.strategies)
    implemented: dict[str, tuple[str, ...]] = dict((await connection.execute(statement)).all())
    requested = await load_suspects(connection, snapshot, implemented, seen_since)
    sdks = await live_sdks(connection, implemented, seen_since)
    return frozenset(
        name
        for name, strategies in implemented.items()
        if find_issues(
            snapshot,
            strategies=strategies,
            requested=requested.get(name, ()),
            sdk_versions=(sdk_version for sdk_version, _ in sdks.get(name, ())),
        ).count
    )


def _demanding_toggles(snapshot: Snapshot, applications: Implemented) -> list[str]:
    """Return the live toggles with a strategy that at least one application does not implement."""
    implemented = [set(strategies) for strategies in applications.values() if strategies]
    if not implemented:
        return []
    by_all = set[str].intersection(*implemented)
    return [
        toggle.name
        for toggle in snapshot.live_toggles
        if not _strategies_anywhere(toggle) <= by_all
    ]


def _strategies_anywhere(toggle: Toggle) -> frozenset[str]:
    """Return the active strategies of a toggle in all environments, from a cache if possible."""
    cached: frozenset[str] | None = vars(toggle).get("strategies_anywhere")
    if cached is None:
        cached = frozenset[str]().union(
            *(_active_strategies(toggle, environment) for environment in toggle.environments)
        )
        vars(toggle)["strategies_anywhere"] = cached
    return cached


def _active_strategies(toggle: Toggle, environment: str) -> set[str]:
    """Return the names of the strategies that SDKs get for a toggle in an environment."""
    configured = toggle.environments.get(environment)
    if configured is None:
        return set()
    return {strategy.name for strategy in configured.strategies if not strategy.disabled}
