"""The command `flagstaff migrate`: migrate the database, or check that it is up to date."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flagstaff.settings import Settings

FAILED = 1


def migrate_database(
    check: Annotated[
        bool,
        typer.Option("--check", help="Only check the database: fail if it is not up to date."),
    ] = False,
) -> None:
    """Migrate the database to this version. The command `serve` also migrates at start."""
    from flagstaff.commands.local_store import command_settings, missing_database

    settings = command_settings()
    if check:
        problem = missing_database(settings) or asyncio.run(_find_outdated(settings))
        if problem:
            typer.echo(problem, err=True)
            raise typer.Exit(FAILED)
        typer.echo("The database is up to date.")
    else:
        typer.echo(f"The database is at migration {asyncio.run(_migrate(settings))}.")


async def _migrate(settings: "Settings") -> str:
    from store.database import Database
    from store.migrations import migrate

    database = Database(settings.database_url)
    try:
        await database.check()
        return await migrate(database)
    finally:
        await database.close()


async def _find_outdated(settings: "Settings") -> str | None:
    """Return a sentence if the database differs from this version, otherwise None."""
    from store.database import Database
    from store.migrations import current_migration, newest_migration
    from store.migrations.scripts import find_differences

    database = Database(settings.database_url)
    try:
        await database.check()
        current, newest = await current_migration(database), newest_migration()
        if current != newest:
            return f"The database is at migration {current}; this version needs {newest}."
        differences = await find_differences(database)
        if differences:
            return f"The tables differ from this version: {differences}"
        return None
    finally:
        await database.close()
