"""The commands `flagstaff backup` and `flagstaff restore`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flagstaff.settings import Settings


def backup(
    file: Annotated[Path, typer.Argument(help="The new file; it must not exist.")],
) -> None:
    """Write the whole database into a file, while servers run.

    The file contains everything: the configuration, tokens (as hashes), the audit log and usage. It
    can be restored into SQLite and into PostgreSQL.
    """
    from flagstaff.commands.local_store import command_settings, missing_database
    from flagstaff.settings_loading import SettingsError

    settings = command_settings()
    missing = missing_database(settings)
    if missing:
        raise SettingsError(missing)
    rows = asyncio.run(_backup(settings, file))
    typer.echo(f"{sum(rows.values()):,} rows of {len(rows)} tables are in {file}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `flagstaff backup` has written.")],
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Read the restored rows again, and compare them."),
    ] = False,
) -> None:
    """Restore a backup into an empty database.

    The file is checked first. Nothing is written if the file is damaged, or if the database has any
    content.
    """
    from flagstaff.commands.local_store import command_settings

    rows = asyncio.run(_restore(command_settings(), file, verify=verify))
    verified = " and compared" if verify else ""
    typer.echo(f"{sum(rows.values()):,} rows of {len(rows)} tables are restored{verified}.")


async def _backup(settings: "Settings", file: Path) -> dict[str, int]:
    from flagstaff import __version__
    from store.backup.writing import write_backup
    from store.database import Database

    database = Database(settings.database_url)
    try:
        await database.check()
        return await write_backup(database, file, server=__version__)
    finally:
        await database.close()


async def _restore(settings: "Settings", file: Path, *, verify: bool) -> dict[str, int]:
    from store.backup.restoring import restore_backup
    from store.database import Database

    database = Database(settings.database_url)
    try:
        await database.check()
        return await restore_backup(database, file, verify=verify)
    finally:
        await database.close()
