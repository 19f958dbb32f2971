"""Follow the toggles of one token at the primary."""

import asyncio
import logging
import random
from collections.abc import Callable
from time import monotonic

from flagstaff.reader.applying import Applier
from flagstaff.reader.documents import News, read_features, read_message
from flagstaff.reader.state import OwnToken, ReaderState
from flagstaff.reader.tokens import scope_of, token_of
from flagstaff.reader.upstream import (
    NoStreamError,
    TokenRefusedError,
    Upstream,
    UpstreamError,
)
from store import Store
from store.errors import StoreUnavailableError, reason
from store.json_checks import LARGE_JSON_BYTES
from store.model import ApiToken, ApiTokenType

FIRST_RETRY_S = 0.25
MAX_RETRY_S = 10.0
REFUSED_RETRY_S = 30.0
POLL_INTERVAL_S = 15.0
# After this time, a polling reader tries to get a stream again.
POLLING_S = 300.0

_log = logging.getLogger(__name__)


class Follower:
    """Applies the changes in the scope of one own token until it is cancelled.

    Each connection begins with all toggles of the scope. Therefore the reader needs no assumption
    about the primary's history, which may have been restored from a backup meanwhile.
    """

    def __init__(
        self,
        own: OwnToken,
        store: Store,
        upstream: Upstream,
        applier: Applier,
        state: ReaderState,
    ) -> None:
        self._own = own
        self._store = store
        self._upstream = upstream
        self._applier = applier
        self._state = state
        self._token: ApiToken | None = None

    async def run(self) -> None:
        """Follow the primary, and reconnect after failures with growing pauses."""
        pause_s = FIRST_RETRY_S
        while True:
            connected_at = monotonic()
            try:
                await self._follow()
                pause_s = FIRST_RETRY_S
            except TokenRefusedError as error:
                await self._refuse(str(error))
                pause_s = REFUSED_RETRY_S
            except (UpstreamError, StoreUnavailableError) as error:
                is_known = isinstance(error, UpstreamError)
                self._state.fail(str(error) if is_known else reason(error))
                asked_s = error.retry_after_s if isinstance(error, UpstreamError) else None
                if monotonic() - connected_at > MAX_RETRY_S:
                    pause_s = FIRST_RETRY_S
                pause_s = max(min(pause_s * 2, MAX_RETRY_S), asked_s or 0.0)
            except Exception:
                _log.exception("Following the primary failed and will be tried again")
                self._state.fail("The reader failed to follow the primary; see its log.")
                pause_s = MAX_RETRY_S
            # Readers that lost the primary at the same time must not return at the same time.
            await asyncio.sleep(pause_s * (0.5 + random.random() / 2))

    async def _follow(self) -> None:
        """Follow the primary until the stream ends.

        Raises: UpstreamError, StoreUnavailableError.
        """
        await self._confirm()
        try:
            async with self._upstream.stream(self._own.secret) as events:
                self._state.hear()
                async for event in events:
                    self._state.hear()
                    if event.name in ("unleash-connected", "unleash-updated"):
                        await self._apply(await _read(read_message, event.data))
        except NoStreamError as error:
            await asyncio.sleep(error.retry_after_s or 0.0)
            await self._poll()

    async def _poll(self) -> None:
        ends_at = monotonic() + POLLING_S
        etag: str | None = None
        while monotonic() < ends_at:
            body, etag = await self._upstream.features(self._own.secret, etag)
            self._state.hear()
            if body is not None:
                await self._apply(await _read(read_features, body))
            await asyncio.sleep(POLL_INTERVAL_S)

    async def _confirm(self) -> None:
        """Ask the primary for the scope of the token.

        Raises: TokenRefusedError, UpstreamError.
        """
        valid = await self._upstream.validate(self._own.secret)
        if not valid or valid[0].type != ApiTokenType.CLIENT:
            raise TokenRefusedError(
                "FLAGSTAFF_UPSTREAM_TOKENS has a token that is not a client token of the primary."
            )
        self._token = token_of(valid[0])
        scope = scope_of(self._token)
        if self._own.scope not in (None, scope):
            self._own.loaded = False
        self._own.scope, self._own.refusal = scope, None

    async def _apply(self, news: News) -> None:
        assert self._own.scope is not None
        assert self._token is not None
        if not news.is_complete and not self._own.loaded:
            raise UpstreamError("The primary's stream does not begin with all toggles.")
        await self._applier.apply(self._own.scope, news, self._token)
        self._own.loaded = True

    async def _refuse(self, problem: str) -> None:
        """Stop serving the token and its toggles."""
        self._state.hear()  # an answer, too
        was_served = not self._own.refused
        if problem != self._own.refusal:
            _log.warning("The toggles of a token are not served: %s", problem)
        self._own.refusal, self._own.loaded = problem, False
        token = self._store.snapshot.tokens_by_hash.get(self._own.key)
        if token is None or not was_served:
            return
        try:
            await self._applier.change_tokens(remove=[token])
            await self._applier.apply(scope_of(token), News(is_complete=True))
        except StoreUnavailableError as error:
            self._own.refusal = None  # try again
            self._state.fail(reason(error))


async def _read(read: Callable[[bytes], News], data: bytes) -> News:
    if len(data) > LARGE_JSON_BYTES:
        return await asyncio.to_thread(read, data)
    return read(data)
