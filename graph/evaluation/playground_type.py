"""Results of the playground."""

from collections.abc import Sequence

import strawberry

from graph.connections import ConnectionOf, EdgeOf
from graph.engine.run.fields import derived, plain
from graph.evaluation.playground import PlayedToggle
from graph.evaluation.type import Evaluation
from graph.node import shows
from graph.toggles.type import Toggle
from store.evaluation import Explanation


def _evaluations(root: PlayedToggle) -> Sequence[Explanation]:
    return root.evaluations()


@strawberry.type(description="How one toggle is decided for each chosen environment and context.")
@shows(PlayedToggle)
class PlaygroundResult:
    toggle: Toggle = plain("The toggle evaluated.")
    evaluations: list[Evaluation] = derived(
        _evaluations,
        "One evaluation for each environment and context, contexts varying fastest.",
    )


@strawberry.type(description="An edge holding one playground result and its cursor.")
class PlaygroundResultEdge(EdgeOf):
    node: PlaygroundResult = plain("The playground result at the end of the edge.")


@strawberry.type(description="A page of the list of playground results.")
class PlaygroundResultConnection(ConnectionOf[PlaygroundResultEdge, PlaygroundResult]):
    pass
