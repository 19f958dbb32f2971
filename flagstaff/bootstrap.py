"""The first tokens of an installation: those given by settings, or else two that are made up."""

import logging
from collections.abc import Iterable

from msgspec import Struct

from flagstaff.settings import Settings, SettingsError
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
    """The secrets made for a new installation, to be shown this once; no client's where some were
    given."""

    admin: str
    client: str | None


class GivenToken(Struct, frozen=True):
    """A token that a setting asks for, taken apart."""

    variable: str
    secret: str
    type: ApiTokenType
    project: str | None
    environment: str | None


async def provide_tokens(store: Store, settings: Settings) -> FirstTokens | None:
    """Create the tokens that the settings give, where they are not there yet.

    On a new installation that asks for tokens, make an admin's if none is given, and a client's if
    no token is given at all, and return them.

    Raises: SettingsError: a given token is not one, or cannot be created.
    """
    given = given_tokens(settings)
    for token in given:
        if is_weak(token.secret):
            _log.warning(
                "%s holds a token of type %s whose random part has fewer than %d characters, so it "
                "can be guessed. Replace it with one from `flagstaff token create`.",
                token.variable,
                token.type,
                MIN_RANDOM_LENGTH,
            )
    is_new = not store.snapshot.tokens
    missing = [token for token in given if not _known(store, token)]
    if missing:
        await _create_given(store, missing)
    if settings.auth == "none" or not is_new or settings.init_admin_tokens:
        return None
    async with store.write(SYSTEM) as work:
        # Another process may have been first; here, inside the transaction, this is known for sure.
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
    """The tokens of the settings, in the form `project:environment.secret`.

    Raises: SettingsError: with everything that is wrong; the tokens themselves are not repeated.
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
                token = _taken_apart(variable, token_type, secret)
                _refuse_weak_admin(token, settings)
                tokens.append(token)
            except ValueError as error:
                problems.append(f"{variable}: token {position} {error}.")
    if len({token.secret for token in tokens}) < len(tokens):
        problems.append("FLAGSTAFF_INIT_…_TOKENS: the same token is given twice.")
    if problems:
        raise SettingsError(*problems)
    return tokens


def _taken_apart(variable: str, type: ApiTokenType, secret: str) -> GivenToken:
    try:
        scope = scope_of(secret)
    except Refusal:
        raise ValueError("does not look like project:environment.secret") from None
    if type is ApiTokenType.ADMIN:
        if scope != SecretScope(_ALL, _ALL):
            raise ValueError("must begin with *:*. since admin tokens are good for everything")
        return GivenToken(variable, secret, type, None, None)
    if scope.environment == _ALL:
        raise ValueError("must name an environment, as in *:development.SECRET")
    if scope.project == "[]":
        raise ValueError("must name one project, or * for all: [] does not tell which ones")
    project = None if scope.project == _ALL else scope.project
    return GivenToken(variable, secret, type, project, scope.environment)


def _refuse_weak_admin(token: GivenToken, settings: Settings) -> None:
    if token.type is not ApiTokenType.ADMIN or settings.allow_weak_tokens:
        return
    if is_weak(token.secret):
        raise ValueError(
            f"has a random part of fewer than {MIN_RANDOM_LENGTH} characters, which can be guessed "
            "(FLAGSTAFF_ALLOW_WEAK_TOKENS=true takes it all the same)"
        )


def _known(store: Store, token: GivenToken) -> bool:
    known = store.snapshot.tokens_by_hash.get(hash_secret(token.secret))
    if known is not None and known.type is not token.type:
        raise SettingsError(
            f"{token.variable}: the token is there already, as '{known.name}' of type {known.type}."
        )
    return known is not None


async def _create_given(store: Store, tokens: Iterable[GivenToken]) -> None:
    """Create tokens, and the environments they name, in one transaction."""
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
