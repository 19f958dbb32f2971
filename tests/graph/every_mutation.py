"""One valid example of each mutation, and an installation in which all examples succeed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

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

Input: TypeAlias = dict[str, Any]

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


class Example(Struct, frozen=True):
    """A mutation with an input that it accepts.

    `events` are the types of all events that the mutation records, in order. `serves` are the
    environments whose SDKs get different data after the mutation. `empty` are the fields of the
    payload that have no content.
    """

    mutation: str
    input: Callable[[Prepared], Input]
    events: Sequence[str]
    serves: frozenset[str] = NOWHERE
    empty: frozenset[str] = frozenset({"errors"})

    @property
    def changes(self) -> list[str]:
        """The types of the mutation's events, except the event of a change set."""
        return [event for event in self.events if event != "CHANGE_SET_APPLIED"]


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


EXAMPLES = (
    Example(
        "toggleCreate",
        lambda _: {
            "name": "new",
            "tags": [{"type": "team", "value": "green"}],
            "enabled": True,
            "variants": [{"name": "a"}, {"name": "b"}],
        },
        ["TOGGLE_CREATED"],
        EVERYWHERE,
    ),
    Example(
        "toggleUpdate",
        lambda _: {"name": "checkout", "impressionData": True, "project": "default"},
        ["TOGGLE_UPDATED"],
        EVERYWHERE,
    ),
    Example(
        "toggleSetEnabled",
        lambda _: {"name": "search", "environment": "production", "enabled": True},
        ["TOGGLE_ENABLED"],
        frozenset({"production"}),
    ),
    Example(
        "toggleConfigure",
        lambda known: {
            "name": "checkout",
            "environment": "staging",
            "enabled": True,
            "strategies": [{"name": "default", "segments": [known.segment_id("beta testers")]}],
            "variants": [{"name": "v", "payload": {"type": "JSON", "value": "{}"}}],
        },
        ["TOGGLE_CONFIGURED"],
        frozenset({"staging"}),
    ),
    Example(
        "toggleCopyConfiguration",
        lambda _: {"name": "checkout", "from": "production", "to": "staging", "enabled": True},
        ["TOGGLE_CONFIGURED"],
        frozenset({"staging"}),
    ),
    Example(
        "toggleStrategyAdd",
        lambda _: {"toggle": "search", "strategy": {"name": "flexibleRollout"}, "position": 0},
        ["TOGGLE_STRATEGY_ADDED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleStrategyUpdate",
        lambda known: {
            "id": known.strategy_id("basket"),
            "title": "half",
            "parameters": [{"name": "rollout", "value": "50"}],
        },
        ["TOGGLE_STRATEGY_UPDATED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleStrategyRemove",
        lambda known: {"id": known.strategy_id("basket")},
        ["TOGGLE_STRATEGY_REMOVED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleVariantAdd",
        lambda it: {
            "toggle": "basket",
            "strategy": it.strategy_id("basket"),
            "variant": {"name": "green", "weightType": "FIX", "weight": 1000},
        },
        ["TOGGLE_STRATEGY_UPDATED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleVariantUpdate",
        lambda _: {"toggle": "checkout", "variant": "red", "weightType": "FIX", "weight": 100},
        ["TOGGLE_VARIANTS_UPDATED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleVariantRemove",
        lambda _: {"toggle": "checkout", "variant": "red"},
        ["TOGGLE_VARIANTS_UPDATED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleTags",
        lambda _: {
            "name": "checkout",
            "add": [{"value": "new"}],
            "remove": [{"type": "team", "value": "blue"}],
        },
        ["TOGGLE_TAGGED"],
    ),
    Example(
        "toggleSetDependencies",
        lambda _: {"name": "checkout", "dependencies": [{"toggle": "search", "enabled": False}]},
        ["TOGGLE_DEPENDENCIES_UPDATED"],
        EVERYWHERE,
    ),
    Example("toggleArchive", lambda _: {"name": "checkout"}, ["TOGGLE_ARCHIVED"], EVERYWHERE),
    Example("toggleRevive", lambda _: {"name": "old"}, ["TOGGLE_REVIVED"], EVERYWHERE),
    Example("toggleDelete", lambda _: {"name": "old"}, ["TOGGLE_DELETED"]),
    Example(
        "toggleRevertTo",
        lambda known: {"name": "checkout", "revision": known.first_version},
        ["TOGGLE_CONFIGURED", "CHANGE_SET_APPLIED"],
        frozenset({"default"}),
    ),
    Example(
        "toggleTypeUpdate",
        lambda _: {"name": "release", "lifetimeDays": 90},
        ["TOGGLE_TYPE_UPDATED"],
    ),
    Example(
        "strategyCreate",
        lambda _: {"name": "byTenant", "parameters": [{"name": "tenants", "type": "LIST"}]},
        ["STRATEGY_CREATED"],
    ),
    Example(
        "strategyUpdate",
        lambda _: {"name": "byWeather", "title": "By weather", "parameters": [{"name": "sun"}]},
        ["STRATEGY_UPDATED"],
    ),
    Example("strategyDelete", lambda _: {"name": "spare"}, ["STRATEGY_DELETED"]),
    Example(
        "applicationUpdate",
        lambda _: {"name": "web", "description": "The shop.", "url": "https://shop.example"},
        ["APPLICATION_UPDATED"],
    ),
    Example("applicationDelete", lambda _: {"name": "web"}, ["APPLICATION_DELETED"]),
    Example(
        "environmentCreate",
        lambda _: {"name": "preview", "type": "PRE_PRODUCTION", "copyFrom": "production"},
        ["ENVIRONMENT_CREATED", "TOGGLE_CONFIGURED"],
    ),
    # A disabled environment still serves SDKs.
    Example(
        "environmentUpdate",
        lambda _: {"name": "staging", "enabled": False, "sortOrder": 9},
        ["ENVIRONMENT_UPDATED"],
    ),
    Example(
        "environmentDelete",
        lambda _: {"name": "lab"},
        ["TOGGLE_CONFIGURED", "ENVIRONMENT_DELETED"],
    ),
    Example("projectCreate", lambda _: {"name": "blog", "title": "The blog"}, ["PROJECT_CREATED"]),
    Example("projectUpdate", lambda _: {"name": "shop", "title": "Store"}, ["PROJECT_UPDATED"]),
    Example("projectDelete", lambda _: {"name": "empty"}, ["PROJECT_DELETED"]),
    Example(
        "segmentCreate",
        lambda _: {
            "name": "grown-ups",
            "constraints": [{"contextName": "age", "operator": "NUM_GTE", "values": ["18"]}],
        },
        ["SEGMENT_CREATED"],
    ),
    Example(
        "segmentUpdate",
        lambda known: {
            "id": known.segment_id("beta testers"),
            "constraints": [{"contextName": "country", "operator": "IN", "values": ["de", "fr"]}],
        },
        ["SEGMENT_UPDATED"],
        frozenset({"production"}),
    ),
    Example("segmentDelete", lambda known: {"id": known.segment_id("nobody")}, ["SEGMENT_DELETED"]),
    Example(
        "contextFieldCreate",
        lambda _: {"name": "tenant", "legalValues": [{"value": "a"}], "stickiness": True},
        ["CONTEXT_FIELD_CREATED"],
    ),
    Example(
        "contextFieldUpdate",
        lambda _: {"name": "country", "legalValues": [{"value": "fr", "description": "France"}]},
        ["CONTEXT_FIELD_UPDATED"],
    ),
    Example("contextFieldDelete", lambda _: {"name": "mood"}, ["CONTEXT_FIELD_DELETED"]),
    Example("tagTypeCreate", lambda _: {"name": "area", "icon": "map"}, ["TAG_TYPE_CREATED"]),
    Example("tagTypeUpdate", lambda _: {"name": "team", "color": None}, ["TAG_TYPE_UPDATED"]),
    Example("tagTypeDelete", lambda _: {"name": "spare"}, ["TAG_TYPE_DELETED"]),
    Example(
        "apiTokenCreate",
        lambda _: {"name": "shop", "type": "CLIENT", "environment": "staging"},
        ["API_TOKEN_CREATED"],
    ),
    Example(
        "apiTokenUpdate",
        lambda known: {"id": known.token_id("spare"), "expiresAt": "2999-01-01T00:00:00Z"},
        ["API_TOKEN_UPDATED"],
    ),
    Example("apiTokenRevoke", lambda known: {"id": known.token_id("spare")}, ["API_TOKEN_REVOKED"]),
    Example(
        "webhookCreate",
        lambda _: {
            "name": "audit",
            "receiverUrl": "https://audit.example/events",
            "eventTypes": ["TOGGLE_ENABLED", "TOGGLE_DISABLED"],
            "projects": ["shop"],
            "environments": ["production"],
        },
        ["WEBHOOK_CREATED"],
    ),
    Example(
        "webhookUpdate",
        lambda known: {"id": known.webhook_id, "format": "SLACK", "rotateSecret": True},
        ["WEBHOOK_UPDATED"],
    ),
    Example("webhookTest", lambda known: {"id": known.webhook_id}, ["WEBHOOK_TESTED"]),
    Example("webhookDelete", lambda known: {"id": known.webhook_id}, ["WEBHOOK_DELETED"]),
    Example(
        "changeSetApply",
        lambda known: {
            "changes": [
                {"toggleSetEnabled": {"name": "checkout", "enabled": True}},
                {"segmentDelete": {"id": known.segment_id("nobody")}},
                {"toggleArchive": {"name": "basket"}},
            ],
            "comment": "Tidy up.",
        },
        ["TOGGLE_ENABLED", "SEGMENT_DELETED", "TOGGLE_ARCHIVED", "CHANGE_SET_APPLIED"],
        EVERYWHERE,
    ),
    Example(
        "changeSetRevert",
        lambda known: {"id": known.change_set_id, "comment": "Not so."},
        ["TOGGLE_UPDATED", "CHANGE_SET_APPLIED"],
        EVERYWHERE,
    ),
    Example(
        "changeSetCancel",
        lambda it: {"id": it.scheduled["Later."]},
        ["CHANGE_SET_CANCELLED"],
    ),
    Example(
        "rolloutSchedule",
        lambda it: {
            "strategy": it.strategy_id("basket"),
            "steps": [{"after": 5, "rollout": 50}, {"after": 60, "rollout": 100}],
            "comment": "To everybody.",
        },
        ["CHANGE_SET_SCHEDULED"],
    ),
    Example("rolloutPause", lambda it: {"id": it.scheduled["Rollout."]}, ["CHANGE_SET_PAUSED"]),
    Example("rolloutResume", lambda it: {"id": it.scheduled["Paused."]}, ["CHANGE_SET_RESUMED"]),
    Example(
        "stateImport",
        lambda _: {
            "source": {
                "document": {
                    "format": "flagstaff",
                    "version": 1,
                    "toggles": [{"name": "search", "description": "Imported."}],
                }
            },
            "comment": "From elsewhere.",
        },
        ["TOGGLE_UPDATED", "CHANGE_SET_APPLIED", "STATE_IMPORTED"],
        EVERYWHERE,
        # Only documents of Unleash servers have warnings.
        frozenset({"errors", "warnings", "warningCount"}),
    ),
)
