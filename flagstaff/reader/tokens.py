"""The tokens that a reader accepts: its own ones, and those that the primary has confirmed."""

import asyncio
from collections.abc import Iterable
from time import monotonic

from msgspec import Struct

from flagstaff.reader.applying import Applier, TokenScope
from flagstaff.reader.state import ReaderState
from flagstaff.reader.upstream import Upstream, UpstreamError, ValidToken
from rest_compat.http.primary import UncoveredTokenError
from rest_compat.http.refusals import UnavailableError
from store import Store
from store.clock_skew import utc_now
from store.model import ApiToken, ApiTokenType
from store.snapshot import hash_secret

# Tokens are confirmed again after this time, in seconds.
CHECK_INTERVAL_S = 20.0
# A token is served for at most this time after the primary has confirmed it. Together with the time
# for an answer, a revoked token is served for at most 60 seconds.
LEASE_S = 55.0
# A token that was not used for this time is no longer confirmed. Its next use asks the primary.
UNUSED_S = 600.0
# An answer that the primary does not know a token is remembered for this time.
REFUSED_S = 20.0
MAX_REMEMBERED = 10_000
MAX_TOKENS_PER_CHECK = 500
MAX_PARALLEL = 8
# The maximum number of unknown tokens that wait until the primary is asked.
MAX_WAITING = 1_000

_ALL = "*"
# Tokens of other types do not depend on what the reader follows, because it serves only SDKs.
_SDK_TYPES = (ApiTokenType.CLIENT, ApiTokenType.FRONTEND)


class _Lease(Struct):
    """A confirmed token: its secret, and times on the monotonic clock."""

    secret: str
    token: ApiToken
    confirmed_at: float
    admitted_at: float


class CheckedTokens:
    """Asks the primary about tokens, and makes the confirmed ones known to the store.

    Secrets are in memory only; the reader's file contains their hashes.
    """

    def __init__(
        self, store: Store, upstream: Upstream, applier: Applier, state: ReaderState
    ) -> None:
        self._store = store
        self._upstream = upstream
        self._applier = applier
        self._state = state
        self._leases: dict[str, _Lease] = {}
        self._refused: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[bool]] = {}
        self._parallel = asyncio.Semaphore(MAX_PARALLEL)

    async def forget_others(self, own: Iterable[str]) -> None:
        """Remove the tokens in the file that are not the reader's own.

        An earlier process had confirmed them, and this process does not know their secrets.
        """
        hashes = {hash_secret(secret) for secret in own}
        others = [
            token
            for token in self._store.snapshot.tokens.values()
            if token.secret_hash not in hashes
        ]
        if others:
            await self._applier.change_tokens(remove=others)

    async def admit(self, secret: str) -> bool:
        """Make a token known if the primary accepts it; see `Primary.admit`."""
        key = hash_secret(secret)
        if self._state.is_own(key):
            raise UnavailableError("The reader has not yet loaded the toggles of this token.")
        if self._refused.get(key, 0.0) > monotonic():
            return False
        asking = self._asking.get(key)
        if asking is None:
            if len(self._asking) >= MAX_WAITING:
                raise UnavailableError("The primary is asked about too many other tokens.")
            asking = self._asking[key] = asyncio.create_task(self._ask(secret, key))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        # Requests share the answer, so a request that is cancelled must not cancel it.
        return await asyncio.shield(asking)

    async def _ask(self, secret: str, key: str) -> bool:
        try:
            async with self._parallel:
                valid = await self._upstream.validate(secret)
        except UpstreamError as error:
            raise UnavailableError(
                f"The token is not known here, and the primary cannot be asked. {error}"
            ) from None
        if not valid:
            if len(self._refused) >= MAX_REMEMBERED:
                self._refused.clear()
            self._refused[key] = monotonic() + REFUSED_S
            return False
        token = token_of(valid[0])
        if token.type in _SDK_TYPES:
            self._require_covered(token)
        now = monotonic()
        await self._applier.change_tokens(add=[token])
        self._leases[token.id] = _Lease(secret, token, now, now)
        return True

    def _require_covered(self, token: ApiToken) -> None:
        scope = scope_of(token)
        if self._state.covers(scope):
            return
        if not self._state.ready:
            raise UnavailableError("The reader has not yet loaded all toggles.")
        projects = ", ".join(scope.projects) or "all projects"
        raise UncoveredTokenError(
            f"This reader does not follow {projects} in the environment '{scope.environment}': "
            "FLAGSTAFF_UPSTREAM_TOKENS has no token for them."
        )

    async def check(self) -> None:
        """Confirm the tokens in use again, and forget the others.

        Raises: StoreUnavailableError.
        """
        now = monotonic()
        unused = [lease for lease in self._leases.values() if self._is_unused(lease, now)]
        await self._forget(unused)
        due = [
            lease for lease in self._leases.values() if now - lease.confirmed_at >= CHECK_INTERVAL_S
        ]
        for start in range(0, len(due), MAX_TOKENS_PER_CHECK):
            await self._confirm(due[start : start + MAX_TOKENS_PER_CHECK])
        now = monotonic()
        await self._forget(
            lease for lease in self._leases.values() if now - lease.confirmed_at >= LEASE_S
        )

    async def _confirm(self, leases: list[_Lease]) -> None:
        asked_at = monotonic()
        try:
            async with asyncio.timeout(LEASE_S - CHECK_INTERVAL_S - 5):
                valid = await self._upstream.validate(*(lease.secret for lease in leases))
        except (UpstreamError, TimeoutError):
            return
        confirmed = {hash_secret(each.token): token_of(each) for each in valid}
        revoked: list[_Lease] = []
        for lease in leases:
            token = confirmed.get(lease.token.secret_hash)
            if token is None or scope_of(token) != scope_of(lease.token):
                revoked.append(lease)
            elif token.type not in _SDK_TYPES or self._state.covers(scope_of(token)):
                lease.confirmed_at = asked_at
        await self._forget(revoked)

    async def _forget(self, leases: Iterable[_Lease]) -> None:
        forgotten = [*leases]
        if forgotten:
            await self._applier.change_tokens(remove=[lease.token for lease in forgotten])
            for lease in forgotten:
                self._leases.pop(lease.token.id, None)

    def _is_unused(self, lease: _Lease, now: float) -> bool:
        if now - lease.admitted_at < UNUSED_S:
            return False
        used_at = self._store.token_use.last_used_at(lease.token.id)
        return used_at is None or (utc_now() - used_at).total_seconds() > UNUSED_S


def token_of(valid: ValidToken) -> ApiToken:
    """Convert a token that the primary confirmed.

    All readers give a token the same ID, which the receipts of reports and tickets contain.
    """
    key = hash_secret(valid.token)
    kind = ApiTokenType(valid.type)
    return ApiToken(
        id=key[:32],
        name=f"Token of the primary {key[:8]}",
        type=kind,
        environment=None if kind is ApiTokenType.ADMIN else valid.environment,
        projects=() if _ALL in valid.projects else tuple(sorted(valid.projects)),
        hint="",
        secret_hash=key,
        created_at=utc_now(),
    )


def scope_of(token: ApiToken) -> TokenScope:
    """Return the scope of a client or frontend token."""
    return TokenScope(token.environment or _ALL, token.projects)
