"""One valid example of each mutation. All examples succeed in the store of `prepared_store`."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from tests.graph.prepared_store import EVERYWHERE, NOWHERE, Prepared

Input: TypeAlias = dict[str, Any]


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
