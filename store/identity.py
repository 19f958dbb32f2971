"""Authenticate requests: find the principal, with a type and a scope, for credentials."""

from base64 import b64decode
from contextlib import suppress
from datetime import datetime

from msgspec import Struct

from store.model import (
    ANONYMOUS,
    DEFAULT_ENVIRONMENT,
    Actor,
    ActorKind,
    ApiToken,
    ApiTokenType,
    Toggle,
)
from store.snapshot import Snapshot

AUTH_OFF = "none"
ACTOR_NAME_LENGTH = 100
# The maximum number of cached Authorization headers. The cache avoids hashing a secret for each
# request. The cache belongs to a snapshot, so revoking a token invalidates the cache.
MAX_REMEMBERED = 10_000
# Under this key, the ASGI scope contains the id of the caller's token for the access log.
TOKEN_ID_KEY = "flagstaff.token_id"


class UnauthenticatedError(Exception):
    """The request has missing or unknown credentials."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownTokenError(UnauthenticatedError):
    """The token does not exist: it is mistyped, made up or revoked."""


class ForbiddenError(Exception):
    """The credentials are valid but do not permit the request."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Principal(Struct, frozen=True):
    """The caller of a request.

    `token` is None if authentication is off or the client API is open. `projects` limits which
    toggles are visible. If `projects` is empty, all toggles are visible.
    """

    actor: Actor
    type: ApiTokenType
    token: ApiToken | None
    environment: str
    projects: tuple[str, ...]

    def reads(self, toggle: Toggle) -> bool:
        """Whether the principal may read the toggle's project."""
        return not self.projects or toggle.project in self.projects

    @property
    def holder(self) -> str:
        """The key by which limits are counted: the id of the token, or "" without a token."""
        return self.token.id if self.token else ""

    @property
    def is_public(self) -> bool:
        """Whether any client can act as this principal.

        The result is true for frontend tokens, because they are visible in web pages. It is also
        true for an open client API, which requires no token. If authentication is off, all
        principals are admins who connect over loopback.
        """
        if self.token is None:
            return self.type is ApiTokenType.CLIENT
        return self.token.type is ApiTokenType.FRONTEND

    @property
    def can_write(self) -> bool:
        """Whether the principal may change configuration."""
        return self.type is ApiTokenType.ADMIN


def open_client() -> Principal:
    """Return the principal for requests without credentials to an open client API."""
    return Principal(ANONYMOUS, ApiTokenType.CLIENT, None, DEFAULT_ENVIRONMENT, ())


def bearer_secret(authorization: str | None) -> tuple[str | None, str | None]:
    """Return the secret in an Authorization header, and the user name of HTTP Basic.

    A header with the secret `T` is `T`, `Bearer T` or `Basic base64(user:T)`.
    """
    header = (authorization or "").strip()
    scheme, _, rest = header.partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip() or None, None
        case "basic":
            return _basic_credentials(rest.strip())
        case _:
            return header or None, None


def _basic_credentials(encoded: str) -> tuple[str | None, str | None]:
    try:
        user, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None, ""
    return secret or None, user


def identify(
    snapshot: Snapshot, *, authorization: str | None, user: str | None, now: datetime, auth: str
) -> Principal:
    """Return the principal for the headers `Authorization` and `X-Flagstaff-User`.

    If `auth` is `none`, authentication is off: all callers are admins, and tokens are ignored.
    Admins can name the actor in `user`, or as the user name of HTTP Basic.

    Raises: UnauthenticatedError: the token is missing or unknown (`UnknownTokenError`), has
    expired, belongs to a deleted environment, or was sent by HTTP Basic and is not an admin token.
    """
    known: dict[str, Principal] = snapshot.memo.setdefault(identify, {})
    if user is None and auth != AUTH_OFF:
        principal = known.get(authorization or "")
        if principal is not None:
            token = principal.token
            # Most tokens never expire.
            if token is None or token.expires_at is None or not token.expired(now):
                return principal
    secret, basic_user = bearer_secret(authorization)
    actor_name = _displayable(basic_user) or _displayable(user)
    if auth == AUTH_OFF:
        actor = Actor(actor_name, ActorKind.ANONYMOUS) if actor_name else ANONYMOUS
        return Principal(actor, ApiTokenType.ADMIN, None, DEFAULT_ENVIRONMENT, ())
    if secret is None:
        raise UnauthenticatedError("The request needs an API token in the Authorization header.")
    principal = holder_of(snapshot.token_of(secret), snapshot, now=now, actor_name=actor_name)
    if basic_user is not None and not principal.can_write:
        raise UnauthenticatedError("HTTP Basic requires an admin token as the password.")
    if user is None and authorization is not None:
        if len(known) >= MAX_REMEMBERED:
            known.clear()
        known[authorization] = principal
    return principal


def holder_of(
    token: ApiToken | None, snapshot: Snapshot, *, now: datetime, actor_name: str | None = None
) -> Principal:
    """Return the principal of a token.

    If the token is unknown, `token` is None. Only admins can name the actor.

    Raises: UnauthenticatedError: the token is unknown (`UnknownTokenError`) or has expired, or its
        environment was deleted.
    """
    # The message must not reveal whether the token ever existed.
    message = "The API token is not known to this server or has expired."
    if token is None:
        raise UnknownTokenError(message)
    if token.expired(now):
        raise UnauthenticatedError(message)
    environment = token.environment or DEFAULT_ENVIRONMENT
    if environment not in snapshot.environments:
        raise UnauthenticatedError("The API token belongs to an environment that was deleted.")
    named = actor_name if token.type is ApiTokenType.ADMIN else None
    actor = Actor(named or token.name, ActorKind.TOKEN, token.id)
    return Principal(actor, token.type, token, environment, token.projects)


def require_held(actor: Actor, snapshot: Snapshot, *, now: datetime) -> None:
    """Check that the token of an actor is still valid. Actors without a token are valid.

    Raises: UnauthenticatedError: the token was revoked or has expired, or its environment was
        deleted.
    """
    if actor.token_id is not None:
        holder_of(snapshot.tokens.get(actor.token_id), snapshot, now=now)


def require(principal: Principal, *types: ApiTokenType) -> None:
    """Require one of the given token types.

    Raises: ForbiddenError: the principal has another type. The message names the required types and
    the type of the token.
    """
    if principal.type in types:
        return
    needed = " or ".join(types)
    raise ForbiddenError(
        f"This requires a token of type {needed}; the token sent is of type {principal.type}."
    )


def _displayable(name: str | None) -> str | None:
    """Clean a name for the audit log; None if it is empty.

    The result is one line of at most 100 visible characters. The name comes from a header that was
    decoded as Latin-1. If possible, the name is decoded again as UTF-8.
    """
    if not name:
        return None
    with suppress(ValueError):
        name = name.encode("latin-1").decode()
    visible = "".join(character for character in name if character.isprintable()).strip()
    return visible[:ACTOR_NAME_LENGTH] or None
