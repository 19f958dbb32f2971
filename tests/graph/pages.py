"""The queries of an admin frontend's pages, their results, and their maximum costs."""

from typing import Any

from msgspec import Struct

from graph.ids import encode_id
from tests.filling import application_name, archived_name, toggle_name


class Page(Struct, frozen=True, kw_only=True):
    """The query of one page, for an installation that `tests.filling` has created.

    `statements` is the number of SQL statements. `budget` is the cost limit in the page's file.
    `shows` maps paths to values in the answer. A number in a path is an index of a list, and `*`
    means the length of the list.
    """

    statements: int
    budget: int
    variables: dict[str, Any] = {}
    shows: dict[str, Any]


_NEWEST_FIRST = {"field": "CREATED_AT", "direction": "DESC"}

PAGES = {
    "ToggleListPage": Page(
        statements=0,
        budget=9,
        variables={
            "filter": {"staleness": ["POTENTIALLY_STALE", "ACTIVE"]},
            "orderBy": {"field": "LAST_SEEN_AT", "direction": "DESC"},
        },
        shows={
            "viewer.canWrite": True,
            "environments.*": 3,
            "toggles.nodes.0.environments.2.environment.name": "production",
            "toggles.nodes.0.lifecycle.stage": "LIVE",
            "toggles.nodes.0.tags.*": 2,
        },
    ),
    "ToggleDetailPage": Page(
        statements=7,
        budget=18,
        variables={"name": toggle_name(0)},
        shows={
            "toggle.dependents.0.name": toggle_name(1),
            "toggle.environments.0.strategies.0.constraints.0.contextField.name": "field-0",
            "toggle.environments.0.strategies.0.segments.0.name": "segment 0",
            "toggle.environments.0.variants.0.percentage": 50,
            "toggle.metrics.1.environment.name": "production",
            "toggle.metrics.1.yes": 4,
            "toggle.metrics.1.variants.0.name": "blue",
            "toggle.usages.nodes.0.application.name": application_name(2),
            "toggle.events.nodes.0.changeSet.comment": "Round 2.",
        },
    ),
    "StrategiesPage": Page(
        statements=2,
        budget=4,
        shows={
            "strategies.nodes.0.name": "applicationHostname",
            "strategies.nodes.2.name": "flexibleRollout",
            "strategies.nodes.2.applications.totalCount": 3,
            "strategies.nodes.2.toggles.totalCount": 3,
        },
    ),
    "ApplicationsPage": Page(
        statements=5,
        budget=7,
        shows={
            "applications.totalCount": 3,
            "applications.nodes.2.sdks.0.sdk.outdated": True,
            "applications.nodes.0.environments.0.name": "development",
            "applications.nodes.0.issues.unknownToggles.0": "nobody-created-00000",
            "applications.nodes.0.issues.archivedToggles.0.name": archived_name(0),
            "applications.nodes.0.issues.unknownStrategies.0": "unheard-of-0",
            "applications.nodes.1.issues.missingStrategies.0.name": "userWithId",
        },
    ),
    "ApplicationDetailPage": Page(
        statements=7,
        budget=11,
        variables={"name": application_name(1)},
        shows={
            "application.strategies.1.strategy.title": "Gradual rollout",
            "application.issues.missingStrategies.0.name": "userWithId",
            "application.instances.nodes.0.instanceId": "one",
            "application.usages.totalCount": 5,
            "application.usages.nodes.0.environment.name": "production",
        },
    ),
    "EventLogPage": Page(
        statements=3,
        budget=4,
        variables={"filter": {"types": ["TOGGLE_ENABLED", "TOGGLE_DISABLED"]}},
        shows={
            "events.nodes.0.toggle.name": toggle_name(0),
            "events.nodes.0.changes.0.kind": "CHANGED",
            "events.nodes.0.changeSet.comment": "Round 2.",
            "events.nodes.0.environment.name": "development",
        },
    ),
    "ArchivePage": Page(
        statements=4,
        budget=7,
        shows={
            "toggles.totalCount": 3,
            "toggles.nodes.0.usages.nodes.0.application.name": application_name(0),
            "toggles.nodes.0.events.nodes.0.actor.name": "flagstaff",
        },
    ),
    "ImportExportPage": Page(
        statements=2,
        budget=13,
        variables={"withDocument": True},
        shows={
            "serverInfo.statistics.toggles": 3,
            "serverInfo.statistics.archivedToggles": 3,
            "events.nodes.0.changeSet.comment": "Import 0.",
            "stateExport.toggleCount": 3,
            "stateExport.mediaType": "application/json",
        },
    ),
    "TokensPage": Page(
        statements=0,
        budget=5,
        variables={"filter": {"types": ["CLIENT"], "search": "token-"}},
        shows={
            "apiTokens.nodes.0.projects.0.name": "project-0",
            "apiTokens.nodes.0.environment.name": "default",
        },
    ),
    "PlaygroundPage": Page(
        statements=0,
        budget=9,
        variables={
            "contexts": [
                {"userId": "ada", "properties": [{"name": "field-0", "value": "de"}]},
                {"userId": "eve@example.com", "sessionId": "7"},
            ],
        },
        shows={
            "playground.totalCount": 3,
            "playground.nodes.0.evaluations.*": 2,
            "playground.nodes.0.evaluations.0.variant.name": "blue",
            "playground.nodes.0.evaluations.0.strategies.0.bucket": 16,
            "playground.nodes.0.evaluations.0.strategies.0.segments.0.outcome": "MET",
            "playground.nodes.0.evaluations.1.context.sessionId": "7",
            "playground.nodes.0.evaluations.1.strategies.0.constraints.1.outcome": "NOT_MET",
            "playground.nodes.1.evaluations.0.environment.name": "default",
            "playground.nodes.1.evaluations.0.reason": "UNDECIDED",
            "playground.nodes.1.evaluations.1.reason": "DEPENDENCY_NOT_MET",
        },
    ),
    "CleanUpPage": Page(
        statements=4,
        budget=12,
        shows={
            "stale.totalCount": 0,
            # Operational toggles have a lifetime of a week. Release toggles have a longer lifetime.
            "expired.nodes.0.type.name": "operational",
            "settled.totalCount": 2,
            "settled.nodes.0.environment.enabled": True,
            "unknown.totalCount": 3,
            "unknown.nodes.0.applications.0.name": application_name(2),
        },
    ),
    "SchedulesPage": Page(
        statements=5,
        budget=6,
        shows={
            "changeSets.totalCount": 2,
            "changeSets.nodes.0.comment": "Rollout.",
            "changeSets.nodes.0.rollout.toggle.name": toggle_name(0),
            "changeSets.nodes.0.rollout.environment.name": "production",
            "changeSets.nodes.0.rollout.steps.1.after": 60,
            "changeSets.nodes.1.comment": "Later.",
            "changeSets.nodes.1.state": "SCHEDULED",
            "changeSets.nodes.1.changes.0.changes.0.kind": "CHANGED",
            "changeSets.nodes.1.events.nodes.0.type": "CHANGE_SET_SCHEDULED",
        },
    ),
    "ChangeSetsPage": Page(
        statements=4,
        budget=4,
        variables={"filter": {"applied": True}},
        shows={
            "changeSets.nodes.0.comment": "Round 2.",
            "changeSets.nodes.0.changes.0.environment.name": "development",
            "changeSets.nodes.0.changes.0.changes.0.kind": "CHANGED",
        },
    ),
    "SegmentsPage": Page(
        statements=0,
        budget=0,
        variables={"search": "SEGMENT"},
        shows={
            "segments.nodes.0.name": "segment 0",
            "segments.nodes.0.constraints.0.contextField.legalValues.0.description": "Germany",
            "segments.nodes.0.toggles.nodes.0.name": toggle_name(0),
        },
    ),
    "SegmentDetailPage": Page(
        statements=0,
        budget=0,
        variables={"name": "segment 1"},
        shows={
            "segment.name": "segment 1",
            "segment.toggles.nodes.0.name": toggle_name(1),
            "segment.toggles.nodes.0.project.name": "project-1",
        },
    ),
    "ContextFieldsPage": Page(
        statements=0, budget=0, shows={"contextFields.0.name": "environment"}
    ),
    "ContextFieldDetailPage": Page(
        statements=0,
        budget=0,
        variables={"id": encode_id("ContextField", "field-0")},
        shows={"node.legalValues.1.value": "fr", "node.builtIn": False},
    ),
    "TagTypesPage": Page(
        statements=0,
        budget=0,
        shows={"tagTypes.0.name": "simple", "tags.nodes.0.value": "team-0"},
    ),
    "TagTypeDetailPage": Page(
        statements=0,
        budget=0,
        variables={"id": encode_id("TagType", "tag-type-0"), "names": ["tag-type-0"]},
        shows={"node.color": "#00ff00", "tags.nodes.0.value": "blue"},
    ),
    "ProjectsPage": Page(
        statements=0,
        budget=0,
        shows={
            "projects.0.name": "default",
            "projects.0.archived.totalCount": 3,
            "projects.1.active.totalCount": 1,
            "projects.1.stale.totalCount": 1,
        },
    ),
    "ProjectDetailPage": Page(
        statements=0,
        budget=0,
        variables={"name": "project-1", "orderBy": _NEWEST_FIRST},
        shows={
            "project.title": "Project 1",
            "project.toggles.nodes.0.environments.0.enabled": True,
        },
    ),
    "ToggleTypesPage": Page(
        statements=0,
        budget=0,
        shows={"toggleTypes.0.name": "release", "toggleTypes.0.lifetimeDays": 40},
    ),
    "EnvironmentsPage": Page(
        statements=0,
        budget=0,
        shows={"environments.0.name": "default", "environments.0.enabledToggleCount": 3},
    ),
    "EnvironmentDetailPage": Page(
        statements=0,
        budget=0,
        variables={"name": "production", "names": ["production"]},
        shows={
            "environment.enabledToggleCount": 2,
            "toggles.totalCount": 2,
            "toggles.nodes.0.environments.0.environment.type": "PRODUCTION",
        },
    ),
    "Limits": Page(
        statements=0,
        budget=0,
        shows={
            "viewer.canWrite": True,
            "viewer.expiresAt": None,
            "serverInfo.limits.maxNameLength": 100,
        },
    ),
    "ActorsOfFilter": Page(
        statements=2,
        budget=2,
        shows={"actors.totalCount": 2, "actors.nodes.1.name": "flagstaff"},
    ),
    "ToggleHistoryPage": Page(
        statements=3,
        budget=3,
        variables={"name": toggle_name(0), "time": "2999-01-01T00:00:00Z"},
        shows={
            "toggle.versionAt.event.type": "TOGGLE_ENABLED",
            "toggleVersions.nodes.0.event.type": "TOGGLE_ENABLED",
            "toggleVersions.nodes.0.toggle.environments.0.environmentName": "default",
        },
    ),
    "EffectOfChanges": Page(
        statements=0,
        budget=0,
        variables={
            "contexts": [{"userId": "ada", "properties": [{"name": "field-0", "value": "de"}]}],
            "changes": [
                {
                    "toggleSetEnabled": {
                        "name": toggle_name(0),
                        "environment": "default",
                        "enabled": False,
                    }
                }
            ],
        },
        shows={
            "playground.nodes.0.toggle.name": toggle_name(0),
            "playground.nodes.0.before.0.enabled": True,
            "playground.nodes.0.evaluations.0.reason": "DISABLED",
        },
    ),
    "ApplicationUsagePage": Page(
        statements=3,
        budget=3,
        variables={"name": application_name(1)},
        shows={
            "application.metrics.0.environment.name": "production",
            "application.metrics.0.buckets.*": 24,
        },
    ),
    "HistoryOfSubject": Page(
        statements=3,
        budget=3,
        variables={"id": encode_id("Segment", "1")},
        shows={
            "events.nodes.0.type": "SEGMENT_UPDATED",
            "events.nodes.0.changes.0.path": "/description",
            "events.nodes.0.changeSet.comment": "Round 2.",
            "events.nodes.3.type": "SEGMENT_CREATED",
        },
    ),
}


def value_at(answer: Any, path: str) -> Any:
    """The value at a path in an answer."""
    for step in path.split("."):
        if step == "*":
            answer = len(answer)
        else:
            answer = answer[int(step)] if isinstance(answer, list) else answer[step]
    return answer
