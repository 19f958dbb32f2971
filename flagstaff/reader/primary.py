"""The primary of a running reader, as the REST API and `/metrics` see it."""

from collections.abc import Mapping
from typing import Any

from flagstaff.reader.state import ReaderState
from flagstaff.reader.tokens import CheckedTokens
from store import Store


class FollowedPrimary:
    """A primary whose toggles the reader follows; see `rest_compat.http.primary.Primary`."""

    def __init__(
        self, url: str, store: Store, state: ReaderState, tokens: CheckedTokens | None
    ) -> None:
        self._url = url
        self._store = store
        self._state = state
        self._tokens = tokens
        # The lag of a hot standby in seconds; None without a standby.
        self.standby_lag_s: float | None = None

    @property
    def url(self) -> str:
        """The address of the primary."""
        return self._url

    @property
    def ready(self) -> bool:
        """Whether all toggles are loaded. A standby has all toggles."""
        return self._tokens is None or self._state.ready

    @property
    def is_available(self) -> bool:
        """Whether the primary answers."""
        return self._state.is_available

    async def admit(self, secret: str) -> bool:
        """Ask the primary about a token. The tokens of a standby are in its database."""
        return self._tokens is not None and await self._tokens.admit(secret)

    def readiness(self) -> Mapping[str, Any]:
        """Return the keys of `/ready` about the primary."""
        keys: dict[str, Any] = {
            "primary": "available" if self._state.is_available else "unavailable",
            "unsent_reports": self._store.outgoing.rows,
        }
        if self._state.age_s is not None:
            keys["primary_age_seconds"] = round(self._state.age_s, 1)
        if self._state.problem is not None:
            keys["problem"] = self._state.problem
        if self.standby_lag_s is not None:
            keys["standby_lag_seconds"] = round(self.standby_lag_s, 1)
        return keys
