"""Evaluating a toggle as SDKs would, where it is asked for."""

from typing import Annotated

from msgspec import structs
from strawberry import argument

from graph import context as request
from graph.inputs.evaluation import ContextInput
from graph.refusals import bad_user_input
from store.errors import Path, place_of
from store.evaluation import Context, Explanation, explain
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.operations.text import shown


def evaluate_toggle(
    root: Toggle,
    info: request.Info,
    context: Annotated[ContextInput, argument(description="The context to evaluate for.")],
    environment: Annotated[
        str, argument(description="The environment to evaluate in.")
    ] = DEFAULT_ENVIRONMENT,
) -> Explanation:
    """What SDKs would decide about a toggle, and why.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    require_environment(info.context, environment, path=("environment",))
    wanted = within_environment(context.context, environment)
    return explain(info.context.snapshot, root, environment, wanted)


def require_environment(context: request.Context, name: str, *, path: Path) -> None:
    """Raises: GraphQLError: BAD_USER_INPUT, if there is no environment of the name."""
    if name not in context.snapshot.environments:
        raise bad_user_input(f"{place_of(path)}: No environment is named '{shown(name)}'.")


def within_environment(context: Context, environment: str) -> Context:
    """The context as the SDKs of an environment have it."""
    return structs.replace(context, environment=environment)
