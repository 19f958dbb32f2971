"""What the parts of a reader know about the primary."""

import logging
from collections.abc import Sequence
from time import monotonic

from msgspec import Struct

from flagstaff.reader.applying import TokenScope
from store.snapshot import hash_secret

# After this time without a message, the primary counts as unavailable.
SILENT_S = 40.0

_log = logging.getLogger(__name__)


class OwnToken(Struct):
    """A token in FLAGSTAFF_UPSTREAM_TOKENS.

    `scope` is None until the primary, or an earlier process, has confirmed the token. `refusal` is
    the reason why the primary refuses the token, which is then not served.
    """

    secret: str
    key: str
    scope: TokenScope | None = None
    loaded: bool = False
    refusal: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the primary refuses the token."""
        return self.refusal is not None


class ReaderState:
    """The reader's own tokens, and when the primary was last heard."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.tokens = [OwnToken(secret, hash_secret(secret)) for secret in secrets]
        self.heard_at: float | None = None
        self._problem: str | None = None

    @property
    def ready(self) -> bool:
        """Whether the toggles of all accepted tokens are loaded, and there is such a token."""
        served = [token for token in self.tokens if not token.refused]
        return bool(served) and all(token.loaded for token in served)

    @property
    def age_s(self) -> float | None:
        """The time since the primary was last heard, in seconds; None if it never was."""
        return None if self.heard_at is None else monotonic() - self.heard_at

    @property
    def is_available(self) -> bool:
        """Whether the primary answers."""
        age_s = self.age_s
        return self._problem is None and age_s is not None and age_s < SILENT_S

    @property
    def problem(self) -> str | None:
        """The reason why the primary, or one token, cannot be followed; None if there is none."""
        refusals = (token.refusal for token in self.tokens if token.refusal)
        return self._problem or next(refusals, None)

    def hear(self) -> None:
        """Note that the primary has answered."""
        self.heard_at = monotonic()
        if self._problem is not None:
            _log.info("The primary answers again")
        self._problem = None

    def fail(self, problem: str) -> None:
        """Note why the primary cannot be followed; log a new reason once."""
        if problem != self._problem:
            _log.warning("The primary cannot be followed: %s", problem)
        self._problem = problem

    def is_own(self, key: str) -> bool:
        """Whether a hash is that of an own token which the primary has not refused."""
        return any(token.key == key and not token.refused for token in self.tokens)

    def covers(self, scope: TokenScope) -> bool:
        """Whether the toggles of one own token contain all toggles of a scope."""
        return any(
            token.loaded and not token.refused and token.scope and token.scope.covers(scope)
            for token in self.tokens
        )

    def sender(self, environment: str, project: str | None) -> OwnToken | None:
        """Return the token for reports about a project; `project` is None if it is unknown."""
        fitting = [
            token
            for token in self.tokens
            if token.scope and not token.refused and token.scope.environment == environment
        ]
        for token in fitting:
            assert token.scope is not None
            if not token.scope.projects or project in token.scope.projects:
                return token
        return fitting[0] if fitting else None
