"""The result of a command that runs inside the test."""

from typing import NamedTuple


class Outcome(NamedTuple):
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str
