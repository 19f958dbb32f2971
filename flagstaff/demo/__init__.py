"""The example installation of `serve --demo`: a web shop's toggles, applications and usage."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from msgspec import structs

from flagstaff.demo.applications import APPLICATIONS
from flagstaff.demo.clock import DemoClock
from flagstaff.demo.history import AGE, HISTORY, ROLLOUT, SCHEDULED, DemoChangeSet
from flagstaff.demo.installation import DEVELOPMENT, PRODUCTION, DemoToggle, strategy
from flagstaff.demo.more_toggles import ARCHIVED, KILL_SWITCHES, OPERATIONS, PERMISSIONS
from flagstaff.demo.toggles import (
    CONTEXT_FIELDS,
    EXPERIMENTS,
    RELEASES,
    SEGMENTS,
    STRATEGIES,
    TAG_TYPES,
)
from flagstaff.demo.usage import registrations, usage_reports
from flagstaff.demo.webhook import ATTEMPTS, WEBHOOK, WEBHOOK_AGE, WEBHOOK_PERSON, AttemptsInOrder
from graph.events.stored_changes import changes_from_json
from graph.schema import schema
from store import Store
from store.errors import StoreUnavailableError
from store.model import DEFAULT_ENVIRONMENT, Actor, ActorKind
from store.operations.change_sets import RequestedChange, apply_changes
from store.operations.context_fields import create_context_field
from store.operations.environments import create_environment, update_environment
from store.operations.fields import (
    ContextFieldFields,
    EnvironmentFields,
    ProjectFields,
    SegmentFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
    WebhookFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.rollouts import schedule_rollout
from store.operations.scheduling import schedule_changes
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy, update_strategy
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.webhooks import create_webhook, record_test, update_webhook
from store.unit_of_work import UnitOfWork
from store.usage.reports import RegistrationReport, UsageReport
from store.values import LegalValue, Tag

TOGGLES = (*RELEASES, *EXPERIMENTS, *OPERATIONS, *KILL_SWITCHES, *PERMISSIONS, *ARCHIVED)

_EVERYONE = strategy("default")
_DEMO = Actor("demo", ActorKind.SYSTEM)
# Reports are stored in batches of this size, because each report must be stored within a deadline.
_BATCH_SIZE = 25
_MAX_TRIES = 10


async def create_demo(url: str) -> str:
    """Fill a database without toggles with the example, and return a sentence about the result.

    A new database gets a history of several weeks. In a database that has changes, all changes have
    the present time, because the times of events never decrease.

    Raises: StoreUnavailableError: the database cannot be reached.
    """
    clock = DemoClock()
    clock.set(clock() - AGE)
    store = await Store.open(url, clock=clock)
    try:
        is_new = store.snapshot.revision == 0
        if not is_new:
            clock.set(None)
        return await fill_with_demo(store, clock if is_new else None)
    finally:
        await store.close()


async def fill_with_demo(store: Store, clock: DemoClock | None = None) -> str:
    """Fill a database without toggles, and return a sentence about the result.

    If `clock` is the clock of the store, the changes get times in the past. The configuration is
    stored in one transaction. If the start is interrupted before it ends, the next start fills the
    empty database. If the start is interrupted later, the history and the usage remain incomplete.
    """
    clock = clock or DemoClock()
    async with store.write(_DEMO) as work:
        if work.snapshot.toggles:
            return "The database already has toggles, so the example installation was not created."
        await _configure(work)
    await _make_history(store, clock)
    await _report_usage(store)
    return (
        f"The example installation was created: {len(TOGGLES)} toggles, "
        f"{len(APPLICATIONS)} applications and three weeks of usage."
    )


async def _configure(work: UnitOfWork) -> None:
    for position, name in enumerate((DEVELOPMENT, PRODUCTION), 1):
        if name not in work.snapshot.environments:
            await create_environment(work, name=name)
        await update_environment(work, name, EnvironmentFields(sort_order=position))
    # Few applications of the shop use the default environment, so it comes last.
    await update_environment(work, DEFAULT_ENVIRONMENT, EnvironmentFields(sort_order=3))
    if "logistics" not in work.snapshot.projects:
        fields = ProjectFields(title="Logistics", description="Delivery and the warehouse.")
        await create_project(work, name="logistics", fields=fields)
    for definition in STRATEGIES:
        if definition.name not in work.snapshot.strategies:
            await create_strategy(
                work,
                name=definition.name,
                fields=StrategyFields(
                    title=definition.title,
                    description=definition.description,
                    parameters=definition.parameters,
                ),
            )
    for field in CONTEXT_FIELDS:
        if field.name not in work.snapshot.context_fields:
            values = tuple(LegalValue(value, meaning) for value, meaning in field.values.items())
            fields = ContextFieldFields(description=field.description, legal_values=values)
            await create_context_field(work, name=field.name, fields=fields)
    for tag_type in TAG_TYPES:
        if tag_type.name not in work.snapshot.tag_types:
            fields = TagTypeFields(description=tag_type.description, color=tag_type.color)
            await create_tag_type(work, name=tag_type.name, fields=fields)
    segments = await _create_segments(work)
    for toggle in TOGGLES:
        await _create(work, toggle, tuple(segments[name] for name in toggle.segments))
    for definition in STRATEGIES:
        if definition.deprecated:
            await update_strategy(work, definition.name, StrategyFields(deprecated=True))


async def _create_segments(work: UnitOfWork) -> dict[str, int]:
    """Create the missing segments. Return the IDs of all segments by name."""
    ids = {segment.name: segment.id for segment in work.snapshot.segments.values()}
    for segment in SEGMENTS:
        if segment.name not in ids:
            fields = SegmentFields(description=segment.description, constraints=segment.constraints)
            created = await create_segment(work, name=segment.name, fields=fields)
            ids[segment.name] = created.id
    return ids


async def _create(work: UnitOfWork, toggle: DemoToggle, segments: tuple[int, ...]) -> None:
    strategies = _with_segments(toggle.strategies, segments)
    await create_toggle(
        work,
        name=toggle.name,
        fields=ToggleFields(
            description=toggle.description,
            type=toggle.type,
            project=toggle.project,
            impression_data=toggle.impression_data,
        ),
        stale=toggle.stale,
        tags=[_tag(text) for text in toggle.tags],
        environment=DEFAULT_ENVIRONMENT,
        enabled=toggle.enabled,
        strategies=strategies,
        variants=toggle.variants,
    )

    await configure_toggle(
        work,
        toggle.name,
        environment=PRODUCTION,
        enabled=toggle.enabled,
        strategies=strategies or (_EVERYONE,),
        variants=toggle.variants,
    )
    await configure_toggle(
        work,
        toggle.name,
        environment=DEVELOPMENT,
        enabled=toggle.in_development,
        strategies=(_EVERYONE,),
        variants=toggle.variants,
    )
    if toggle.archived:
        await archive_toggle(work, toggle.name)


def _tag(text: str) -> Tag:
    type, colon, value = text.rpartition(":")
    return Tag(type if colon else "simple", value)


def _with_segments(
    strategies: Sequence[StrategySpec] | None, segments: tuple[int, ...]
) -> Sequence[StrategySpec] | None:
    if strategies is None:
        return None
    return tuple(structs.replace(each, segments=segments) for each in strategies)


async def _make_history(store: Store, clock: DemoClock) -> None:
    """Make the changes of the last weeks, and schedule further changes."""
    clock.set(None)
    now = clock()
    for change_set in HISTORY:
        clock.set(now - change_set.ago)
        async with store.write(_person(change_set.person)) as work:
            requested = _requested(work, change_set)
            await apply_changes(work, requested, comment=change_set.comment)
    clock.set(now - WEBHOOK_AGE)
    await _test_webhook(store)
    clock.set(None)
    async with store.write(_person(SCHEDULED.person)) as work:
        await schedule_changes(
            work,
            _requested(work, SCHEDULED),
            list(SCHEDULED.changes),
            apply_at=_on_the_hour(now - SCHEDULED.ago),
            now=store.clock(),
            comment=SCHEDULED.comment,
        )
    async with store.write(_person(ROLLOUT.person)) as work:
        toggle = work.snapshot.toggles[ROLLOUT.toggle]
        begin = structs.replace(ROLLOUT.steps[0], at=_on_the_hour(now + ROLLOUT.begins_in))
        await schedule_rollout(
            work,
            toggle_id=toggle.id,
            environment=ROLLOUT.environment,
            strategy_id=toggle.in_environment(ROLLOUT.environment).strategies[0].id,
            steps=(begin, *ROLLOUT.steps[1:]),
            now=store.clock(),
            comment=ROLLOUT.comment,
        )


async def _test_webhook(store: Store) -> None:
    """Create a webhook, and record two tests that nobody has received. Then disable the webhook.

    The webhook is disabled before the example ends, so nothing is ever sent.
    """
    person = _person(WEBHOOK_PERSON)
    async with store.write(person) as work:
        webhook = await create_webhook(work, WEBHOOK)
    store.webhooks.use(AttemptsInOrder())
    for _ in ATTEMPTS:
        async with store.write(person) as work:
            await record_test(work, webhook.id)
        await store.webhooks.test(webhook, work.revision)
    async with store.write(person) as work:
        await update_webhook(work, webhook.id, WebhookFields(enabled=False))


def _requested(work: UnitOfWork, change_set: DemoChangeSet) -> Sequence[RequestedChange]:
    return changes_from_json(schema, list(change_set.changes), work.snapshot)


def _person(name: str) -> Actor:
    return Actor(name, ActorKind.TOKEN)


def _on_the_hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)


async def _report_usage(store: Store) -> None:
    variants = {toggle.name: toggle.variants for toggle in TOGGLES}
    now = store.clock()
    reports = [
        report
        for app in APPLICATIONS
        for report in (*registrations(app, now), *usage_reports(app, variants, now))
    ]
    for start in range(0, len(reports), _BATCH_SIZE):
        batch = reports[start : start + _BATCH_SIZE]
        await asyncio.gather(*(_report(store, report) for report in batch))
        # Many reports at once would take longer than a transaction may take on a busy machine.
        await store.aggregate_now()


async def _report(store: Store, report: RegistrationReport | UsageReport) -> None:
    """Store a report. If the machine is too busy to store it in time, try again."""
    for _ in range(_MAX_TRIES):
        with suppress(StoreUnavailableError):
            return await store.journal.add(report)
    return await store.journal.add(report)
