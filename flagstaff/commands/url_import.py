"""Import the configuration and the tokens of a running Unleash server over its admin API."""

import asyncio
import os
import re
import sys
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer

from flagstaff.commands.document_files import ImportOptions, source_with_renames
from flagstaff.commands.local_store import OPERATOR, command_settings, with_store
from flagstaff.commands.server_reports import describe_tokens
from flagstaff.commands.transfer import Outcome, fail_with, import_document, print_outcome
from flagstaff.garbage import rare_collections
from flagstaff.unleash_server.client import ApiClient
from flagstaff.unleash_server.errors import ServerReadError
from flagstaff.unleash_server.reading import ServerAnswers, ServerReader
from flagstaff.unleash_server.spool import Spool
from store import Store
from store.errors import Refusal
from store.operations.messages import format_count
from store.transfer.renaming import rename_toggles
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.server_answers import token_rows
from store.transfer.unleash.server_tokens import TokenResult, import_tokens

TOKEN_VARIABLE = "UNLEASH_TOKEN"


@rare_collections()
def run_url_import(url: str, token_file: Path | None, options: ImportOptions) -> None:
    """Import a running Unleash server. Print warnings, what is not taken, and a summary.

    Answers are kept in a file until the import is complete. If the command is repeated, it reads
    only what is missing in the file.

    Raises: typer.Exit for content that cannot be imported, ServerReadError, SettingsError,
        StoreUnavailableError, OSError.
    """
    command_settings()
    token = token_of(token_file)
    now = datetime.now(UTC)
    with (
        closing(ApiClient(url, token, on_wait=_print_wait)) as client,
        Spool(_spool_file(client.url), client.url, now) as spool,
    ):
        if spool.resumed:
            typer.echo(
                f"Going on with {format_count(spool.resumed, 'answer')} of "
                f"{spool.began_at:%H:%M} UTC in {spool.file}. To read everything again, delete "
                "this file.",
                err=True,
            )
        answers = _read(client, spool)
    typer.echo(
        f"Read {format_count(answers.toggles, 'toggle')} from Unleash {answers.version} at "
        f"{client.url}."
    )
    rows, hidden = token_rows(answers.tokens or ())
    try:
        source = source_with_renames(answers.state, options.renames)
        outcome, tokens = with_store(lambda store: _import(store, source.value, rows, options))
    except Refusal as refusal:
        fail_with(refusal, rename_toggles(answers.state, options.renames))
    print_outcome(outcome, options, source.warnings)
    for sentence in tokens.left_out:
        typer.echo(sentence, err=True)
    for sentence in _report(answers, tokens, hidden, dry_run=options.dry_run):
        typer.echo(sentence)
    if not options.dry_run:
        spool.delete()


def token_of(token_file: Path | None) -> str:
    """Return the token in a file, or in the environment if no file is named.

    Raises: ServerReadError, OSError.
    """
    if token_file is not None:
        return token_file.read_text("utf-8").strip()
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        raise ServerReadError(
            f"The command needs an admin token of the server, in {TOKEN_VARIABLE} or in the file "
            "that --token-file names."
        )
    return token


def _spool_file(url: str) -> Path:
    """Return the file in the current folder with the answers of a server."""
    parts = urlsplit(url)
    name = re.sub(r"[^\w.]+", "-", f"{parts.netloc.rpartition('@')[2]}{parts.path}")
    return Path(f"unleash-{name}.jsonl")


def _read(client: ApiClient, spool: Spool) -> ServerAnswers:
    bar = _Bar()
    try:
        return ServerReader(client, spool, bar).read()
    except ServerReadError as error:
        if not len(spool):
            spool.delete()
            raise
        raise ServerReadError(
            f"{error} The answers so far are in {spool.file}: repeat the command to go on."
        ) from error
    finally:
        bar.end()


async def _import(
    store: Store, state: dict[str, Any], rows: list[dict[str, Any]], options: ImportOptions
) -> tuple[Outcome, TokenResult]:
    document = await asyncio.to_thread(unleash_document_of, state)
    outcome = await import_document(store, document, options)
    if options.dry_run:
        return outcome, TokenResult(len(rows), ())
    async with store.write(OPERATOR) as work:
        return outcome, await import_tokens(work, rows)


def _report(
    answers: ServerAnswers, tokens: TokenResult, hidden: int, *, dry_run: bool
) -> Generator[str]:
    """Yield sentences about the tokens, and about what is not taken."""
    if answers.tokens is None:
        yield "The token may not read API tokens, so none are imported."
    elif not answers.tokens:
        yield "The server shows no API tokens."
    else:
        yield from describe_tokens("The server shows", tokens, dry_run=dry_run)
    if hidden:
        count = format_count(hidden, "API token")
        yield f"Not taken, because the server does not show the secret: {count}."
    if answers.applications:
        count = format_count(answers.applications, "application")
        yield f"Not taken, because applications register here themselves: {count}."
    yield "Not taken: users, roles, change requests, integrations and the history."


class _Bar:
    """A progress bar, which is shown only on a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def begin(self, count: int) -> None:
        if sys.stderr.isatty():
            self._bar = typer.progressbar(length=count, label="Reading toggles", file=sys.stderr)
            self._bar.__enter__()

    def advance(self) -> None:
        if self._bar is not None:
            self._bar.update(1)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def _print_wait(sentence: str) -> None:
    typer.echo(sentence, err=True)
