"""The events that root fields of subscriptions yield, from which results are computed."""

from collections.abc import AsyncGenerator, Hashable
from typing import Any, TypeAlias

from msgspec import Struct


class SourceEvent(Struct, frozen=True, kw_only=True):
    """The value that the root field yields, and the state for resolving its subfields.

    Equal subscriptions have the same result for events with the same `key`. If `key` is None, the
    result is not shared with other subscribers.
    """

    value: Any
    state: Any
    key: Hashable | None = None


SourceEvents: TypeAlias = AsyncGenerator[SourceEvent, None]


class EndOfFeedError(Exception):
    """The server is about to stop. Clients should subscribe again to this or another server."""
