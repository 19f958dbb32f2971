"""Evaluate a toggle as SDKs do."""

from collections.abc import Callable, Generator
from functools import partial
from typing import Annotated, Any, cast

from msgspec import structs
from strawberry import argument

from graph import context as request
from graph.engine.errors import bad_user_input
from graph.evaluation.inputs import ContextInput
from store import Snapshot
from store.errors import Path, format_path
from store.evaluation import Context, Explanation, explain
from store.evaluation.slicing import WORKER
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.operations.strings import display
from store.threads import HeavyWorkError, try_at_once


def evaluate_toggle(
    root: Toggle,
    info: request.Info,
    context: Annotated[
        ContextInput, argument(description="The context for which to evaluate the toggle.")
    ],
    environment: Annotated[
        str, argument(description="The environment in which to evaluate the toggle.")
    ] = DEFAULT_ENVIRONMENT,
) -> Explanation:
    """Return the decision that SDKs make about a toggle, with the reasons.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    require_environment(info.context, environment, path=("environment",))
    context_in_environment = within_environment(context.context, environment)
    return explain_if_light(info.context.snapshot, root, environment, context_in_environment)


class Evaluation:
    """A costly evaluation. Awaiting the object runs the evaluation in a thread."""

    def __init__(self, make: Callable[[], Explanation]) -> None:
        self._make = make

    def __await__(self) -> Generator[Any, Any, Explanation]:
        return WORKER.run(self._make).__await__()


def explain_if_light(
    snapshot: Snapshot, toggle: Toggle, environment: str, context: Context
) -> Explanation:
    """Return the decision of SDKs about a toggle. If the evaluation is costly, return an awaitable.

    graphql-core accepts awaitables in any position.
    """
    make = partial(explain, snapshot, toggle, environment, context)
    try:
        return try_at_once(make)
    except HeavyWorkError:
        return cast("Explanation", Evaluation(make))


def require_environment(context: request.Context, name: str, *, path: Path) -> None:
    """Check that the environment `name` exists.

    Raises: GraphQLError: BAD_USER_INPUT, if it does not exist.
    """
    if name not in context.snapshot.environments:
        raise bad_user_input(f"{format_path(path)}: No environment is named '{display(name)}'.")


def within_environment(context: Context, environment: str) -> Context:
    """Return the context of an SDK that runs in the environment."""
    return structs.replace(context, environment=environment)
