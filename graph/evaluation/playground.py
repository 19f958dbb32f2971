"""The playground: evaluate many toggles at once, for several environments and contexts."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Annotated, overload

import strawberry
from msgspec import Struct
from strawberry import UNSET, argument

from graph import context as request
from graph.engine.errors import bad_user_input
from graph.engine.run.fields import derived, plain
from graph.evaluation.affected import affected_toggles
from graph.evaluation.evaluate import explain_if_light, require_environment, within_environment
from graph.evaluation.inputs import ContextInput
from graph.evaluation.type import Evaluation
from graph.evaluation.what_if import apply_what_if
from graph.events.change_input import ChangeInput
from graph.filtering import entries, given
from graph.node import shows
from graph.paging import (
    After,
    Before,
    Connection,
    ConnectionOf,
    EdgeOf,
    First,
    KeyString,
    Last,
    Ordering,
    cut_list,
    page_arguments,
)
from graph.toggles.filter import ToggleFilter, choose_toggles, needs_index
from graph.toggles.searching import index_toggles
from graph.toggles.type import Toggle
from store import Snapshot, model
from store.evaluation import Context, Explanation
from store.model import DEFAULT_ENVIRONMENT
from store.paging import Key, Page

_BY_NAME = Ordering("playground NAME", tuple[KeyString])


class Playground(Struct, frozen=True):
    """The contexts of a playground query, with the saved and the evaluated configuration."""

    saved: Snapshot
    snapshot: Snapshot
    contexts: Sequence[tuple[str, Context]]


class PlayedToggle(Struct, frozen=True):
    """A toggle in its saved state and in the state to evaluate."""

    toggle: model.Toggle
    played: model.Toggle
    playground: Playground

    def evaluations(self) -> Sequence[Explanation]:
        """Return one evaluation for each environment and context."""
        return _Evaluations(self.playground.snapshot, self.played, self.playground.contexts)

    def before(self) -> Sequence[Explanation]:
        """Return the evaluations without the assumed changes; none for a new toggle."""
        saved = self.playground.saved
        toggle = saved.toggles.get(self.played.name)
        return () if toggle is None else _Evaluations(saved, toggle, self.playground.contexts)


class _Evaluations(Sequence[Explanation]):
    """The evaluations of one toggle.

    Each evaluation is computed on access, so that other operations can run between evaluations.
    """

    def __init__(
        self, snapshot: Snapshot, toggle: model.Toggle, contexts: Sequence[tuple[str, Context]]
    ) -> None:
        self._snapshot = snapshot
        self._toggle = toggle
        self._contexts = contexts

    def __len__(self) -> int:
        return len(self._contexts)

    @overload
    def __getitem__(self, index: int) -> Explanation: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Explanation]: ...

    def __getitem__(self, index: int | slice) -> Explanation | Sequence[Explanation]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        environment, context = self._contexts[index]
        return explain_if_light(self._snapshot, self._toggle, environment, context)


async def play(
    info: request.Info,
    contexts: Annotated[
        list[ContextInput], argument(description="The contexts for which to evaluate the toggles.")
    ],
    environments: Annotated[
        Sequence[str], argument(description="The environments in which to evaluate the toggles.")
    ] = (DEFAULT_ENVIRONMENT,),
    filter: Annotated[
        ToggleFilter | None,
        argument(
            description=(
                "The toggles to evaluate, by default all active toggles. Toggles are included if "
                "they match before or after the assumed changes."
            )
        ),
    ] = UNSET,
    changes: Annotated[
        list[ChangeInput] | None,
        argument(description="Changes to assume for the evaluation. The changes are not saved."),
    ] = UNSET,
    only_affected: Annotated[
        bool,
        argument(
            description=(
                "Whether to return only toggles for which the changes alter the decision in at "
                "least one of the environments and contexts."
            )
        ),
    ] = False,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[PlayedToggle]:
    """Return a page of evaluated toggles, sorted by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    context = info.context
    evaluated_contexts = list(_contexts(context, contexts, environments))
    requested = given(changes)
    snapshot = await apply_what_if(context, requested) if requested else context.snapshot
    saved = context.snapshot
    for each in (saved, snapshot):
        if needs_index(each, filter):
            await index_toggles(each)
    toggles = _choose(context, snapshot, filter)
    if only_affected:
        turns = context.store.turns
        toggles = await affected_toggles(saved, snapshot, toggles, evaluated_contexts, turns)
    arguments = page_arguments(first, after, last, before)
    page = cut_list(toggles, arguments, _BY_NAME, _key_of)
    playground = Playground(saved, snapshot, evaluated_contexts)
    played = [
        PlayedToggle(saved.toggles_by_id.get(toggle.id, toggle), toggle, playground)
        for toggle in page.items
    ]
    return Connection(
        Page(played, page.has_next, page.has_previous),
        _BY_NAME,
        lambda result: _key_of(result.toggle),
        lambda: len(toggles),
    )


def _key_of(toggle: model.Toggle) -> Key:
    return (toggle.name,)


def _contexts(
    context: request.Context, inputs: Sequence[ContextInput], environments: Sequence[str]
) -> Iterator[tuple[str, Context]]:
    """Yield each pair of an environment and a context, grouped by environment."""
    for name, given_list in (("contexts", inputs), ("environments", environments)):
        entries(given_list, name)
        if not given_list:
            raise bad_user_input(f"The list '{name}' is empty; it must have at least one entry.")
    for index, name in enumerate(environments):
        require_environment(context, name, path=("environments", str(index)))
    for environment in environments:
        for input in inputs:
            yield environment, within_environment(input.context, environment)


def _choose(
    context: request.Context, snapshot: Snapshot, filter: ToggleFilter | None
) -> Sequence[model.Toggle]:
    """Return the toggles that match a filter before or after the assumed changes, sorted by name.

    Toggles that the assumed changes delete are omitted.
    """
    before = choose_toggles(context, filter)
    if snapshot is context.snapshot:
        return before
    after = choose_toggles(context.over(snapshot), filter)
    names = {toggle.name for toggle in after}
    others = [toggle.name for toggle in before if toggle.name not in names]
    found = [snapshot.toggles[name] for name in others if name in snapshot.toggles]
    return sorted([*after, *found], key=attrgetter("name")) if found else after


def _evaluations(root: PlayedToggle) -> Sequence[Explanation]:
    return root.evaluations()


def _before(root: PlayedToggle) -> Sequence[Explanation]:
    return root.before()


@strawberry.type(
    description="The evaluations of one toggle in the chosen environments and contexts."
)
@shows(PlayedToggle)
class PlaygroundResult:
    toggle: Toggle = plain("The evaluated toggle.")
    evaluations: list[Evaluation] = derived(
        _evaluations,
        "One evaluation for each environment and context, grouped by environment.",
    )
    before: list[Evaluation] = derived(
        _before,
        "The same evaluations without the assumed changes; empty if the changes create the toggle.",
    )


@strawberry.type(description="An edge with one playground result and its cursor.")
class PlaygroundResultEdge(EdgeOf):
    node: PlaygroundResult = plain("The playground result at the end of the edge.")


@strawberry.type(description="A page of the list of playground results.")
class PlaygroundResultConnection(ConnectionOf[PlaygroundResultEdge, PlaygroundResult]):
    pass
