"""Create objects for tests of queries: toggles, reference data and applications."""

from datetime import datetime, timedelta
from typing import Any

from store import Store
from store.events import EventType
from store.model import SYSTEM, ContextField, Environment, Segment, TagType, Toggle
from store.operations.environments import create_environment
from store.operations.fields import StrategyFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.unit_of_work import UnitOfWork
from store.usage.reports import RegistrationReport, ToggleCounts, UsageReport
from store.values import Constraint, LegalValue, Tag, Variant, VariantOverride, VariantPayload
from tests.store.operations.doing import call

ROLLOUT = StrategySpec(
    name="flexibleRollout",
    title="a quarter",
    parameters={"rollout": "25", "stickiness": "default", "groupId": "g"},
    constraints=(
        Constraint("country", "IN", values=("de", "fr")),
        Constraint("age", "NUM_GTE", values=(), value="18", inverted=True),
    ),
    segments=(1,),
)
VARIANTS = (
    Variant("red", 500, payload=VariantPayload("string", "#f00")),
    Variant("blue", 500, weight_type="fix", overrides=(VariantOverride("userId", ("ada", "bob")),)),
)


class Installation:
    """Fills a store by calling its operations."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def reference_data(self) -> None:
        """Create two environments, a segment, a context field, a tag type and a custom strategy."""
        async with self.store.write(SYSTEM) as work:
            await create_environment(work, name="development")
            await create_environment(work, name="production")
            await create_strategy(
                work, name="byWeather", fields=StrategyFields(description="Whoever has sun.")
            )
            now, revision = work.now, work.revision
            for subject, type in (
                (
                    Segment(
                        id=1,
                        name="beta testers",
                        constraints=(Constraint("email", "STR_ENDS_WITH", values=("@b.example",)),),
                        created_at=now,
                        revision=revision,
                    ),
                    EventType.SEGMENT_CREATED,
                ),
                (
                    ContextField(
                        name="country",
                        legal_values=(LegalValue("de", "Germany"), LegalValue("fr")),
                        created_at=now,
                        revision=revision,
                    ),
                    EventType.CONTEXT_FIELD_CREATED,
                ),
                (
                    TagType(name="team", color="#00ff00", created_at=now, revision=revision),
                    EventType.TAG_TYPE_CREATED,
                ),
            ):
                work.put(subject)
                work.record(
                    type, subject=subject, before=None, after=subject, summary="Something came."
                )

    async def toggle(self, name: str, **options: Any) -> Toggle:
        """Create a toggle by `create_toggle`."""
        async with self.store.write(SYSTEM) as work:
            return await call(create_toggle, work, name=name, **options)

    async def toggles(self, *names: str, **options: Any) -> None:
        """Create toggles that differ only in their names."""
        async with self.store.write(SYSTEM) as work:
            for name in names:
                await call(create_toggle, work, name=name, **options)

    async def rich_toggle(self, name: str) -> Toggle:
        """Create a toggle with all parts, configured in two environments."""
        await self.rich_toggles(name)
        return self.store.snapshot.toggles[name]

    async def rich_toggles(self, *names: str) -> None:
        """Create several toggles like `rich_toggle`, in one commit."""
        async with self.store.write(SYSTEM) as work:
            for name in names:
                await _create_rich_toggle(work, name)

    async def switch(self, name: str, environment: str, *, on: bool) -> None:
        """Switch a toggle."""
        async with self.store.write(SYSTEM) as work:
            await set_enabled(work, name, environment=environment, enabled=on)

    async def archive(self, *names: str) -> None:
        """Archive toggles."""
        async with self.store.write(SYSTEM) as work:
            for name in names:
                await archive_toggle(work, name)

    async def put(self, *subjects: Any) -> None:
        """Store objects without checking the rules of operations."""
        async with self.store.write(SYSTEM) as work:
            for subject in subjects:
                work.put(subject)
                work.record(
                    EventType.TOGGLE_UPDATED,
                    subject=subject,
                    before=None,
                    after=subject,
                    summary="Something was put.",
                )

    async def disable(self, environment: str) -> None:
        """Disable an environment."""
        known = self.store.snapshot.environments[environment]
        await self.put(
            Environment(
                name=known.name, type=known.type, enabled=False, created_at=known.created_at
            )
        )

    async def register(self, app_name: str, *strategies: str, **options: Any) -> None:
        """Register an application's SDK."""
        report = {
            "environment": "default",
            "sdk_version": "unleash-client-python:6.1.0",
            "received_at": self.store.clock(),
            **options,
        }
        await self.store.journal.add(
            RegistrationReport(app_name=app_name, strategies=strategies, **report)
        )

    async def use(
        self,
        app_name: str,
        *toggles: str,
        yes: int = 1,
        no: int = 0,
        ago: timedelta = timedelta(0),
        environment: str = "default",
        **options: Any,
    ) -> datetime:
        """Report usage of an application as received earlier, and return the time of receipt."""
        at = self.store.clock() - ago
        # Slow machines may store the report late.
        self.store.journal._commit_deadline_s = 60
        await self.store.journal.add(
            UsageReport(
                app_name=app_name,
                environment=environment,
                stop=at,
                received_at=at,
                toggles={name: ToggleCounts(yes, no) for name in toggles},
                **options,
            )
        )
        return at

    async def aggregate(self) -> None:
        """Aggregate all reports, so that queries return them."""
        await self.store.aggregate_now()


async def _create_rich_toggle(work: UnitOfWork, name: str) -> None:
    await create_toggle(
        work,
        name=name,
        fields=ToggleFields(description=f"What {name} is for."),
        tags=(Tag("simple", "shop"), Tag("team", "blue")),
        strategies=(ROLLOUT, StrategySpec(name="default", disabled=True)),
        variants=VARIANTS,
    )
    await configure_toggle(
        work,
        name,
        environment="production",
        enabled=True,
        strategies=(StrategySpec(name="userWithId", parameters={"userIds": "ada,bob"}),),
    )
