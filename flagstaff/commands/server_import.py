"""Import the database of an Unleash server, or undo such an import."""

import asyncio
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
import typer
from msgspec import Struct, structs

from flagstaff.commands.document_files import source_with_renames
from flagstaff.commands.local_store import OPERATOR, command_settings, with_store
from flagstaff.commands.transfer import (
    ImportOptions,
    Outcome,
    fail_with,
    import_document,
    print_outcome,
)
from flagstaff.garbage import rare_collections
from store import Store
from store.database_url import async_url
from store.errors import Refusal, StoreUnavailableError
from store.postgresql import Connector
from store.transfer.renaming import rename_toggles
from store.transfer.server_imports import ServerImport, begin_import, forget_import
from store.transfer.undoing_imports import undo_import
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.server_copy import CopyResult, copy_server
from store.transfer.unleash.server_database import ServerContent, read_server_database
from store.transfer.unleash.server_tokens import TokenResult, import_tokens

# The schema of Flagstaff's tables in a database that Unleash uses, too.
OWN_SCHEMA = "flagstaff"


class ServerSource(Struct, frozen=True):
    """The database of an Unleash server, and the schema of its tables.

    If `same_database`, Flagstaff's tables are created in another schema of this database.
    """

    url: str
    schema: str | None
    same_database: bool


class Configured(Struct, frozen=True):
    """The imported configuration and tokens. On a dry run, there is no `server_import`."""

    outcome: Outcome
    tokens: TokenResult
    server_import: ServerImport | None = None


@rare_collections()
def run_server_import(source: ServerSource, options: ImportOptions) -> None:
    """Import an Unleash database. Print warnings, what is not taken, and a summary.

    The configuration becomes visible in one transaction, and the tokens in the next one. The
    history, the applications and the counts follow in small transactions. If the command is
    repeated, it imports only what is missing or differs.

    Raises: typer.Exit for a database that cannot be imported, SettingsError, StoreUnavailableError.
    """
    command_settings()
    try:
        content = asyncio.run(read_server_database(source.url, schema=source.schema))
        typer.echo(
            f"Read an Unleash database with the newest migration {content.newest_migration}."
        )
    except Refusal as refusal:
        fail_with(refusal)
    try:
        renamed = source_with_renames(content.state, options.renames)
        configured = _configure(source, structs.replace(content, state=renamed.value), options)
    except Refusal as refusal:
        fail_with(refusal, rename_toggles(content.state, options.renames))
    print_outcome(configured.outcome, options, renamed.warnings)
    _print_tokens(configured.tokens, dry_run=options.dry_run)
    if configured.server_import is None:
        typer.echo(f"The database has {content.events:,} events of the history.")
    else:
        _copy(source, content, configured.server_import)
    for what, count in content.not_taken.items():
        typer.echo(f"Not taken: {count:,} {what}.")
    if source.same_database and not options.dry_run:
        shown = sa.make_url(url_with_schema(source.url)).render_as_string(hide_password=True)
        typer.echo(f"Start the server with FLAGSTAFF_DATABASE_URL={shown}")


def run_undo(import_id: str) -> None:
    """Remove what an import has brought, except the configuration and the tokens.

    Raises: typer.Exit for an unknown import, SettingsError, StoreUnavailableError.
    """
    try:
        removed = with_store(lambda store: undo_import(store, import_id))
    except Refusal as refusal:
        fail_with(refusal)
    typer.echo(
        f"Removed {removed.events:,} events, {removed.applications:,} applications and "
        f"{removed.counts:,} rows of counts."
    )
    if removed.remaining_applications:
        typer.echo(
            f"{removed.remaining_applications:,} applications remain, because they have reported "
            "to this server since."
        )
    typer.echo(
        "The configuration and the API tokens remain. The change set of the import can be undone "
        "in the console, and tokens can be revoked."
    )


def url_with_schema(url: str) -> str:
    """Return a PostgreSQL URL whose connections use Flagstaff's schema."""
    parsed = sa.make_url(async_url(url)).set(drivername="postgresql")
    parsed = parsed.update_query_dict({"options": f"-csearch_path={OWN_SCHEMA}"})
    return parsed.render_as_string(hide_password=False)


async def _create_schema(url: str) -> None:
    errors: Any = import_module("asyncpg")
    connection = await Connector(sa.make_url(async_url(url))).connect()
    try:
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {OWN_SCHEMA}")
    except errors.PostgresError as error:
        raise StoreUnavailableError("The schema for Flagstaff cannot be created.") from error
    finally:
        connection.terminate()


def _configure(source: ServerSource, content: ServerContent, options: ImportOptions) -> Configured:
    """Import the configuration and the tokens, or only try to.

    Raises: Refusal.
    """
    if not options.dry_run:
        if source.same_database:
            asyncio.run(_create_schema(source.url))
        return with_store(lambda store: _import(store, content, options), url=_target_of(source))

    async def run(store: Store) -> Configured:
        outcome = await _import_configuration(store, content, options)
        return Configured(outcome, TokenResult(len(content.tokens), ()))

    if not source.same_database or asyncio.run(_has_own_tables(source.url)):
        return with_store(run, url=_target_of(source))
    # A dry run must not create the tables in the same database.
    with TemporaryDirectory() as folder:
        return with_store(run, url=f"sqlite:///{Path(folder) / 'empty.db'}")


def _target_of(source: ServerSource) -> str | None:
    """Return the URL of the database to import into, None for the configured database."""
    return url_with_schema(source.url) if source.same_database else None


async def _has_own_tables(url: str) -> bool:
    connection = await Connector(sa.make_url(async_url(url))).connect()
    try:
        found = await connection.fetchval(f"SELECT to_regclass('{OWN_SCHEMA}.server_state')::text")
    finally:
        connection.terminate()
    return found is not None


async def _import_configuration(
    store: Store, content: ServerContent, options: ImportOptions
) -> Outcome:
    document = await asyncio.to_thread(unleash_document_of, content.state)
    return await import_document(store, document, options)


async def _import(store: Store, content: ServerContent, options: ImportOptions) -> Configured:
    server_import = await begin_import(store, content.source, content.last_event)
    try:
        outcome = await _import_configuration(store, content, options)
    except BaseException:
        if server_import.is_new:
            await forget_import(store, server_import.id)
        raise
    async with store.write(OPERATOR) as work:
        tokens = await import_tokens(work, content.tokens)
    return Configured(outcome, tokens, server_import)


def _copy(source: ServerSource, content: ServerContent, server_import: ServerImport) -> None:
    """Import the history, the applications and the counts. Print what was imported.

    Raises: StoreUnavailableError.
    """

    async def copy(store: Store) -> CopyResult:
        with _progress(content.events) as on_rows:
            return await copy_server(store, server_import, source.url, source.schema, on_rows)

    try:
        copied = with_store(copy, url=_target_of(source))
    except StoreUnavailableError:
        typer.echo(
            "The configuration and the tokens are imported. Repeat the command to continue with "
            "the history, the applications and the counts.",
            err=True,
        )
        raise
    typer.echo(
        f"Imported {copied.events:,} events of the history, {copied.applications:,} applications, "
        f"{copied.counts:,} rows of counts and {copied.last_uses:,} times of last use."
    )
    through = server_import.events_through
    if through is None and content.events:
        typer.echo(
            f"Left out: {content.events:,} events of the history, because this installation had "
            "events of its own.",
            err=True,
        )
    elif through is not None and through < content.last_event:
        typer.echo(
            "Left out: the events that the Unleash server has recorded since the first import.",
            err=True,
        )
    typer.echo(
        "To remove the history, the applications and the counts again: "
        f"flagstaff import --undo {server_import.id}"
    )


@contextmanager
def _progress(events: int) -> Generator[Callable[[int], None]]:
    """Show a progress bar on a terminal. Yield a function that reports imported rows."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with typer.progressbar(length=events, label="History", file=sys.stderr) as bar:
        yield bar.update


def _print_tokens(tokens: TokenResult, *, dry_run: bool) -> None:
    for sentence in tokens.left_out:
        typer.echo(sentence, err=True)
    count = f"{tokens.imported:,} API token{'' if tokens.imported == 1 else 's'}"
    typer.echo(f"The database has {count}." if dry_run else f"Imported {count} with their secrets.")
