"""Create the first tokens of an installation: tokens from the settings, or two random tokens."""

import logging
from collections.abc import Iterable

from msgspec import Struct

from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from store import Store
from store.errors import Refusal
from store.model import DEFAULT_ENVIRONMENT, SYSTEM, ApiTokenType
from store.operations.environments import create_environment
from store.operations.tokens import (
    MIN_RANDOM_LENGTH,
    SecretScope,
    create_token,
    hash_secret,
    is_weak,
    scope_of,
)
from store.unit_of_work import UnitOfWork

_log = logging.getLogger(__name__)

_ALL = "*"


class FirstTokens(Struct, frozen=True):
    """The secrets that were generated for a new installation. The server prints the secrets once.

    `client` is None if the settings contain tokens.
    """

    admin: str
    client: str | None


class GivenToken(Struct, frozen=True):
    """The parts of a token in a setting."""

    variable: str
    secret: str
    type: ApiTokenType
    project: str | None
    environment: str | None


async def provide_tokens(store: Store, settings: Settings) -> FirstTokens | None:
    """Create the tokens in the settings that do not exist yet.

    A new installation that requires tokens also gets a random admin token if the settings have no
    admin token. It gets a random client token if the settings have no tokens. Return these random
    tokens.

    Raises: SettingsError: a token in the settings is malformed or cannot be created.
    """
    given = given_tokens(settings)
    for token in given:
        if is_weak(token.secret):
            _log.warning(
                "%s contains a token of type %s whose random part has fewer than %d characters, "
                "so the token can be guessed. Replace it with a token from `flagstaff token "
                "create`.",
                token.variable,
                token.type,
                MIN_RANDOM_LENGTH,
            )
    is_new = not store.snapshot.tokens
    missing = [token for token in given if not _exists(store, token)]
    if missing:
        await _create_given(store, missing)
    if settings.auth == "none" or not is_new or settings.init_admin_tokens:
        return None
    async with store.write(SYSTEM) as work:
        # Check again in the transaction, because another process may have created an admin token.
        if any(token.type is ApiTokenType.ADMIN for token in work.snapshot.tokens.values()):
            return None
        _, admin = await create_token(work, name="First admin", type=ApiTokenType.ADMIN)
        if given:
            return FirstTokens(admin, None)
        _, client = await create_token(
            work,
            name="First client",
            type=ApiTokenType.CLIENT,
            environment=DEFAULT_ENVIRONMENT,
        )
        return FirstTokens(admin, client)


def given_tokens(settings: Settings) -> list[GivenToken]:
    """Parse the tokens in the settings. Each token has the form `project:environment.secret`.

    Raises: SettingsError: the message lists all problems without repeating the tokens.
    """
    tokens: list[GivenToken] = []
    problems: list[str] = []
    for variable, token_type, secrets in (
        ("FLAGSTAFF_INIT_ADMIN_TOKENS", ApiTokenType.ADMIN, settings.init_admin_tokens),
        ("FLAGSTAFF_INIT_CLIENT_TOKENS", ApiTokenType.CLIENT, settings.init_client_tokens),
        ("FLAGSTAFF_INIT_FRONTEND_TOKENS", ApiTokenType.FRONTEND, settings.init_frontend_tokens),
    ):
        for position, secret in enumerate(secrets, start=1):
            try:
                token = _parse_token(variable, token_type, secret)
                _refuse_weak_admin(token, settings)
                tokens.append(token)
            except ValueError as error:
                problems.append(f"{variable}: token {position} {error}.")
    if len({token.secret for token in tokens}) < len(tokens):
        problems.append("FLAGSTAFF_INIT_…_TOKENS: a token is listed twice.")
    if problems:
        raise SettingsError(*problems)
    return tokens


def _parse_token(variable: str, type: ApiTokenType, secret: str) -> GivenToken:
    try:
        scope = scope_of(secret)
    except Refusal:
        raise ValueError("does not have the form project:environment.secret") from None
    if type is ApiTokenType.ADMIN:
        if scope != SecretScope(_ALL, _ALL):
            raise ValueError(
                "must begin with *:*. because admin tokens are not limited to projects and "
                "environments"
            )
        return GivenToken(variable, secret, type, None, None)
    if scope.environment == _ALL:
        raise ValueError("must name an environment, as in *:development.SECRET")
    if scope.project == "[]":
        raise ValueError("must name one project, or * for all projects; [] names none")
    project = None if scope.project == _ALL else scope.project
    return GivenToken(variable, secret, type, project, scope.environment)


def _refuse_weak_admin(token: GivenToken, settings: Settings) -> None:
    if token.type is not ApiTokenType.ADMIN or settings.allow_weak_tokens:
        return
    if is_weak(token.secret):
        raise ValueError(
            f"has a random part of fewer than {MIN_RANDOM_LENGTH} characters, which can be guessed "
            "(FLAGSTAFF_ALLOW_WEAK_TOKENS=true allows it)"
        )


def _exists(store: Store, token: GivenToken) -> bool:
    """Whether the token exists.

    Raises: SettingsError: the token exists with another type.
    """
    existing = store.snapshot.tokens_by_hash.get(hash_secret(token.secret))
    if existing is not None and existing.type is not token.type:
        raise SettingsError(
            f"{token.variable}: the token already exists as '{existing.name}' of type "
            f"{existing.type}."
        )
    return existing is not None


async def _create_given(store: Store, tokens: Iterable[GivenToken]) -> None:
    """Create tokens and their missing environments in one transaction."""
    async with store.write(SYSTEM) as work:
        for token in tokens:
            try:
                await _create(work, token)
            except Refusal as refusal:
                raise SettingsError(f"{token.variable}: {refusal}") from None


async def _create(work: UnitOfWork, token: GivenToken) -> None:
    if hash_secret(token.secret) in work.snapshot.tokens_by_hash:
        return
    if token.environment is not None and token.environment not in work.snapshot.environments:
        await create_environment(work, name=token.environment)
    await create_token(
        work,
        name=f"Initial {token.type}",
        type=token.type,
        environment=token.environment,
        projects=() if token.project is None else (token.project,),
        secret=token.secret,
    )
