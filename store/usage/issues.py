"""What does not fit between applications and this server."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from store.aggregates import table_of
from store.usage.instances import live_sdks
from store.usage.sdks import is_outdated
from store.model import Strategy, Toggle
from store.rows import ApplicationRow, ToggleRow, ToggleUsageRow
from store.snapshot import Snapshot

# Names in one condition; from here on it costs more than reading what is in order, too.
MAX_NAMES = 2_000

_APPLICATION = table_of(ApplicationRow)
_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)

# The name of a toggle, and the environment in which an application asked for it.
Asked: TypeAlias = tuple[str, str]
# What each application says it implements, by the application's name; nothing when it never said.
Implemented: TypeAlias = Mapping[str, Collection[str]]


class ApplicationIssues(Struct, frozen=True, kw_only=True):
    """The issues of one application, each kind by name.

    `outdated_sdks` are texts as they were reported, such as `unleash-node-sdk:3.21.0`.
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
    asked: Iterable[Asked],
    sdk_versions: Iterable[str],
) -> ApplicationIssues:
    """The issues of an application that implements, asks for and runs these.

    An application that names no strategies at all has never said what it implements, so none is
    missing.
    """
    unknown: set[str] = set()
    archived: dict[str, Toggle] = {}
    missing: dict[str, Strategy] = {}
    for name, environment in asked:
        toggle = snapshot.toggles.get(name)
        if toggle is None:
            unknown.add(name)
        elif toggle.archived:
            archived[name] = toggle
        elif strategies:
            for wanted in _active_strategies(toggle, environment).difference(strategies):
                definition = snapshot.strategies.get(wanted)
                if definition is not None:
                    missing[wanted] = definition
    return ApplicationIssues(
        unknown_toggles=tuple(sorted(unknown)),
        archived_toggles=tuple(archived[name] for name in sorted(archived)),
        unknown_strategies=tuple(sorted(set(strategies).difference(snapshot.strategies))),
        missing_strategies=tuple(missing[name] for name in sorted(missing)),
        outdated_sdks=tuple(sorted({it for it in sdk_versions if is_outdated(it)})),
    )


async def load_suspects(
    session: AsyncSession, snapshot: Snapshot, applications: Implemented, seen_since: datetime
) -> Mapping[str, list[Asked]]:
    """What applications asked for since then, as far as there can be an issue with it.

    Most of what is asked for is in order, so it is left in the database.
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
    asked: defaultdict[str, list[Asked]] = defaultdict(list)
    for app_name, toggle_name, environment in await session.execute(statement):
        asked[app_name].append((toggle_name, environment))
    return asked


async def applications_with_issues(
    session: AsyncSession, snapshot: Snapshot, seen_since: datetime
) -> frozenset[str]:
    """The names of all applications that have an issue, by what they reported since then."""
    statement = sa.select(_APPLICATION.c.name, _APPLICATION.c.strategies)
    implemented: dict[str, tuple[str, ...]] = dict((await session.execute(statement)).all())
    asked = await load_suspects(session, snapshot, implemented, seen_since)
    sdks = await live_sdks(session, implemented, seen_since)
    return frozenset(
        name
        for name, strategies in implemented.items()
        if find_issues(
            snapshot,
            strategies=strategies,
            asked=asked.get(name, ()),
            sdk_versions=(sdk_version for sdk_version, _ in sdks.get(name, ())),
        ).count
    )


def _demanding_toggles(snapshot: Snapshot, applications: Implemented) -> list[str]:
    """The live toggles with a strategy that not all of the applications implement."""
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
    """What `_active_strategies` has in any environment, worked out once for each toggle."""
    kept: frozenset[str] | None = vars(toggle).get("strategies_anywhere")
    if kept is None:
        kept = frozenset[str]().union(
            *(_active_strategies(toggle, environment) for environment in toggle.environments)
        )
        vars(toggle)["strategies_anywhere"] = kept
    return kept


def _active_strategies(toggle: Toggle, environment: str) -> set[str]:
    """The names of the strategies that SDKs are served for a toggle in an environment."""
    configured = toggle.environments.get(environment)
    if configured is None:
        return set()
    return {strategy.name for strategy in configured.strategies if not strategy.disabled}
