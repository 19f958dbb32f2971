"""Each field declares the data that it reads besides its object, and reads no other data."""

from collections.abc import Iterator

from graphql import GraphQLObjectType

from graph.context import USAGE
from graph.engine.run.fields import ContextualField, DeclaringField, ImmediateField
from graph.engine.run.reads import CLOCK, VIEWER
from graph.enums import ToggleOrderField
from graph.schema import schema
from graph.toggles import filter as toggle_filter
from graph.toggles import list as toggle_list
from graph.toggles.filter import ToggleFilter
from store.snapshot import Configuration

LIST = "with arguments"
# Fields that are not listed declare no reads, so their values are never cached. Unlisted fields
# read rows of the database, or a value that only one request gets.
DECLARED = {
    "Actor.apiToken": "tokens viewer",
    "ApiToken.createdByToken": "tokens",
    "ApiToken.environment": "environments",
    "ApiToken.projects": "projects",
    "Application.strategies": "strategies",
    "ApplicationInstance.environment": "environments clock",
    "ApplicationIssues.archivedToggleCount": "",
    "ApplicationIssues.archivedToggles": "",
    "ApplicationIssues.hasMoreArchivedToggles": "",
    "ApplicationIssues.hasMoreMissingStrategies": "",
    "ApplicationIssues.hasMoreOutdatedSdks": "",
    "ApplicationIssues.hasMoreUnknownStrategies": "",
    "ApplicationIssues.hasMoreUnknownToggles": "",
    "ApplicationIssues.missingStrategies": "",
    "ApplicationIssues.missingStrategyCount": "",
    "ApplicationIssues.outdatedSdkCount": "",
    "ApplicationIssues.outdatedSdks": "",
    "ApplicationIssues.unknownStrategies": "",
    "ApplicationIssues.unknownStrategyCount": "",
    "ApplicationIssues.unknownToggleCount": "",
    "ApplicationIssues.unknownToggles": "",
    "Change.changes": "viewer",
    "Change.environment": "environments",
    "Constraint.contextField": "context_fields",
    "DependencyEvaluation.dependency": "toggles_by_id",
    "Environment.enabledToggleCount": "toggles",
    "Evaluation.environment": "environments",
    "Evaluation.toggle": "toggles_by_id",
    "Event.environment": "environments",
    "Event.project": "projects",
    "Event.toggle": "toggles_by_id",
    "MetricsSeries.environment": "environments clock",
    "Project.toggles": LIST,
    "Query.contextFields": "context_fields",
    "Query.environment": "environments",
    "Query.environments": "environments",
    "Query.project": "projects",
    "Query.projects": "projects",
    "Query.segment": "segments",
    "Query.segments": "segments",
    "Query.strategies": "strategies toggles",
    "Query.strategy": "strategies",
    "Query.tagTypes": "tag_types",
    "Query.tags": "toggles",
    "Query.toggle": "toggles",
    "Query.toggleTypes": "toggle_types",
    "Query.toggles": LIST,
    "Query.viewer": "viewer",
    "RecordedDependency.toggle": "toggles",
    "RecordedTag.type": "tag_types",
    "RecordedToggle.environmentCount": "environments",
    "RecordedToggle.environments": "environments",
    "RecordedToggle.hasMoreEnvironments": "environments",
    "RecordedToggle.project": "projects",
    "RecordedToggle.type": "toggle_types",
    "RecordedToggleEnvironment.environment": "environments",
    "RecordedToggleStrategy.segments": "segments",
    "RecordedToggleStrategy.strategy": "strategies",
    "Rollout.environment": "environments",
    "Rollout.strategy": "toggles_by_id",
    "Rollout.toggle": "toggles_by_id",
    "Segment.toggles": LIST,
    "SegmentEvaluation.segment": "segments",
    "Strategy.toggles": LIST,
    "Tag.toggleCount": "toggles",
    "Tag.type": "tag_types",
    "Toggle.dependencies": "toggles",
    "Toggle.dependentCount": "toggles",
    "Toggle.dependents": "toggles",
    "Toggle.enabled": "",
    "Toggle.environment": "environments",
    "Toggle.environmentCount": "environments",
    "Toggle.environments": "environments",
    "Toggle.expiresAt": "toggle_types",
    "Toggle.hasMoreDependents": "toggles",
    "Toggle.hasMoreEnvironments": "environments",
    "Toggle.lastSeenAt": "usage",
    "Toggle.lifecycle": "environments usage",
    "Toggle.potentiallyStale": "toggle_types clock",
    "Toggle.project": "projects",
    "Toggle.strategies": "",
    "Toggle.type": "toggle_types",
    "Toggle.variants": "",
    "ToggleDependency.toggle": "toggles",
    "ToggleEnvironment.environment": "environments",
    "ToggleEnvironment.lastNoAt": "usage",
    "ToggleEnvironment.lastSeenAt": "usage",
    "ToggleEnvironment.lastYesAt": "usage",
    "ToggleEnvironment.toggle": "toggles_by_id",
    "ToggleStrategy.segments": "segments",
    "ToggleStrategy.strategy": "strategies",
    "ToggleStrategy.summary": "segments",
    "ToggleStrategy.toggleEnvironment": "toggles_by_id",
    "ToggleTick.environment": "environments clock",
    "ToggleTick.toggle": "toggles",
    "ToggleUsage.environment": "environments clock",
    "ToggleUsage.toggle": "toggles",
    "Viewer.environment": "environments",
    "Viewer.projects": "projects",
    "WebhookDelivery.webhook": "webhooks",
}


def declaring_fields() -> Iterator[tuple[str, DeclaringField]]:
    """The fields of the schema that can declare reads, by type and name."""
    for type in schema.graphql.type_map.values():
        if isinstance(type, GraphQLObjectType):
            for name, field in type.fields.items():
                definition = (field.extensions or {}).get("strawberry-definition")
                if isinstance(definition, DeclaringField):
                    yield f"{type.name}.{name}", definition


def test_each_field_declares_what_the_table_says() -> None:
    declared = {
        name: LIST if callable(field.reads) else " ".join(field.reads)
        for name, field in declaring_fields()
        if field.reads is not None
    }

    assert declared == DECLARED


def test_declarations_name_parts_of_the_state() -> None:
    known = {*Configuration.__struct_fields__, USAGE, CLOCK, VIEWER}
    declared = {part for text in DECLARED.values() if text != LIST for part in text.split()}

    assert declared <= known


def test_fields_that_need_no_io_declare_what_they_read() -> None:
    undeclared = {
        name
        for name, field in declaring_fields()
        if isinstance(field, ContextualField | ImmediateField) and field.reads is None
    }

    # A token's last use is not part of the state, and evaluations may be random.
    assert undeclared == {"ApiToken.lastUsedAt", "Toggle.evaluate"}


def test_conditions_and_orders_of_toggles_declare_what_they_read() -> None:
    assert toggle_filter._READS.keys() == ToggleFilter.__dataclass_fields__.keys()
    assert toggle_list._READS.keys() == set(ToggleOrderField)
