"""Bring the reader's own store to the state of the primary."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from flagstaff.reader.documents import News, ReadSegment, ReadStrategy, ReadToggle
from flagstaff.reader.upstream import UpstreamError
from store import Snapshot, Store
from store.clock_skew import utc_now
from store.events import EventType
from store.model import (
    SYSTEM,
    ApiToken,
    Environment,
    EnvironmentType,
    Segment,
    Toggle,
    ToggleEnvironment,
    ToggleStrategy,
)
from store.random_ids import random_id
from store.unit_of_work import UnitOfWork

# Larger changes are staged, so that they may take longer than two seconds.
MAX_DIRECT_CHANGES = 200


class TokenScope(Struct, frozen=True):
    """The environment and the projects of a token. No projects means all projects."""

    environment: str
    projects: tuple[str, ...] = ()

    def covers(self, other: "TokenScope") -> bool:
        """Whether everything in another scope is in this scope."""
        if self.environment != other.environment:
            return False
        return not self.projects or (bool(other.projects) and {*other.projects} <= {*self.projects})

    def holds(self, toggle: Toggle) -> bool:
        """Whether a toggle is in this scope."""
        return self.environment in toggle.environments and (
            not self.projects or toggle.project in self.projects
        )


class Plan(Struct):
    """The objects to write and to remove. Names of `renamed` segments are free afterwards."""

    toggles: list[Toggle] = []
    removed_toggles: list[Toggle] = []
    segments: list[Segment] = []
    removed_segments: list[Segment] = []
    renamed: list[Segment] = []

    @property
    def size(self) -> int:
        """The number of changed objects."""
        return sum(map(len, structs.astuple(self)))


class Applier:
    """Makes all changes of the reader's store, one after another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = asyncio.Lock()

    async def apply(self, scope: TokenScope, news: News, token: ApiToken | None = None) -> None:
        """Store the news of a scope, and make `token` known together with the toggles.

        Raises: StoreUnavailableError. UpstreamError: see `plan_changes`.
        """
        async with self._lock:
            snapshot = self._store.snapshot
            plan = await asyncio.to_thread(plan_changes, snapshot, scope, news)
            if plan.renamed:
                async with self._store.write(SYSTEM) as work:
                    for segment in plan.renamed:
                        _put_segment(work, segment)
            new_token = None if token is None or token.id in snapshot.tokens else token
            if not plan.size and new_token is None:
                return

            async def prepare(work: UnitOfWork) -> None:
                _write(work, scope, plan)
                if new_token is not None:
                    _put_token(work, new_token)

            if plan.size > MAX_DIRECT_CHANGES:
                await self._store.write_prepared(SYSTEM, prepare)
                return
            async with self._store.write(SYSTEM) as work:
                await prepare(work)

    async def change_tokens(
        self, add: Iterable[ApiToken] = (), remove: Iterable[ApiToken] = ()
    ) -> None:
        """Make tokens known or unknown.

        Raises: StoreUnavailableError.
        """
        async with self._lock, self._store.write(SYSTEM) as work:
            for token in remove:
                if token.id in work.snapshot.tokens:
                    work.remove(token)
                    work.record(
                        EventType.API_TOKEN_REVOKED, subject=token, summary="A token is not served."
                    )
            for token in add:
                if token.id not in work.snapshot.tokens:
                    _put_token(work, token)


def plan_changes(snapshot: Snapshot, scope: TokenScope, news: News) -> Plan:
    """Compare the news with a snapshot.

    Raises: UpstreamError: a toggle uses a segment that nobody sent.
    """
    plan = Plan()
    for name, read in news.toggles.items():
        known = snapshot.toggles.get(name)
        if read is not None:
            toggle = _merge(known, read, scope.environment)
            if toggle is not known:
                plan.toggles.append(toggle)
        elif known is not None and scope.holds(known):
            _plan_removal(plan, known, scope)
    if news.is_complete:
        for known in snapshot.toggles.values():
            if known.name not in news.toggles and scope.holds(known):
                _plan_removal(plan, known, scope)
    _plan_segments(plan, snapshot, news)
    return plan


def _plan_removal(plan: Plan, known: Toggle, scope: TokenScope) -> None:
    environments = {**known.environments}
    del environments[scope.environment]
    if environments:
        plan.toggles.append(structs.replace(known, environments=environments))
    else:
        plan.removed_toggles.append(known)


def _plan_segments(plan: Plan, snapshot: Snapshot, news: News) -> None:
    for read in filter(None, news.segments.values()):
        segment = _segment(snapshot.segments.get(read.id), read)
        if segment is not snapshot.segments.get(read.id):
            plan.segments.append(segment)
    sent = {number for number, read in news.segments.items() if read is not None}
    for number in _used_segments(plan.toggles):
        if number not in sent and number not in snapshot.segments:
            raise UpstreamError(f"The primary sent a toggle without its segment {number}.")
    used = {*_used_segments(_toggles_after(snapshot, plan)), *sent}
    plan.removed_segments = [
        segment
        for segment in snapshot.segments.values()
        if segment.id not in used and (news.is_complete or segment.id in news.segments)
    ]
    # The names of segments are unique. Another segment may have had the name until now.
    for segment in plan.segments:
        holder = snapshot.segments_by_name.get(segment.name)
        if holder is not None and holder.id != segment.id:
            plan.renamed.append(structs.replace(holder, name=f"{holder.id} {random_id()}"))


def _toggles_after(snapshot: Snapshot, plan: Plan) -> Iterator[Toggle]:
    changed: Mapping[str, Toggle] = {toggle.name: toggle for toggle in plan.toggles}
    removed = {toggle.name for toggle in plan.removed_toggles}
    yield from changed.values()
    for name, toggle in snapshot.toggles.items():
        if name not in changed and name not in removed:
            yield toggle


def _used_segments(toggles: Iterable[Toggle]) -> Iterator[int]:
    for toggle in toggles:
        for environment in toggle.environments.values():
            for strategy in environment.strategies:
                yield from strategy.segments


def _merge(known: Toggle | None, read: ReadToggle, environment: str) -> Toggle:
    """Return a toggle with the state in an environment; if nothing differs, return `known`.

    The times and revisions of changed parts are set when the toggle is written.
    """
    now = utc_now()
    toggle_id = random_id() if known is None else known.id
    configured = ToggleEnvironment(
        toggle_id=toggle_id,
        environment=environment,
        enabled=read.enabled,
        strategies=tuple(
            _strategy(toggle_id, environment, position, strategy)
            for position, strategy in enumerate(read.strategies)
        ),
        variants=read.variants,
        updated_at=now,
    )
    before = None if known is None else known.environments.get(environment)
    if before is not None and before == structs.replace(
        configured, revision=before.revision, updated_at=before.updated_at
    ):
        configured = before
    fields: dict[str, Any] = {
        "name": read.name,
        "description": read.description,
        "type": read.type,
        "project": read.project,
        "impression_data": read.impression_data,
        "stale_at": ((known.stale_at if known else None) or now) if read.stale else None,
        "dependencies": read.dependencies,
    }
    if known is None:
        return Toggle(
            id=toggle_id,
            created_at=now,
            updated_at=now,
            environments={environment: configured},
            **fields,
        )
    merged = structs.replace(
        known, environments={**known.environments, environment: configured}, **fields
    )
    return known if merged == known else merged


def _strategy(
    toggle_id: str, environment: str, position: int, read: ReadStrategy
) -> ToggleStrategy:
    return ToggleStrategy(
        id=f"{toggle_id} {environment} {position}",
        toggle_id=toggle_id,
        environment=environment,
        name=read.name,
        sort_order=position,
        parameters=read.parameters,
        constraints=read.constraints,
        segments=read.segments,
        variants=read.variants,
    )


def _segment(known: Segment | None, read: ReadSegment) -> Segment:
    if known is None:
        return Segment(
            id=read.id,
            name=read.name or str(read.id),
            constraints=read.constraints,
            created_at=utc_now(),
        )
    segment = structs.replace(known, name=read.name or str(read.id), constraints=read.constraints)
    return known if segment == known else segment


def _write(work: UnitOfWork, scope: TokenScope, plan: Plan) -> None:
    if scope.environment not in work.snapshot.environments:
        environment = Environment(
            name=scope.environment,
            type=EnvironmentType.PRODUCTION,
            created_at=work.now,
            revision=work.revision,
        )
        work.put(environment)
        work.record(
            EventType.ENVIRONMENT_CREATED, subject=environment, summary="The reader follows it."
        )
    for segment in plan.segments:
        _put_segment(work, segment)
    for toggle in plan.toggles:
        known = work.snapshot.toggles.get(toggle.name)
        environments = {
            name: configured
            if known is not None and known.environments.get(name) is configured
            else structs.replace(configured, revision=work.revision, updated_at=work.now)
            for name, configured in toggle.environments.items()
        }
        stamped = structs.replace(
            toggle, revision=work.revision, updated_at=work.now, environments=environments
        )
        work.put(stamped)
        kind = EventType.TOGGLE_CREATED if known is None else EventType.TOGGLE_UPDATED
        work.record(kind, subject=stamped, summary="The primary changed a toggle.")
    for toggle in plan.removed_toggles:
        work.remove(toggle)
        work.record(
            EventType.TOGGLE_DELETED, subject=toggle, summary="The primary removed a toggle."
        )
    for segment in plan.removed_segments:
        work.remove(work.snapshot.segments[segment.id])
        work.record(EventType.SEGMENT_DELETED, subject=segment, summary="No toggle uses a segment.")


def _put_segment(work: UnitOfWork, segment: Segment) -> None:
    stamped = structs.replace(segment, revision=work.revision)
    work.put(stamped)
    work.record(
        EventType.SEGMENT_UPDATED, subject=stamped, summary="The primary changed a segment."
    )


def _put_token(work: UnitOfWork, token: ApiToken) -> None:
    stamped = structs.replace(token, created_at=work.now, revision=work.revision)
    work.put(stamped)
    work.record(EventType.API_TOKEN_CREATED, subject=stamped, summary="A token is served.")
