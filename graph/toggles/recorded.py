"""The recorded states of toggles in the audit log.

These types are not Nodes. An ID identifies the current object, so a client's cache would overwrite
the current object with the old state. Therefore a reference to another object consists of its name,
and of the current object if it still exists. Constraints, variants and parameter values are
recorded completely, so they have the same types as in current toggles.
"""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graph.context import Context
from graph.engine.run.fields import contextual, derived, or_empty, plain
from graph.environments.type import Environment
from graph.ids import toggle_strategy_id
from graph.inner_lists import InnerList
from graph.node import shows
from graph.projects.type import Project
from graph.segments.type import Segment
from graph.strategies.constraint import Constraint
from graph.strategies.type import Strategy
from graph.tags.type import TagType
from graph.toggles.strategy import ParameterValue, constraints_of, parameters_of, variants_of
from graph.toggles.toggle_type import ToggleType
from graph.toggles.type import Toggle
from graph.toggles.variant import Variant, with_shares
from store import model, values


def _toggle_type(root: model.Toggle, context: Context) -> model.ToggleType | None:
    return context.snapshot.toggle_types.get(root.type)


def _project(root: model.Toggle, context: Context) -> model.Project | None:
    return context.snapshot.projects.get(root.project)


def _environments(root: model.Toggle, context: Context) -> Sequence[model.ToggleEnvironment]:
    order = [environment.name for environment in context.snapshot.environments_in_order]
    gone = sorted(root.environments.keys() - set(order))
    return [root.environments[name] for name in (*order, *gone) if name in root.environments]


_ENVIRONMENTS = InnerList(
    "environments",
    _environments,
    lambda configured: configured.environment,
    by_name=False,
    reads=("environments",),
)


def _environment(root: model.ToggleEnvironment, context: Context) -> model.Environment | None:
    return context.snapshot.environments.get(root.environment)


def _variants(root: model.ToggleEnvironment) -> Sequence[values.Variant]:
    return with_shares(root.variants)


def _strategy(root: model.ToggleStrategy, context: Context) -> model.Strategy | None:
    return context.snapshot.strategies.get(root.name)


def _strategy_id(root: model.ToggleStrategy) -> strawberry.ID:
    return toggle_strategy_id(root.toggle_id, root.environment, root.id)


def _segments(root: model.ToggleStrategy, context: Context) -> Sequence[model.Segment | None]:
    return [context.snapshot.segments.get(id) for id in root.segments]


def _tag_type(root: values.Tag, context: Context) -> model.TagType | None:
    return context.snapshot.tag_types.get(root.type)


def _required_toggle(root: values.Dependency, context: Context) -> model.Toggle | None:
    return context.snapshot.toggles.get(root.toggle)


def _name_of(attribute: str, description: str) -> str:
    def name(root: object) -> str:
        return getattr(root, attribute)

    return derived(name, description)


@strawberry.type(description="A tag that a toggle had at one revision.")
@shows(values.Tag)
class RecordedTag:
    type_name: str = _name_of("type", "The name of the tag type.")
    type: TagType | None = contextual(
        _tag_type,
        "The current tag type with that name, null if it no longer exists.",
        reads=("tag_types",),
    )
    value: str = plain("The value of the tag.")


@strawberry.type(description="A dependency that a toggle had at one revision.")
@shows(values.Dependency)
class RecordedDependency:
    toggle_name: str = _name_of("toggle", "The name of the required toggle.")
    toggle: Toggle | None = contextual(
        _required_toggle,
        "The current toggle with that name, null if it no longer exists.",
        reads=("toggles",),
    )
    enabled: bool = plain("Whether the required toggle had to be on (true) or off (false).")
    variants: list[str] = plain(
        "The variants that the required toggle was allowed to return; empty means any."
    )


@strawberry.type(description="An activation strategy as it was configured at one revision.")
@shows(model.ToggleStrategy)
class RecordedToggleStrategy:
    strategy_id: strawberry.ID = derived(
        _strategy_id,
        "The ID of the strategy configuration, which is the same in all versions.",
    )
    name: str = plain("The name of the strategy, such as flexibleRollout.")
    strategy: Strategy | None = contextual(
        _strategy,
        "The current definition of the strategy, null if it no longer exists.",
        reads=("strategies",),
    )
    title: str = plain(
        "A label that distinguishes this strategy from the toggle's other strategies, empty if not "
        "given."
    )
    disabled: bool = plain("Whether the strategy was disabled.")
    sort_order: int = plain(
        "The position among the toggle's strategies in the environment, from zero."
    )
    parameters: list[ParameterValue] = derived(
        parameters_of, "The parameter values of the strategy."
    )
    constraints: list[Constraint] = derived(
        constraints_of, "The constraints, all of which had to hold."
    )
    segments: list[Segment | None] = contextual(
        _segments,
        "The segments, all of which had to match. Segments are returned in their current state; "
        "an entry is null if the segment was deleted.",
        reads=("segments",),
    )
    variants: list[Variant] = derived(
        variants_of,
        "The variants that replaced the environment's variants if this strategy matched.",
    )


@strawberry.type(description="How a toggle was configured in one environment at one revision.")
@shows(model.ToggleEnvironment)
class RecordedToggleEnvironment:
    environment_name: str = _name_of("environment", "The name of the environment.")
    environment: Environment | None = contextual(
        _environment,
        "The current environment with that name, null if it no longer exists.",
        reads=("environments",),
    )
    enabled: bool = plain("Whether the toggle was on in the environment.")
    strategies: list[RecordedToggleStrategy] = plain(
        "The activation strategies in evaluation order."
    )
    variants: list[Variant] = derived(
        _variants, "The variants shared by all strategies in the environment."
    )
    updated_at: datetime = plain("When this configuration last changed before or at the revision.")


@strawberry.type(description="A toggle with its whole configuration as it was at one revision.")
@shows(model.Toggle)
class RecordedToggle:
    name: str = plain("The name of the toggle, which never changes.")
    description: str = derived(
        or_empty("description"), "The purpose of the toggle, empty if not given."
    )
    type_name: str = _name_of("type", "The name of the toggle type.")
    type: ToggleType | None = contextual(
        _toggle_type,
        "The current toggle type with that name, null if it no longer exists.",
        reads=("toggle_types",),
    )
    project_name: str = _name_of("project", "The name of the toggle's project.")
    project: Project | None = contextual(
        _project,
        "The current project with that name, null if it no longer exists.",
        reads=("projects",),
    )
    impression_data: bool = plain(
        "Whether SDKs were to emit an impression event on each evaluation."
    )
    stale: bool = plain("Whether the toggle was marked as ready for removal from the code.")
    archived: bool = plain("Whether the toggle was archived.")
    archived_at: datetime | None = plain(
        "When the toggle was archived, null if the toggle was active at the revision."
    )
    tags: list[RecordedTag] = plain("The tags on the toggle, sorted by type and value.")
    dependencies: list[RecordedDependency] = plain(
        "The toggles on which this toggle depended, with the required states."
    )
    environments: list[RecordedToggleEnvironment] = _ENVIRONMENTS.page(
        "The configuration in every environment where the toggle was configured, in the order of "
        "the environments. Deleted environments come last.",
    )
    environment_count: int = _ENVIRONMENTS.count()
    has_more_environments: bool = _ENVIRONMENTS.has_more()
