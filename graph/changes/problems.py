"""Refusing for what is wrong with an input itself and for what an operation says to it, at once."""

from collections.abc import Generator
from contextlib import contextmanager

from store.errors import Problems, Refusal


@contextmanager
def along_with(problems: Problems) -> Generator[None]:
    """Add what an operation refuses to what is wrong with its input already.

    Operations run all the same, so that the caller learns everything at once; nothing is stored.

    Raises: Refusal: with the errors of both; of several for one field only the first counts.
    """
    try:
        yield
    except Refusal as refusal:
        paths = {error.path for error in problems.errors}
        more = [error for error in refusal.errors if error.path not in paths]
        raise Refusal(*problems.errors, *more) from None
    problems.raise_any()
