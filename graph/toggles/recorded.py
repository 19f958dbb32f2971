"""Toggles as the audit log recorded them.

None of these types is a Node: an ID means the object of today, and a client's cache would put what
was long ago in its place. For the same reason what refers to other objects says their names, beside
the objects themselves as they are now, which may be gone. Constraints, variants and parameter
values are part of what was recorded, so they are shown by the types that show today's.
"""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graph.context import Context
from graph.engine.run.fields import contextual, derived, or_empty, plain
from graph.environments.type import Environment
from graph.ids import toggle_strategy_id
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


@strawberry.type(description="A label that a toggle carried at one revision.")
@shows(values.Tag)
class RecordedTag:
    type_name: str = _name_of("type", "The name of the kind of label.")
    type: TagType | None = contextual(
        _tag_type, "The kind of label as it is now, null when there is none by that name any more."
    )
    value: str = plain("The text of the label.")


@strawberry.type(description="A state of another toggle that had to hold first.")
@shows(values.Dependency)
class RecordedDependency:
    toggle_name: str = _name_of("toggle", "The name of the toggle depended on.")
    toggle: Toggle | None = contextual(
        _required_toggle,
        "That toggle as it is now, null when there is none by that name any more.",
    )
    enabled: bool = plain("Whether that toggle had to be on rather than off.")
    variants: list[str] = plain("The variants one of which it had to resolve to; empty means any.")


@strawberry.type(description="An activation strategy as it was configured at one revision.")
@shows(model.ToggleStrategy)
class RecordedToggleStrategy:
    strategy_id: strawberry.ID = derived(
        _strategy_id,
        "The ID that the strategy configuration had, the same in every version that has it.",
    )
    name: str = plain("The name of the strategy, such as flexibleRollout.")
    strategy: Strategy | None = contextual(
        _strategy,
        "The definition of the strategy as it is now, null when none by that name exists.",
    )
    title: str = plain(
        "A label that tells this configuration from its siblings, empty when not given."
    )
    disabled: bool = plain("Whether the configuration was kept but skipped.")
    sort_order: int = plain("The place among its siblings, from zero up.")
    parameters: list[ParameterValue] = derived(
        parameters_of, "The parameter values handed to the strategy."
    )
    constraints: list[Constraint] = derived(constraints_of, "The constraints that all had to hold.")
    segments: list[Segment | None] = contextual(
        _segments,
        "The segments that all had to match, as they are now; null for each deleted since.",
    )
    variants: list[Variant] = derived(
        variants_of,
        "Variants that took the place of those of the environment when this strategy matched.",
    )


@strawberry.type(description="How a toggle was configured in one environment at one revision.")
@shows(model.ToggleEnvironment)
class RecordedToggleEnvironment:
    environment_name: str = _name_of(
        "environment", "The name of the environment the configuration was for."
    )
    environment: Environment | None = contextual(
        _environment, "The environment as it is now, null when there is none by that name any more."
    )
    enabled: bool = plain("Whether the toggle was switched on there.")
    strategies: list[RecordedToggleStrategy] = plain(
        "The activation strategies in evaluation order."
    )
    variants: list[Variant] = derived(_variants, "The variants shared by all strategies there.")
    updated_at: datetime = plain("When this configuration had last changed.")


@strawberry.type(description="A toggle with its whole configuration as it was at one revision.")
@shows(model.Toggle)
class RecordedToggle:
    name: str = plain("The name of the toggle, which never changes.")
    description: str = derived(
        or_empty("description"), "What the toggle was for, empty when nobody said."
    )
    type_name: str = _name_of("type", "The name of the kind of toggle.")
    type: ToggleType | None = contextual(
        _toggle_type,
        "The kind of toggle as it is now, null when there is none by that name any more.",
    )
    project_name: str = _name_of("project", "The name of the project that held the toggle.")
    project: Project | None = contextual(
        _project, "The project as it is now, null when there is none by that name any more."
    )
    impression_data: bool = plain(
        "Whether SDKs were to emit an impression event on each evaluation."
    )
    stale: bool = plain("Whether the toggle was marked as ready for removal from the code.")
    archived: bool = plain("Whether the toggle was archived.")
    archived_at: datetime | None = plain(
        "When the toggle had been archived, null while it was active."
    )
    tags: list[RecordedTag] = plain("The tags on the toggle, sorted by type and value.")
    dependencies: list[RecordedDependency] = plain("The toggles whose state this one required.")
    environments: list[RecordedToggleEnvironment] = contextual(
        _environments,
        "The configuration in every environment the toggle had been configured in, in the order of "
        "the environments; those deleted since come last.",
    )
