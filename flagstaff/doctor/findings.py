"""The result of a check."""

from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """How bad a finding is. Only `FAILED` makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Finding(Struct, frozen=True):
    """What a check found: a sentence for the operator."""

    check: str
    status: Status
    message: str


def ok(check: str, message: str) -> Finding:
    """Return a finding without a problem."""
    return Finding(check, Status.OK, message)


def warning(check: str, message: str) -> Finding:
    """Return a finding that the operator should know."""
    return Finding(check, Status.WARNING, message)


def failed(check: str, message: str) -> Finding:
    """Return a finding that prevents the server from working."""
    return Finding(check, Status.FAILED, message)
