"""The command line: `flagstaff serve | migrate | schema | token | import | export`."""

import asyncio
import gc
import sys
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import DBAPIError

from flagstaff import __version__
from flagstaff.commands.documents import export_file, import_file
from flagstaff.commands.local_store import command_settings, missing_database
from flagstaff.commands.schema import schema
from flagstaff.commands.tokens import token_app
from flagstaff.logs import redact
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError, load_settings
from store.database import Database
from store.errors import Refusal, StoreUnavailableError
from store.migrations import current_migration, migrate, missing_migrations, newest_migration

FAILED = 1
MISUSED = 2

app = typer.Typer(
    name="flagstaff",
    help="A feature toggle server with a GraphQL API, compatible with every Unleash SDK.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(token_app, name="token")


def main() -> None:
    """Run the command line, and print errors as one line each on standard error."""
    try:
        app()
    except SettingsError as error:
        _fail(*error.problems, status=MISUSED)
    except Refusal as refusal:
        _fail(*(error.message for error in refusal.errors))
    except StoreUnavailableError as error:
        _fail(f"{error}{_reason(error)}")
    except DBAPIError as error:
        _fail(f"The database cannot be used.{_reason(error)}")
    except OSError as error:
        _fail(str(error))


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Settings are read from FLAGSTAFF_* variables; docs/configuration.md lists them."""
    if version:
        typer.echo(f"flagstaff {__version__}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; overrides FLAGSTAFF_HOST.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; overrides FLAGSTAFF_PORT.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with an example installation.")
    ] = False,
) -> None:
    """Serve GraphQL, and REST for Unleash SDKs.

    The server stops on SIGINT, SIGTERM or SIGHUP.
    """
    # Importing both edges takes a second, so other commands skip the import. Garbage collection
    # would add a third to that time, although imported modules are not garbage.
    gc.disable()
    try:
        from flagstaff.server import AddressError
        from flagstaff.server import serve as run_server
    finally:
        gc.enable()

    try:
        run_server(load_settings(host=host, port=port), demo=demo)
    except AddressError as error:
        _fail(str(error))


@app.command(name="migrate")
def migrate_database(
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; fail unless the database is up to date."),
    ] = False,
) -> None:
    """Migrate the database to this version; `serve` does so at start."""
    settings = command_settings()
    if check:
        problem = missing_database(settings) or asyncio.run(_find_outdated(settings))
        if problem:
            _fail(problem)
        typer.echo("The database is up to date.")
    else:
        typer.echo(f"The database is at migration {asyncio.run(_migrate(settings))}.")


app.command()(schema)
app.command(name="import")(import_file)
app.command(name="export")(export_file)


async def _migrate(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        await database.check()
        return await migrate(database)
    finally:
        await database.close()


async def _find_outdated(settings: Settings) -> str | None:
    """Return a sentence if the database differs from this version, otherwise None."""
    database = Database(settings.database_url)
    try:
        await database.check()
        current, newest = await current_migration(database), newest_migration()
        if current != newest:
            return f"The database is at migration {current}; this version needs {newest}."
        differences = await missing_migrations(database)
        if differences:
            return f"The tables differ from this version: {differences}"
        return None
    finally:
        await database.close()


def _reason(error: BaseException) -> str:
    """Return the database driver's message on one line, in parentheses."""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    driver_error = getattr(cause, "orig", None) or cause
    return f" ({' '.join(redact(str(driver_error)).split())})" if driver_error else ""


def _fail(*problems: str, status: int = FAILED) -> NoReturn:
    for problem in problems:
        typer.echo(problem, err=True)
    sys.exit(status)
