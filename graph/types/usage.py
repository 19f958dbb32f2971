"""Usages: the reports that applications use toggles."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Info
from graph.fields import plain, resolved
from graph.types.environment import Environment, reported_environment
from graph.types.node import shows
from graph.types.page import ConnectionOf, EdgeOf
from graph.types.toggle import Toggle
from store import model
from store.metrics import applications

if TYPE_CHECKING:
    from graph.types.application import Application


def _toggle(root: applications.ToggleUsage, info: Info) -> model.Toggle | None:
    return info.context.snapshot.toggles.get(root.toggle_name)


def _application(
    root: applications.ToggleUsage, info: Info
) -> Awaitable[applications.Application | None]:
    return info.context.loaders.applications.load(root.app_name)


def _environment(root: applications.ToggleUsage, info: Info) -> model.Environment:
    return reported_environment(info.context, root.environment)


@strawberry.type(description="The report that one application uses one toggle in one environment.")
@shows(applications.ToggleUsage)
class ToggleUsage:
    toggle_name: str = plain("The name the application asked for.")
    toggle: Toggle | None = resolved(_toggle, "The toggle, null when none by that name exists.")
    application: Annotated["Application", strawberry.lazy("graph.types.application")] = resolved(
        _application, "The application that reported."
    )
    environment: Environment = resolved(_environment, "The environment it reported from.")
    first_seen_at: datetime = plain("When the first report came in.")
    last_seen_at: datetime = plain("When the last report came in.")


@strawberry.type(description="An edge holding one toggle usage and its cursor.")
class ToggleUsageEdge(EdgeOf):
    node: ToggleUsage = plain("The toggle usage at the end of the edge.")


@strawberry.type(description="A page of the list of toggle usages.")
class ToggleUsageConnection(ConnectionOf[ToggleUsageEdge, ToggleUsage]):
    pass
