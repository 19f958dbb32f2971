"""Usages: reports that an application uses a toggle in an environment."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Context, Info
from graph.engine.run.fields import Loading, contextual, plain, resolved
from graph.engine.run.reads import CLOCK
from graph.environments.type import Environment, reported_environment
from graph.node import shows
from graph.paging import CountedConnectionOf, EdgeOf
from graph.toggles.type import Toggle
from store import model
from store.usage import applications, toggle_usages

if TYPE_CHECKING:
    from graph.applications.application import Application


def _toggle(root: toggle_usages.ToggleUsage, context: Context) -> model.Toggle | None:
    return context.snapshot.toggles.get(root.toggle_name)


def _application(
    root: toggle_usages.ToggleUsage, info: Info
) -> Awaitable[applications.Application | None]:
    return info.context.loaders.applications.load(root.app_name)


async def _load_applications(roots: Sequence[toggle_usages.ToggleUsage], context: Context) -> None:
    names = [root.app_name for root in roots]
    found = await context.loaders.applications.load_many(names)
    context.loaded_applications.update(zip(names, found, strict=True))


def _loaded_application(
    root: toggle_usages.ToggleUsage, context: Context
) -> applications.Application | None:
    return context.loaded_applications[root.app_name]


def _environment(root: toggle_usages.ToggleUsage, context: Context) -> model.Environment:
    return reported_environment(context, root.environment)


@strawberry.type(
    description="The use of a toggle by an application in an environment, as reported."
)
@shows(toggle_usages.ToggleUsage)
class ToggleUsage:
    toggle_name: str = plain("The name that the application requested.")
    toggle: Toggle | None = contextual(
        _toggle, "The toggle with that name, null if there is none.", reads=("toggles",)
    )
    application: Annotated["Application", strawberry.lazy("graph.applications.application")] = (
        resolved(
            _application,
            "The application that reported.",
            loading=Loading(_load_applications, _loaded_application),
        )
    )
    environment: Environment = contextual(
        _environment,
        "The environment from which the application reported.",
        reads=("environments", CLOCK),
    )
    first_seen_at: datetime = plain("The time of the first report.")
    last_seen_at: datetime = plain("The time of the last report.")


@strawberry.type(description="An edge with one toggle usage and its cursor.")
class ToggleUsageEdge(EdgeOf):
    node: ToggleUsage = plain("The toggle usage at the end of the edge.")


@strawberry.type(description="A page of the list of toggle usages.")
class ToggleUsageConnection(CountedConnectionOf[ToggleUsageEdge, ToggleUsage]):
    pass
