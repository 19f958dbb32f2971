"""Import the database of an Unleash server, or undo such an import."""

import asyncio
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import sqlalchemy as sa
import typer
from msgspec import Struct, structs

from flagstaff.commands.document_files import source_with_renames
from flagstaff.commands.local_store import OPERATOR, command_settings, with_store
from flagstaff.commands.server_reports import (
    describe_copy,
    describe_left_out,
    describe_removal,
    describe_tokens,
)
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
from store.operations.messages import format_count
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
    """The imported configuration and tokens. On a dry run, there is no `server_import`.

    `locked_s` is the longest time for which other writers had to wait, in seconds.
    """

    outcome: Outcome
    tokens: TokenResult
    server_import: ServerImport | None = None
    locked_s: float = 0.0


@rare_collections()
def run_server_import(source: ServerSource, options: ImportOptions) -> None:
    """Import an Unleash database. Print warnings, what is not taken, and a summary.

    The configuration becomes visible in one transaction, and the tokens in the next one. The
    history, the applications and the counts follow in small transactions. If the command is
    repeated, it imports only what is missing or differs.

    Raises: typer.Exit for a database that cannot be imported, SettingsError, StoreUnavailableError.
    """
    command_settings()
    began = monotonic()
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
    for sentence in configured.tokens.left_out:
        typer.echo(sentence, err=True)
    for sentence in describe_tokens("The database has", configured.tokens, dry_run=options.dry_run):
        typer.echo(sentence)
    if configured.server_import is None:
        typer.echo(f"The database has {format_count(content.events, 'event of the history')}.")
    else:
        copied = _copy(source, content, configured.server_import, options)
        _print_copy(copied, configured.server_import)
        locked_s = max(configured.locked_s, copied.longest_s)
        typer.echo(
            f"The import took {monotonic() - began:.1f} seconds, and locked out other writers for "
            f"at most {locked_s:.2f} seconds at a time."
        )
        typer.echo(
            "To remove the history, the applications and the counts again: "
            f"flagstaff import --undo {configured.server_import.id}"
        )
    for what, count in content.not_taken.items():
        typer.echo(f"Not taken: {format_count(count, what)}.")
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
    for sentence in describe_removal(removed):
        typer.echo(sentence)


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
        locked_at = monotonic()
        tokens = await import_tokens(work, content.tokens)
    locked_s = max(outcome.locked_s, monotonic() - locked_at)
    return Configured(outcome, tokens, server_import, locked_s)


def _copy(
    source: ServerSource,
    content: ServerContent,
    server_import: ServerImport,
    options: ImportOptions,
) -> CopyResult:
    """Import the history, the applications and the counts.

    Raises: StoreUnavailableError.
    """

    async def copy(store: Store) -> CopyResult:
        with _progress(content.events) as on_rows:
            return await copy_server(
                store, server_import, source.url, source.schema, options.renames, on_rows
            )

    try:
        return with_store(copy, url=_target_of(source))
    except StoreUnavailableError:
        typer.echo(
            "The configuration and the tokens are imported. Repeat the command to continue with "
            "the history, the applications and the counts.",
            err=True,
        )
        raise


def _print_copy(copied: CopyResult, server_import: ServerImport) -> None:
    for sentence in describe_copy(copied):
        typer.echo(sentence)
    for sentence in describe_left_out(
        copied.left_out, has_history=server_import.events_through is not None
    ):
        typer.echo(sentence, err=True)


@contextmanager
def _progress(events: int) -> Generator[Callable[[int], None]]:
    """Show a progress bar on a terminal. Yield a function that reports imported rows."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with typer.progressbar(length=events, label="History", file=sys.stderr) as bar:
        yield bar.update
