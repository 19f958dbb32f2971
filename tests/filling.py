"""Installations of any size with content for every page of an admin frontend."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from store import Store
from store.clock_skew import utc_now
from store.events import EventType, SubjectKind
from store.model import SYSTEM, ApiTokenType, EnvironmentType
from store.operations.change_sets import RequestedChange, apply_changes, start_change_set
from store.operations.context_fields import create_context_field
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.fields import (
    ContextFieldFields,
    ProjectFields,
    SegmentFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.rollouts import schedule_rollout
from store.operations.scheduling import schedule_changes
from store.operations.segments import create_segment, update_segment
from store.operations.strategies import create_strategy
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.operations.tokens import create_token
from store.scheduled_changes import RolloutStep
from store.unit_of_work import UnitOfWork
from store.usage.reports import AnyReport, RegistrationReport, ToggleCounts, UsageReport
from store.values import Constraint, Dependency, LegalValue, Tag, Variant, VariantPayload

# This age exceeds the expected lifetime of release toggles and the days in usage filters.
AGE = timedelta(days=60)
BATCH = 500
USED_BY_EACH = 5

_VARIANTS = (
    Variant("red", 500, payload=VariantPayload("string", "#f00")),
    Variant("blue", 500, payload=VariantPayload("string", "#00f")),
)
# One of the versions is older than the versions with full support.
_SDKS = ("unleash-node-sdk:6.12.1", "unleash-client-python:6.4.0", "unleash-client-node:3.0.0")
_TYPES = ("release", "experiment", "operational", "kill-switch", "permission")


class Size(Struct, frozen=True):
    """The numbers of objects to create.

    The number of archived toggles is a tenth of the number of toggles. The number of change sets is
    a maximum. `reference_data` is the number of objects of each other kind: segments, context
    fields, tag types, projects, strategies and tokens.
    """

    toggles: int
    applications: int
    reference_data: int
    change_sets: int = 30


class _Clock:
    """A clock that lags by a given time."""

    def __init__(self, back: timedelta) -> None:
        self.back = back

    def __call__(self) -> datetime:
        return utc_now() - self.back


def toggle_name(number: int) -> str:
    """The name of an active toggle."""
    return f"toggle-{number:05}"


def archived_name(number: int) -> str:
    """The name of an archived toggle."""
    return f"archived-{number:05}"


def application_name(number: int) -> str:
    """The name of an application."""
    return f"app-{number:05}"


async def fill(url: str, size: Size) -> None:
    """Fill the empty database at `url`."""
    clock = _Clock(AGE)
    store = await Store.open(url, clock=clock)
    try:
        async with store.write(SYSTEM) as work:
            await _create_reference_data(work, size.reference_data)
        for start in range(0, size.toggles, BATCH):
            async with store.write(SYSTEM) as work:
                for number in range(start, min(start + BATCH, size.toggles)):
                    await _create_toggle(work, number, size.reference_data)
        async with store.write(SYSTEM) as work:
            for number in range(_archived(size)):
                await create_toggle(work, name=archived_name(number))
        clock.back = timedelta(0)
        async with store.write(SYSTEM) as work:
            for number in range(_archived(size)):
                await archive_toggle(work, archived_name(number))
            for number in range(3, size.toggles, 7):
                await update_toggle(work, toggle_name(number), stale=True)
        await _change(store, size)
        await _report(store, size)
    finally:
        await store.close()


def _archived(size: Size) -> int:
    return max(size.toggles // 10, min(size.toggles, 3))


async def _create_reference_data(work: UnitOfWork, count: int) -> None:
    await create_environment(work, name="development")
    await create_environment(work, name="production", type=EnvironmentType.PRODUCTION)
    for number in range(count):
        await create_project(
            work, name=f"project-{number}", fields=ProjectFields(title=f"Project {number}")
        )
        await create_tag_type(
            work, name=f"tag-type-{number}", fields=TagTypeFields(color="#00ff00")
        )
        await create_strategy(
            work, name=f"strategy-{number}", fields=StrategyFields(description="One of our own.")
        )
        await create_context_field(
            work,
            name=f"field-{number}",
            fields=ContextFieldFields(
                legal_values=(LegalValue("de", "Germany"), LegalValue("fr", "France"))
            ),
        )
        await create_segment(
            work,
            name=f"segment {number}",
            fields=SegmentFields(
                constraints=(Constraint(f"field-{number}", "IN", values=("de",)),)
            ),
        )
        await create_token(
            work,
            name=f"token-{number}",
            type=ApiTokenType.CLIENT,
            projects=(f"project-{number}",),
        )


async def _create_toggle(work: UnitOfWork, number: int, reference_data: int) -> None:
    name, position = toggle_name(number), number % reference_data
    segments = sorted(segment.id for segment in work.snapshot.segments.values())
    rollout = StrategySpec(
        name="flexibleRollout",
        title="a quarter",
        parameters={"rollout": "25", "stickiness": "default", "groupId": name},
        constraints=(
            Constraint(f"field-{position}", "IN", values=("de", "fr")),
            Constraint("userId", "STR_ENDS_WITH", values=("@example.com",), inverted=True),
        ),
        segments=(segments[position],),
    )
    await create_toggle(
        work,
        name=name,
        fields=ToggleFields(
            description=f"What {name} is for.",
            type=_TYPES[number % len(_TYPES)],
            project=f"project-{position}",
        ),
        tags=(Tag("simple", f"team-{position}"), Tag(f"tag-type-{position}", "blue")),
        enabled=True,
        strategies=(rollout, StrategySpec(name=f"strategy-{position}")),
        variants=_VARIANTS,
    )
    await configure_toggle(
        work,
        name,
        environment="production",
        enabled=number % 3 != 0,
        strategies=(rollout, StrategySpec(name="userWithId", parameters={"userIds": "ada,bob"})),
    )
    if number % 2:
        await set_dependencies(work, name, (Dependency(toggle_name(number - 1)),))


async def schedule(url: str) -> None:
    """Schedule a change set and a rollout in the filled database at `url`."""
    store = await Store.open(url, background=False)
    now = store.clock()
    try:
        async with store.write(SYSTEM) as work:
            await schedule_changes(
                work, _requested_changes(1)[1:], [], apply_at=now + AGE, now=now, comment="Later."
            )
        strategy = store.snapshot.toggles[toggle_name(0)].in_environment("production").strategies[0]
        async with store.write(SYSTEM) as work:
            await schedule_rollout(
                work,
                toggle_id=strategy.toggle_id,
                environment=strategy.environment,
                strategy_id=strategy.id,
                steps=[RolloutStep(rollout=each, after_minutes=60) for each in (50, 100)],
                now=now,
                comment="Rollout.",
            )
    finally:
        await store.close()


async def _change(store: Store, size: Size) -> None:
    """Create imports, and change sets that switch the first toggle and describe a segment."""
    for number in range(min(size.toggles, size.change_sets)):
        async with store.write(SYSTEM) as work:
            if number % 3:
                await apply_changes(work, _requested_changes(number), comment=f"Round {number}.")
                continue
            start_change_set(work, comment=f"Import {number}.")
            for change in _requested_changes(number):
                await change.make(work)
            work.record(
                EventType.STATE_IMPORTED,
                subject_kind=SubjectKind.STATE,
                subject_key="state",
                subject_name="state",
                summary="Imported one toggle.",
            )


def _requested_changes(number: int) -> list[RequestedChange]:
    async def switch(work: UnitOfWork) -> object:
        enabled = number % 2 == 0
        return await set_enabled(work, toggle_name(0), environment="development", enabled=enabled)

    async def describe(work: UnitOfWork) -> object:
        return await update_segment(work, 1, SegmentFields(description=f"As of round {number}."))

    return [
        RequestedChange(
            make=switch,
            path=("changes", "0"),
            type=EventType.TOGGLE_ENABLED,
            subject_kind=SubjectKind.TOGGLE,
            subject_name=toggle_name(0),
            environment="development",
        ),
        RequestedChange(
            make=describe,
            path=("changes", "1"),
            type=EventType.SEGMENT_UPDATED,
            subject_kind=SubjectKind.SEGMENT,
            subject_name="segment 0",
        ),
    ]


async def _report(store: Store, size: Size) -> None:
    reports = [*_reports(store.clock(), size)]
    # Each report must be stored within a deadline, so slow machines get few at a time, and longer.
    store.journal._commit_deadline_s = 60
    for start in range(0, len(reports), 50):
        await asyncio.gather(*map(store.journal.add, reports[start : start + 50]))
    await store.aggregate_now()


def _reports(at: datetime, size: Size) -> Iterator[AnyReport]:
    """Yield the reports of each application.

    Each application reports the first toggle, a few other toggles, an archived toggle, and unknown
    names.
    """
    for number in range(size.applications):
        origin = {
            "app_name": application_name(number),
            "instance_id": "one",
            "sdk_version": _SDKS[number % len(_SDKS)],
            "client_ip": "10.0.0.1",
            "received_at": at,
        }
        yield RegistrationReport(
            **origin,
            environment="production",
            strategies=("default", "flexibleRollout", f"unheard-of-{number}"),
            started_at=at,
        )
        first = number * USED_BY_EACH
        used = {toggle_name((first + item) % size.toggles) for item in range(USED_BY_EACH)}
        archived = archived_name(number % _archived(size))
        yield UsageReport(
            **origin,
            environment="production" if number % 3 else "development",
            stop=at,
            toggles={
                **{name: ToggleCounts(yes=3, variants={"red": 2}) for name in sorted(used)},
                toggle_name(0): ToggleCounts(yes=2, no=1, variants={"blue": 1}),
                archived: ToggleCounts(no=1),
                f"nobody-created-{number:05}": ToggleCounts(no=4),
            },
        )
