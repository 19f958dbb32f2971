"""Projects: groups of toggles."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Info
from graph.engine.run.fields import REVISION, immediate, plain
from graph.indexes import toggles_by_project
from graph.node import Node, id_field, shows
from graph.paging import After, Before, Connection, First, Last, page_arguments
from graph.toggles.list import ToggleSort, WhichToggles, list_toggles, reads_of_toggles
from store import model

if TYPE_CHECKING:
    from graph.toggles.type import ToggleConnection


def _toggles(
    root: model.Project,
    info: Info,
    filter: WhichToggles = strawberry.UNSET,
    order_by: ToggleSort = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[model.Toggle] | Awaitable[Connection[model.Toggle]]:
    return list_toggles(
        info.context,
        page_arguments(first, after, last, before),
        filter=filter,
        order=order_by,
        among=toggles_by_project(info.context.snapshot).get(root.name, ()),
        held=lambda toggle: toggle.project == root.name,
    )


@strawberry.type(description="A group of toggles.")
@shows(model.Project, cached_by=("name",))
class Project(Node):
    id: strawberry.ID = id_field("Project", "name", "The globally unique ID of this project.")
    name: str = plain("The unique and immutable name.")
    title: str = plain("The display name.")
    description: str = plain("The purpose of the project, empty if not given.")
    built_in: bool = plain("Whether this is the built-in project named `default`.")
    toggles: Annotated["ToggleConnection", strawberry.lazy("graph.toggles.type")] = immediate(
        _toggles, "The toggles in the project.", reads=reads_of_toggles
    )
    created_at: datetime = plain("When the project was created.")
    revision: int = plain(REVISION)
