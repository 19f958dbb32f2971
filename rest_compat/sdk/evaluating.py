"""Evaluate toggles for a request without blocking the event loop for long."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from store import evaluation
from store.model import Toggle

T = TypeVar("T")


async def evaluate_toggles(
    request: Request, toggles: Iterable[Toggle], evaluate: Callable[[Toggle], T]
) -> list[T]:
    """Evaluate toggles, and return the results in the order of the toggles.

    Raises: UnavailableError: the evaluation took too long.
    """
    try:
        return await evaluation.evaluate_each(toggles, evaluate, request.store.turns)
    except evaluation.EvaluationTimeoutError as error:
        raise UnavailableError(str(error)) from None
