"""Evaluate toggles for a request without blocking the event loop for long."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TypeVar

from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from store.evaluation import (
    Context,
    Decision,
    EvaluationTimeoutError,
    deciders,
    evaluate_each,
    render_decisions,
)
from store.evaluation.rendering import Render
from store.model import Toggle

S = TypeVar("S")
T = TypeVar("T")


async def evaluate_items(
    request: Request, items: Iterable[S], evaluate: Callable[[S], T]
) -> list[T]:
    """Call `evaluate` with each item. Return the results in the same order.

    Raises: UnavailableError: the evaluation took too long.
    """
    with _convert_timeout():
        return await evaluate_each(items, evaluate, request.store.turns)


async def evaluate_toggle(request: Request, toggle: Toggle, context: Context) -> Decision:
    """Evaluate a toggle in the environment of the token.

    Raises: UnavailableError: the evaluation took too long.
    """
    decide = deciders(request.snapshot, request.principal.environment)[toggle.name]
    (decision,) = await evaluate_items(request, [toggle], lambda _: decide(context))
    return decision


async def render_toggles(request: Request, context: Context, render: Render) -> bytes:
    """Evaluate all toggles that the token may read. Return the bytes rendered in name order.

    Raises: UnavailableError: the evaluation took too long.
    """
    principal = request.principal
    with _convert_timeout():
        return await render_decisions(
            request.snapshot,
            principal.environment,
            principal.projects,
            context,
            render,
            request.store.turns,
        )


@contextmanager
def _convert_timeout() -> Generator[None]:
    try:
        yield
    except EvaluationTimeoutError as error:
        raise UnavailableError(str(error)) from None
