"""Import the configuration and the tokens from the database of an Unleash server."""

import asyncio
from importlib import import_module
from typing import Any

import sqlalchemy as sa
import typer
from msgspec import Struct

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
from store.transfer.unleash.checking import unleash_document_of
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


@rare_collections()
def run_server_import(source: ServerSource, options: ImportOptions) -> None:
    """Import an Unleash database. Print warnings, what is not taken, and a summary.

    The configuration becomes visible in one transaction, and the tokens in the next one. If the
    command is repeated, it imports only what is missing or differs.

    Raises: typer.Exit for a database that cannot be imported, SettingsError, StoreUnavailableError.
    """
    command_settings()
    target = url_with_schema(source.url) if source.same_database else None
    try:
        content = asyncio.run(read_server_database(source.url, schema=source.schema))
        typer.echo(
            f"Read an Unleash database with the newest migration {content.newest_migration}."
        )
        if target is not None:
            asyncio.run(_create_schema(source.url))
        outcome, tokens = with_store(lambda store: _import(store, content, options), url=target)
    except Refusal as refusal:
        fail_with(refusal)
    print_outcome(outcome, options)
    _print_tokens(tokens, dry_run=options.dry_run)
    for what, count in content.not_taken.items():
        typer.echo(f"Not taken: {count:,} {what}.")
    if target is not None:
        shown = sa.make_url(target).render_as_string(hide_password=True)
        typer.echo(f"Start the server with FLAGSTAFF_DATABASE_URL={shown}")


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


async def _import(
    store: Store, content: ServerContent, options: ImportOptions
) -> tuple[Outcome, TokenResult]:
    document = await asyncio.to_thread(unleash_document_of, content.state)
    outcome = await import_document(store, document, options)
    if options.dry_run:
        return outcome, TokenResult(len(content.tokens), ())
    async with store.write(OPERATOR) as work:
        return outcome, await import_tokens(work, content.tokens)


def _print_tokens(tokens: TokenResult, *, dry_run: bool) -> None:
    for sentence in tokens.left_out:
        typer.echo(sentence, err=True)
    count = f"{tokens.imported:,} API token{'' if tokens.imported == 1 else 's'}"
    typer.echo(f"The database has {count}." if dry_run else f"Imported {count} with their secrets.")
