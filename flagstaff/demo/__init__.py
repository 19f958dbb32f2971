"""The example installation of `serve --demo`: a web shop's toggles, applications and usage."""

import asyncio

from flagstaff.demo.applications import APPLICATIONS
from flagstaff.demo.installation import DEVELOPMENT, PRODUCTION, DemoToggle, strategy
from flagstaff.demo.more_toggles import ARCHIVED, KILL_SWITCHES, OPERATIONS, PERMISSIONS
from flagstaff.demo.toggles import EXPERIMENTS, RELEASES, STRATEGIES
from flagstaff.demo.usage import registrations, usage_reports
from store import Store
from store.model import DEFAULT_ENVIRONMENT, Actor, ActorKind
from store.operations.environments import create_environment
from store.operations.fields import StrategyFields, ToggleFields
from store.operations.strategies import create_strategy, update_strategy
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.unit_of_work import UnitOfWork
from store.values import Tag

TOGGLES = (*RELEASES, *EXPERIMENTS, *OPERATIONS, *KILL_SWITCHES, *PERMISSIONS, *ARCHIVED)

_EVERYONE = strategy("default")
_DEMO = Actor("demo", ActorKind.SYSTEM)
# Reports are stored in batches of this size, because each report must be stored within a deadline.
_BATCH_SIZE = 25


async def fill_with_demo(store: Store) -> str:
    """Fill a database without toggles with the example, and return a sentence about the result.

    The configuration is stored in one transaction. If the start is interrupted, the next start
    fills the empty database again.
    """
    async with store.write(_DEMO) as work:
        if work.snapshot.toggles:
            return "The database already has toggles, so the example installation was not created."
        await _configure(work)
    await _report_usage(store)
    await store.aggregate_now()
    return (
        f"The example installation was created: {len(TOGGLES)} toggles, "
        f"{len(APPLICATIONS)} applications and a day of usage."
    )


async def _configure(work: UnitOfWork) -> None:
    for name in (DEVELOPMENT, PRODUCTION):
        if name not in work.snapshot.environments:
            await create_environment(work, name=name)
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
    for toggle in TOGGLES:
        await _create(work, toggle)
    for definition in STRATEGIES:
        if definition.deprecated:
            await update_strategy(work, definition.name, StrategyFields(deprecated=True))


async def _create(work: UnitOfWork, toggle: DemoToggle) -> None:
    await create_toggle(
        work,
        name=toggle.name,
        fields=ToggleFields(
            description=toggle.description,
            type=toggle.type,
            impression_data=toggle.impression_data,
        ),
        stale=toggle.stale,
        tags=[Tag("simple", value) for value in toggle.tags],
        environment=DEFAULT_ENVIRONMENT,
        enabled=toggle.enabled,
        strategies=toggle.strategies,
        variants=toggle.variants,
    )

    await configure_toggle(
        work,
        toggle.name,
        environment=PRODUCTION,
        enabled=toggle.enabled,
        strategies=toggle.strategies or (_EVERYONE,),
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
        await asyncio.gather(*(store.journal.add(report) for report in batch))
