"""Unknown toggles: names that applications ask for and no toggle has."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graph.applications.application import Application
from graph.connections import CountedConnectionOf, EdgeOf
from graph.context import Info
from graph.engine.run.fields import plain, resolved
from graph.environments.type import Environment, reported_environments
from graph.loaders import Below
from graph.node import shows
from store import model
from store.metrics import applications, unknown


async def _applications(
    root: unknown.UnknownToggle, info: Info
) -> Sequence[applications.Application]:
    loaders = info.context.loaders
    askers = await loaders.askers.load(Below(root.name, root.seen_since))
    found = await loaders.applications.load_many(askers.applications)
    return [application for application in found if application is not None]


async def _environments(root: unknown.UnknownToggle, info: Info) -> Sequence[model.Environment]:
    askers = await info.context.loaders.askers.load(Below(root.name, root.seen_since))
    return reported_environments(info.context, askers.environments)


@strawberry.type(description="A name that applications ask for and no toggle has.")
@shows(unknown.UnknownToggle)
class UnknownToggle:
    name: str = plain("The name asked for.")
    applications: list[Application] = resolved(_applications, "The applications that ask.")
    environments: list[Environment] = resolved(_environments, "The environments they ask in.")
    first_seen_at: datetime = plain("When the first report came in.")
    last_seen_at: datetime = plain("When the last report came in.")


@strawberry.type(description="An edge holding one unknown toggle and its cursor.")
class UnknownToggleEdge(EdgeOf):
    node: UnknownToggle = plain("The unknown toggle at the end of the edge.")


@strawberry.type(description="A page of the list of unknown toggles.")
class UnknownToggleConnection(CountedConnectionOf[UnknownToggleEdge, UnknownToggle]):
    pass
