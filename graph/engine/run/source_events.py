"""The events that the root fields of subscriptions yield, before any selection is applied."""

from collections.abc import AsyncGenerator, Hashable
from typing import Any, TypeAlias

from msgspec import Struct


class SourceEvent(Struct, frozen=True, kw_only=True):
    """The value that the root field yields, and the state for resolving the fields below it.

    Events with the same `key` have the same result for all equal subscriptions. If it is None, the
    result belongs to one subscriber.
    """

    value: Any
    state: Any
    key: Hashable | None = None


SourceEvents: TypeAlias = AsyncGenerator[SourceEvent, None]


class EndOfFeedError(Exception):
    """The server is about to stop. Clients subscribe again, to this server or another one."""
