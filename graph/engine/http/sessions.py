"""Count the open connections of each token, and close the connections of invalid tokens."""

import asyncio
from collections import Counter
from collections.abc import Callable

from graph.engine.run.authorization import READERS
from graph.engine.run.config import GraphConfig
from store import Store
from store.identity import (
    Principal,
    UnauthenticatedError,
    UnknownTokenError,
    identify,
    require,
    require_held,
)

# A refused client may retry after this many seconds.
RETRY_AFTER_S = 10


class TooManyConnectionsError(Exception):
    """The limit on connections is reached. The message is a sentence for the client."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# A connection is closed within this many seconds after its token is revoked or expires.
CHECK_INTERVAL_S = 0.5


class Session:
    """One open connection. `close` is called when the connection's token becomes invalid.

    `holder` is the ID of the connection's token. Without authentication, `holder` is empty. Before
    the token is known, `holder` is None. The limit applies to all connections with the same holder.
    """

    def __init__(self, address: str, close: Callable[[], None]) -> None:
        self.address = address
        self.close = close
        self.principal: Principal | None = None
        self.holder: str | None = None


class Sessions:
    """All open connections of this process."""

    def __init__(self, store: Store, config: GraphConfig) -> None:
        self._store = store
        self._config = config
        self._sessions: set[Session] = set()
        self._by_holder: Counter[str] = Counter()
        self._checking: asyncio.Task[None] | None = None

    def open(self, address: str, close: Callable[[], None]) -> Session:
        """Register a connection. The limit is checked later, when the token is known."""
        session = Session(address, close)
        self._sessions.add(session)
        return session

    def authenticate(
        self, session: Session, *, authorization: str | None, user: str | None
    ) -> Principal:
        """Identify the principal of a connection, and assign the connection to it.

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
        """Assign a connection to a principal. If its token becomes invalid, close the connection.

        Raises: TooManyConnectionsError.
        """
        self._count(session, principal)
        if principal.token is not None:
            self._store.token_use.mark(principal.token.id, self._store.clock())
        session.principal = principal
        if self._checking is None:
            self._checking = asyncio.create_task(self._check_tokens(), name="Checking tokens")

    def close(self, session: Session) -> None:
        """Remove a connection."""
        self._sessions.discard(session)
        if session.holder is not None:
            self._by_holder[session.holder] -= 1
            if not self._by_holder[session.holder]:
                del self._by_holder[session.holder]
            session.holder = None

    def _count(self, session: Session, principal: Principal) -> None:
        maximum, holder = self._config.max_sockets_per_token, principal.holder
        if self._by_holder[holder] >= maximum:
            raise TooManyConnectionsError(f"A token may have at most {maximum} open connections.")
        self._by_holder[holder] += 1
        session.holder = holder

    async def _check_tokens(self) -> None:
        """While any connection is open, periodically close connections with invalid tokens."""
        while self._sessions:
            await asyncio.sleep(CHECK_INTERVAL_S)
            for session in tuple(self._sessions):
                if session.principal is not None and not self.is_valid(session.principal):
                    session.close()
        self._checking = None

    def is_valid(self, principal: Principal) -> bool:
        """Whether the token of a principal is still valid."""
        try:
            require_held(principal.actor, self._store.snapshot, now=self._store.clock())
        except UnauthenticatedError:
            return False
        return True
