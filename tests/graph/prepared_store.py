"""A store with objects of all kinds, to which examples of mutations refer."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from graph.ids import encode_id, toggle_strategy_id
from store import Snapshot, Store
from store.change_sets import ChangeSetFilter, list_change_sets
from store.events import ChangeSetState, EventType, SubjectKind
from store.model import SYSTEM, ApiTokenType
from store.operations.change_sets import RequestedChange, apply_changes
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
    WebhookFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.rollouts import pause_rollout, schedule_rollout
from store.operations.scheduling import schedule_changes
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.operations.tokens import create_token
from store.operations.webhooks import create_webhook
from store.paging import Window
from store.scheduled_changes import RolloutStep
from store.unit_of_work import UnitOfWork
from store.usage.reports import ToggleCounts, UsageReport
from store.values import Constraint, Dependency, LegalValue, Tag, Variant

# Tokens read these environments. No token reads the environment `lab`, so it can be deleted.
SERVED = ("default", "production", "staging")
EVERYWHERE = frozenset(SERVED)
NOWHERE = frozenset[str]()
_VARIANTS = (Variant("red", 500), Variant("blue", 500))


class Prepared(Struct, frozen=True):
    """The installation, and the IDs and revisions of objects that examples use."""

    snapshot: Snapshot
    change_set_id: str
    first_version: int
    # The IDs of the scheduled change sets by their comments.
    scheduled: Mapping[str, str]

    def strategy_id(self, toggle: str, position: int = 0) -> str:
        """The ID of an activation strategy in the environment `default`."""
        found = self.snapshot.toggles[toggle].in_environment("default").strategies[position]
        return toggle_strategy_id(found.toggle_id, found.environment, found.id)

    def segment_id(self, name: str) -> str:
        """The ID of a segment."""
        return encode_id("Segment", self.snapshot.segments_by_name[name].id)

    def token_id(self, name: str) -> str:
        """The ID of a token."""
        (found,) = (token for token in self.snapshot.tokens.values() if token.name == name)
        return encode_id("ApiToken", found.id)

    @property
    def webhook_id(self) -> str:
        """The ID of the webhook."""
        return encode_id("Webhook", next(iter(self.snapshot.webhooks)))


async def prepare(store: Store) -> None:
    """Fill an empty store."""
    async with store.write(SYSTEM) as work:
        await _create_reference_data(work)
        await _create_toggles(work)
    async with store.write(SYSTEM) as work:
        await configure_toggle(work, "checkout", strategies=(StrategySpec(name="default"),))
        await set_enabled(work, "checkout", enabled=False)
        await archive_toggle(work, "old")
    async with store.write(SYSTEM) as work:
        await apply_changes(work, [_describing("search", "What was described together.")])
    await _schedule(store)
    at = store.clock()
    await store.journal.add(
        UsageReport(
            app_name="web",
            environment="default",
            stop=at,
            received_at=at,
            toggles={"checkout": ToggleCounts(1, 0)},
        )
    )
    await store.aggregate_now()


async def _create_reference_data(work: UnitOfWork) -> None:
    for name in ("production", "staging", "lab"):
        await create_environment(work, name=name)
    await create_project(work, name="shop", fields=ProjectFields(title="Shop"))
    await create_project(work, name="empty")
    await create_tag_type(work, name="team", fields=TagTypeFields(color="#00ff00"))
    await create_tag_type(work, name="spare")
    await create_context_field(
        work, name="country", fields=ContextFieldFields(legal_values=(LegalValue("de"),))
    )
    await create_context_field(work, name="mood")
    await create_strategy(
        work, name="byWeather", fields=StrategyFields(description="Whoever has sun.")
    )
    await create_strategy(work, name="spare")
    await create_segment(
        work,
        name="beta testers",
        fields=SegmentFields(constraints=(Constraint("country", "IN", values=("de",)),)),
    )
    await create_segment(work, name="nobody")
    await create_token(work, name="spare", type=ApiTokenType.CLIENT)
    await create_webhook(
        work, WebhookFields(name="chat", receiver_url="https://chat.example/hooks/1")
    )


async def _create_toggles(work: UnitOfWork) -> None:
    segment = work.snapshot.segments_by_name["beta testers"]
    rollout = StrategySpec(name="flexibleRollout", parameters={"rollout": "25"})
    await create_toggle(
        work,
        name="checkout",
        fields=ToggleFields(description="The new checkout.", project="shop"),
        tags=(Tag("simple", "money"), Tag("team", "blue")),
        enabled=True,
        strategies=(rollout, StrategySpec(name="default", segments=(segment.id,))),
        variants=_VARIANTS,
    )
    await configure_toggle(
        work,
        "checkout",
        environment="production",
        enabled=True,
        strategies=(
            StrategySpec(name="userWithId", parameters={"userIds": "ada"}),
            StrategySpec(name="byWeather", segments=(segment.id,)),
        ),
    )
    await create_toggle(work, name="search", enabled=True)
    await create_toggle(work, name="basket", enabled=True, strategies=(rollout,))
    await set_dependencies(work, "basket", (Dependency("search"),))
    await create_toggle(work, name="old", tags=(Tag("team", "red"),), enabled=True)
    await configure_toggle(work, "old", environment="lab", enabled=True)


async def _schedule(store: Store) -> None:
    """Schedule a change set, a rollout, and a paused rollout."""
    now = store.clock()
    steps = (RolloutStep(rollout=50, after_minutes=60), RolloutStep(rollout=100, after_minutes=60))
    async with store.write(SYSTEM) as work:
        requested = [_describing("search", "What is described later.")]
        at = now + timedelta(days=1)
        await schedule_changes(work, requested, [], apply_at=at, now=now, comment="Later.")
    (strategy,) = store.snapshot.toggles["basket"].in_environment("default").strategies
    for comment in ("Rollout.", "Paused."):
        async with store.write(SYSTEM) as work:
            made = await schedule_rollout(
                work,
                toggle_id=strategy.toggle_id,
                environment=strategy.environment,
                strategy_id=strategy.id,
                steps=steps,
                now=now,
                comment=comment,
            )
    assert made.change_set is not None
    async with store.write(SYSTEM) as work:
        await pause_rollout(work, made.change_set.id)


def _describing(name: str, description: str) -> RequestedChange:
    async def describe(work: UnitOfWork) -> object:
        return await update_toggle(work, name, ToggleFields(description=description))

    path = ("changes", "0", "toggleUpdate")
    return RequestedChange(describe, path, EventType.TOGGLE_UPDATED, SubjectKind.TOGGLE, name)


async def prepared(store: Store) -> Prepared:
    """Run `prepare` on a store and return the result."""
    async with store.read() as session:
        found = (await list_change_sets(session, ChangeSetFilter(), Window(10))).items
    ids = {item.comment: encode_id("ChangeSet", item.id) for item in found}
    (change_set,) = (item for item in found if item.state is ChangeSetState.APPLIED)
    created = change_set.revision - 2
    return Prepared(store.snapshot, ids[change_set.comment], created, ids)
