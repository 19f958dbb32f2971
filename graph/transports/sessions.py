"""Connections that stay open: how many there may be, and whose tokens still hold."""

import asyncio
from collections import Counter
from collections.abc import Callable

from graph.access import READERS
from graph.config import GraphConfig
from store import Store
from store.identity import (
    Principal,
    UnauthenticatedError,
    UnknownTokenError,
    identify,
    require,
    require_held,
)

# How late a connection is closed after its token was revoked or has expired, at most.
CHECK_INTERVAL_S = 0.5


class TooManyConnectionsError(Exception):
    """There are as many connections from an address, or with a token, as there may be."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Session:
    """One open connection; `close` is called once its token does not hold any more."""

    def __init__(self, address: str, close: Callable[[], None]) -> None:
        self.address = address
        self.close = close
        self.principal: Principal | None = None


class Sessions:
    """All open connections of this process."""

    def __init__(self, store: Store, config: GraphConfig) -> None:
        self._store = store
        self._config = config
        self._sessions: set[Session] = set()
        self._by_address: Counter[str] = Counter()
        self._by_token: Counter[str] = Counter()
        self._watching: asyncio.Task[None] | None = None

    def open(self, address: str, close: Callable[[], None]) -> Session:
        """Count a new connection.

        Raises: TooManyConnectionsError.
        """
        most = self._config.max_sockets_per_address
        if self._by_address[address] >= most:
            raise TooManyConnectionsError(f"An address may keep {most} connections open.")
        self._by_address[address] += 1
        session = Session(address, close)
        self._sessions.add(session)
        return session

    def authenticate(
        self, session: Session, *, authorization: str | None, user: str | None
    ) -> Principal:
        """Who a connection belongs to, from now on.

        Raises: UnauthenticatedError, TooManyUnknownTokensError, ForbiddenError,
            TooManyConnectionsError.
        """
        try:
            principal = identify(
                self._store.snapshot,
                authorization=authorization,
                user=user,
                now=self._store.clock(),
                auth=self._config.auth,
            )
        except UnknownTokenError:
            self._store.unknown_tokens.count(session.address)
            raise
        require(principal, *READERS)
        self.attach(session, principal)
        return principal

    def attach(self, session: Session, principal: Principal) -> None:
        """Note who a connection belongs to; it is closed once that one's token does not hold.

        Raises: TooManyConnectionsError.
        """
        if principal.token is not None:
            self._count(principal.token.id)
            self._store.token_use.mark(principal.token.id)
        session.principal = principal
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(), name="Watching tokens")

    def close(self, session: Session) -> None:
        """Forget a connection."""
        self._sessions.discard(session)
        _uncount(self._by_address, session.address)
        if session.principal is not None and session.principal.token is not None:
            _uncount(self._by_token, session.principal.token.id)

    def _count(self, token_id: str) -> None:
        most = self._config.max_sockets_per_token
        if self._by_token[token_id] >= most:
            raise TooManyConnectionsError(f"A token may keep {most} connections open.")
        self._by_token[token_id] += 1

    async def _watch(self) -> None:
        """Close what does not hold any more, as long as anything is open."""
        while self._sessions:
            await asyncio.sleep(CHECK_INTERVAL_S)
            for session in tuple(self._sessions):
                if session.principal is not None and not self.holds(session.principal):
                    session.close()
        self._watching = None

    def holds(self, principal: Principal) -> bool:
        """Whether the token that a connection began with is still good."""
        try:
            require_held(principal.actor, self._store.snapshot, now=self._store.clock())
        except UnauthenticatedError:
            return False
        return True


def _uncount(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
