"""Versions of toggles: the state of a toggle after each revision that changed it."""

import strawberry

from graph.engine.run.fields import derived, plain
from graph.events.event import Event
from graph.node import shows
from graph.paging import CountedConnectionOf, EdgeOf
from graph.toggles.recorded import RecordedToggle
from store import toggle_versions


def _revision(root: toggle_versions.ToggleVersion) -> int:
    return root.event.revision


@strawberry.type(description="A toggle after a revision that changed it.")
@shows(toggle_versions.ToggleVersion)
class ToggleVersion:
    revision: int = derived(
        _revision,
        "The revision of the server, which identifies this version for `toggleRevertTo`.",
    )
    toggle: RecordedToggle | None = plain(
        "The toggle after the revision, null if the revision deleted it."
    )
    event: Event = plain(
        "The event of the change. If the revision has several events of the toggle, this is the "
        "last one."
    )


@strawberry.type(description="An edge with one version of a toggle and its cursor.")
class ToggleVersionEdge(EdgeOf):
    node: ToggleVersion = plain("The version at the end of the edge.")


@strawberry.type(description="A page of the list of versions of a toggle.")
class ToggleVersionConnection(CountedConnectionOf[ToggleVersionEdge, ToggleVersion]):
    pass
