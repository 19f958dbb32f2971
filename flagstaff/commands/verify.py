"""Compare what an Unleash server and the configured database send to SDKs."""

import json
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import msgspec
import typer
from msgspec import Struct

from flagstaff.commands.failures import describe_failure
from flagstaff.commands.local_store import command_settings, missing_database, with_store
from flagstaff.unleash_server.client import ApiClient
from flagstaff.unleash_server.contexts import Body
from flagstaff.unleash_server.errors import ServerReadError
from flagstaff.unleash_server.verifying import Verdict, compare_bodies
from rest_compat.sdk.payload import PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from store import Store
from store.model import DEFAULT_ENVIRONMENT
from store.operations.strings import display
from store.transfer.renaming import rename_toggles

TOKENS_VARIABLE = "UNLEASH_CLIENT_TOKENS"
# The number of contexts for each environment.
CONTEXTS = 10_000
DIFFERENT = 1
FAILED = 2

_FEATURES = "/api/client/features"
# With this version of the client specification, the server sends segments once.
_HEADERS = {"Unleash-Client-Spec": "5.1.9", "Unleash-AppName": "flagstaff-import"}
# Unleash 4.x used this name for the environment `default`.
_GLOBAL_ENVIRONMENT = ":global:"
_MAX_NAMES = 20


class ClientToken(Struct, frozen=True):
    """A token of SDKs, and the environment that it reads."""

    environment: str
    secret: str


def run_verify(
    url: str, tokens_file: Path | None, renames: Mapping[str, str], *, as_json: bool
) -> None:
    """Compare the environments of all client tokens, and print each difference.

    Raises: typer.Exit: the status is 0 if everything is equal, 1 if something differs, and 2 on
        errors.
    """
    try:
        verdicts = _verify(url, tokens_file, renames)
    except Exception as error:
        failure = describe_failure(error)
        if failure is None:
            raise
        for line in failure.lines:
            typer.echo(line, err=True)
        raise typer.Exit(FAILED) from None
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(verdicts), indent=2).decode())
    else:
        for verdict in verdicts:
            for line in _lines(verdict):
                typer.echo(line)
    if not all(verdict.is_equal for verdict in verdicts):
        raise typer.Exit(DIFFERENT)


def _verify(url: str, tokens_file: Path | None, renames: Mapping[str, str]) -> Sequence[Verdict]:
    """Return a verdict for each environment.

    Raises: ServerReadError, SettingsError, StoreUnavailableError, OSError.
    """
    tokens = read_client_tokens(tokens_file)
    missing = missing_database(command_settings())
    if missing:
        raise ServerReadError(missing)
    now = datetime.now(UTC)
    verdicts: list[Verdict] = []
    for token in tokens:
        there = rename_toggles(_body_of(url, token), renames)
        here = with_store(lambda store, there=there, token=token: _own_body(store, there, token))
        try:
            with _progress(token.environment) as on_context:
                verdict = compare_bodies(
                    token.environment,
                    there,
                    here,
                    now=now,
                    contexts=CONTEXTS,
                    on_context=on_context,
                )
        except (AttributeError, KeyError, TypeError, msgspec.ValidationError) as error:
            raise ServerReadError(
                f"{url}{_FEATURES} answers in another form than Unleash servers ({error!r})."
            ) from error
        verdicts.append(verdict)
    return verdicts


def read_client_tokens(file: Path | None) -> Sequence[ClientToken]:
    """Return the client tokens in a file, or in the environment if no file is named.

    Tokens are on separate lines or separated by commas. The environment of a token precedes the
    token and an equals sign, or is the part of the token between the colon and the dot.

    Raises: ServerReadError, OSError.
    """
    content = os.environ.get(TOKENS_VARIABLE, "") if file is None else file.read_text("utf-8")
    tokens: dict[str, ClientToken] = {}
    for part in content.replace(",", "\n").split():
        environment, equals, secret = part.partition("=")
        if not equals:
            secret = part
            _, colon, rest = part.partition(":")
            environment = rest.partition(".")[0] if colon else DEFAULT_ENVIRONMENT
        if environment == _GLOBAL_ENVIRONMENT:
            environment = DEFAULT_ENVIRONMENT
        if environment in tokens:
            raise ServerReadError(
                f"There are two client tokens for the environment '{display(environment)}'."
            )
        tokens[environment] = ClientToken(environment, secret)
    if not tokens:
        raise ServerReadError(
            "The comparison needs a client token of the Unleash server for each environment, in "
            f"{TOKENS_VARIABLE} or in the file that --client-tokens-file names."
        )
    return list(tokens.values())


def _body_of(url: str, token: ClientToken) -> Body:
    """Return the body that SDKs get from the Unleash server.

    Raises: ServerReadError.
    """
    with closing(
        ApiClient(
            url,
            token.secret,
            headers=_HEADERS,
            on_wait=lambda sentence: typer.echo(sentence, err=True),
        )
    ) as client:
        body = client.get(_FEATURES)
    if not isinstance(body, dict) or "features" not in body:
        raise ServerReadError(f"{url}{_FEATURES} answers without features.")
    return cast("Body", body)


async def _own_body(store: Store, there: Body, token: ClientToken) -> Body:
    """Return the body that SDKs get here from a token of the same projects.

    Raises: ServerReadError.
    """
    if token.environment not in store.snapshot.environments:
        raise ServerReadError(
            f"This installation has no environment '{display(token.environment)}'."
        )
    query: Any = there.get("query") or {}
    projects = tuple(name for name in query.get("project") or () if name != "*")
    scope = PayloadScope(token.environment, projects, inline=False)
    cache = PayloadCache()
    await cache.prepare(store.snapshot, scope)
    payload = cache.payload(store.snapshot, scope)
    return json.loads(b"".join(payload.pieces))


@contextmanager
def _progress(environment: str) -> Generator[Callable[[], None]]:
    """Show a progress bar on a terminal. Yield a function that reports a context."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with typer.progressbar(
        length=CONTEXTS, label=f"Contexts of {environment}", file=sys.stderr
    ) as bar:
        yield lambda: bar.update(1)


def _lines(verdict: Verdict) -> Generator[str]:
    where = f"Environment '{display(verdict.environment)}'"
    if verdict.is_equal:
        yield (
            f"{where}: equal. {verdict.evaluations:,} evaluations of {verdict.toggles:,} toggles, "
            "0 different."
        )
        return
    yield f"{where}: different. {verdict.count:,} of {verdict.evaluations:,} evaluations differ."
    for what, names in (
        ("Only the Unleash server has", verdict.only_there),
        ("Only this installation has", verdict.only_here),
    ):
        if names:
            shown = ", ".join(f"'{display(name)}'" for name in names[:_MAX_NAMES])
            more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
            yield f"  {what} the toggles {shown}{more}."
    for difference in verdict.differences:
        yield (
            f"  '{display(difference.toggle)}' is {difference.there} there, and {difference.here} "
            f"here, for {msgspec.json.encode(difference.context).decode()}"
        )
