"""The command line: `flagstaff serve | migrate | schema | token | import | export`."""

import asyncio
import gc
import sys
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import DBAPIError

from flagstaff import __version__
from flagstaff.documents import export_file, import_file
from flagstaff.local_store import OPERATOR, command_settings, missing_database, with_store
from flagstaff.logs import redact
from flagstaff.schema_command import schema
from flagstaff.settings import Settings, SettingsError, load_settings
from store import Store
from store.database import Database
from store.errors import Refusal, StoreUnavailableError
from store.migrations import current_migration, migrate, missing_migrations, newest_migration
from store.model import ApiToken, ApiTokenType
from store.operations.tokens import create_token, revoke_token

FAILED = 1
MISUSED = 2

app = typer.Typer(
    name="flagstaff",
    help="A GraphQL gateway over feature toggles that every Unleash SDK can talk to.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
token_app = typer.Typer(
    help="API tokens, in the configured database.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(token_app, name="token")


def main() -> None:
    """Run the command line; what goes wrong is one line each on standard error."""
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
    """Read settings from FLAGSTAFF_* variables; docs/configuration.md lists them."""
    if version:
        typer.echo(f"flagstaff {__version__}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; wins over FLAGSTAFF_HOST.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; wins over FLAGSTAFF_PORT.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with an example installation.")
    ] = False,
) -> None:
    """Serve GraphQL, and REST for Unleash SDKs, until SIGINT, SIGTERM or SIGHUP."""
    # Both edges take a second to import, which the other commands need not wait for; a third more
    # if what has come to stay were looked through for garbage meanwhile.
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
    """Bring the database's tables to this version; `serve` does it by itself."""
    settings = command_settings()
    if check:
        problem = missing_database(settings) or asyncio.run(_outdated(settings))
        if problem:
            _fail(problem)
        typer.echo("The database is up to date.")
    else:
        typer.echo(f"The database is at migration {asyncio.run(_migrate(settings))}.")


app.command()(schema)
app.command(name="import")(import_file)
app.command(name="export")(export_file)


@token_app.command("create")
def token_create(
    name: Annotated[str, typer.Option(help="What the token is for.")],
    type: Annotated[ApiTokenType, typer.Option(help="What its holder may do.")],
    environment: Annotated[
        str | None,
        typer.Option(help="Of client and frontend tokens: the environment they read."),
    ] = None,
    project: Annotated[
        list[str] | None,
        typer.Option(help="Of client and frontend tokens: a project they read; may be repeated."),
    ] = None,
    expires_at: Annotated[
        datetime | None,
        typer.Option(
            help="When it stops working, in UTC unless an offset is given.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
        ),
    ] = None,
) -> None:
    """Create a token and print it; it cannot be shown again."""

    async def create(store: Store) -> str:
        async with store.write(OPERATOR) as work:
            _, secret = await create_token(
                work,
                name=name,
                type=type,
                environment=environment,
                projects=project or (),
                expires_at=_aware(expires_at),
            )
        return secret

    typer.echo(with_store(create))


@token_app.command("list")
def token_list() -> None:
    """List the tokens, oldest first; the secrets themselves are not known to anybody."""

    async def read(store: Store) -> list[list[str]]:
        tokens = sorted(store.snapshot.tokens.values(), key=lambda it: (it.created_at, it.id))
        return [_described(store, token) for token in tokens]

    header = ["ID", "TYPE", "ENVIRONMENT", "PROJECTS", "NAME", "TOKEN", "EXPIRES", "LAST USED"]
    rows = [header, *with_store(read)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


@token_app.command("revoke")
def token_revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="The ID that `list` shows.")],
    children: Annotated[
        bool,
        typer.Option("--children", help="Revoke the tokens created with it, too."),
    ] = False,
) -> None:
    """Revoke a token; it stops working within a second."""

    async def revoke(store: Store) -> ApiToken:
        async with store.write(OPERATOR) as work:
            return await revoke_token(work, token_id, revoke_children=children)

    typer.echo(f"Token '{with_store(revoke).name}' is revoked.")


async def _migrate(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        await database.check()
        return await migrate(database)
    finally:
        await database.close()


async def _outdated(settings: Settings) -> str | None:
    """How the database falls short of this version, None if it does not."""
    database = Database(settings.database_url)
    try:
        await database.check()
        current, newest = await current_migration(database), newest_migration()
        if current != newest:
            return f"The database is at migration {current}, this version needs {newest}."
        differences = await missing_migrations(database)
        if differences:
            return f"The tables differ from those of this version: {differences}"
        return None
    finally:
        await database.close()


def _described(store: Store, token: ApiToken) -> list[str]:
    return [
        token.id,
        token.type,
        token.environment or "*",
        ",".join(token.projects) or "*",
        token.name,
        f"…{token.hint}" if token.hint else "",
        _day(token.expires_at),
        _day(store.token_use.last_used_at(token.id)),
    ]


def _day(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M") if time else "never"


def _aware(time: datetime | None) -> datetime | None:
    if time is None:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _reason(error: BaseException) -> str:
    """What the database driver said, on the same line."""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    said = getattr(cause, "orig", None) or cause
    return f" ({' '.join(redact(str(said)).split())})" if said else ""


def _fail(*problems: str, status: int = FAILED) -> NoReturn:
    for problem in problems:
        typer.echo(problem, err=True)
    sys.exit(status)
