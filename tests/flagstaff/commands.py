"""What is left behind by a command that ran inside the test."""

from typing import NamedTuple


class Outcome(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str
