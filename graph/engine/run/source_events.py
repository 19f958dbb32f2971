"""What subscriptions push, before it is shown in the way that each subscriber selected."""

from collections.abc import AsyncGenerator, Hashable
from typing import Any, TypeAlias

from msgspec import Struct

from store import Snapshot


class Pushed(Struct, frozen=True, kw_only=True):
    """One result in the making: what the root field yields and the configuration it is shown with.

    What has the same `key` looks the same to all who subscribed alike; None if it is one
    subscriber's own.
    """

    value: Any
    snapshot: Snapshot
    key: Hashable | None = None


Pushes: TypeAlias = AsyncGenerator[Pushed, None]


class EndOfFeedError(Exception):
    """The server is about to stop; who subscribes again reaches it, or another one, afterwards."""
