"""Environments: stages of delivery."""

from collections.abc import Iterable, Sequence
from typing import Annotated, TypeAlias

import strawberry

from graph.context import Context
from graph.engine.run.fields import REVISION, contextual, plain
from graph.enums import EnvironmentType
from graph.indexes import enabled_toggle_counts
from graph.node import Node, id_field, shows
from store import model

InEnvironment: TypeAlias = Annotated[
    str, strawberry.argument(description="The environment to read.")
]


def reported_environment(context: Context, name: str) -> model.Environment:
    """Return the environment from which an application reported.

    The environment of a report may have been deleted, and bulk reports may name any environment. An
    unknown environment is displayed as a disabled environment.
    """
    known = context.snapshot.environments.get(name)
    return known or model.Environment(
        name=name, type=EnvironmentType.DEVELOPMENT, enabled=False, created_at=context.now
    )


def reported_environments(context: Context, names: Iterable[str]) -> Sequence[model.Environment]:
    """Return the environments with these names in their sort order, disabled environments last."""
    environments = [reported_environment(context, name) for name in names]
    return sorted(
        environments,
        key=lambda environment: (not environment.enabled, environment.sort_order, environment.name),
    )


def _enabled_toggle_count(root: model.Environment, context: Context) -> int:
    return enabled_toggle_counts(context.snapshot).get(root.name, 0)


@strawberry.type(
    description=(
        "A stage of delivery, such as production, with its own configuration of each toggle."
    )
)
@shows(model.Environment, cached_by=("name",))
class Environment(Node):
    id: strawberry.ID = id_field(
        "Environment", "name", "The globally unique ID of this environment."
    )
    name: str = plain("The unique and immutable name.")
    type: EnvironmentType = plain("The purpose of the environment.")
    enabled: bool = plain("Whether the environment is in use.")
    built_in: bool = plain("Whether this is the built-in environment named `default`.")
    sort_order: int = plain("The position among the environments, from zero.")
    enabled_toggle_count: int = contextual(
        _enabled_toggle_count,
        "The number of active toggles that are on in the environment.",
        reads=("toggles",),
    )
    revision: int = plain(REVISION)
