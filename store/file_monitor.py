"""Monitor an SQLite file, and react if the file disappears, reappears or is replaced."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress

from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.background import Periodic
from store.database import Database
from store.database_file import DatabaseFile, FileProblem, check_file, existing_file_uri
from store.errors import StoreUnavailableError
from store.migrations import migrate
from store.rows import ServerStateRow

MONITOR_INTERVAL_S = 0.5
CHECK_INTERVAL_S = 86_400.0

_STATE = table_of(ServerStateRow)
_log = logging.getLogger(__name__)


class FileMonitor:
    """Checks the file twice a second; does nothing on PostgreSQL.

    If the file reappears, it is used again. If another file of the same installation replaces the
    file, such as a backup, the new file is opened and loaded. A file of another installation is
    refused. `installation` returns the id of the installation in memory, `begin_history` takes an
    unused revision, and `load` reloads everything.
    """

    def __init__(
        self,
        database: Database,
        *,
        installation: Callable[[], str],
        begin_history: Callable[[AsyncConnection], Awaitable[None]],
        load: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._installation = installation
        self._begin_history = begin_history
        self._load = load
        self._problem: FileProblem | None = None
        self._refusal: str | None = None
        # Whether the file at the path may contain pages of the previous file.
        self._mixed = False
        self._task = Periodic("Monitoring the database file", MONITOR_INTERVAL_S, self.look)
        self._checks = Periodic(
            "Checking the database file", CHECK_INTERVAL_S, self.check, at_once=True
        )

    @property
    def problem(self) -> str | None:
        """The problem with the file, as a sentence; None if there is none."""
        file = self._database.file
        problem = file.problem if file is not None else None
        if problem is None:
            damage = self._database.damage
            return None if damage is None else f"The database file is damaged: {damage}."
        return self._refusal or f"{problem.value}."

    def start(self) -> None:
        """Start monitoring in the background."""
        if self._database.file is not None:
            self._task.start()
            self._checks.start()

    async def close(self) -> None:
        """Stop monitoring. Closing again does nothing."""
        await self._checks.close()
        await self._task.close()
        file = self._database.file
        if file is not None:
            await asyncio.to_thread(file.observe)
            if file.problem is FileProblem.OVERWRITTEN:
                # Without the copy, SQLite would write the log into the file when the last
                # connection is closed.
                with suppress(OSError):
                    await asyncio.to_thread(file.detach)
                    file.set_old_log_aside()

    async def check(self) -> None:
        """Check all pages of the file with SQLite."""
        file = self._database.file
        if file is None or file.problem is not None:
            return
        try:
            damage = await asyncio.to_thread(check_file, file.path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise StoreUnavailableError("The file cannot be checked at the moment.") from error
            damage = str(error)
        if damage is not None and file.problem is None:
            self._database.note_damage(damage)

    async def look(self) -> None:
        """Detect what happened to the file, and recover where possible."""
        file = self._database.file
        if file is None:
            return
        await asyncio.to_thread(file.observe)
        if file.needs_checkpoint:
            with suppress(StoreUnavailableError):
                done = await self._database.checkpoint()
                file.note_checkpoint(done.pages, done.copied)
        problem = file.problem
        if problem is FileProblem.MISSING:
            await self._save_log()
        if problem is not self._problem:
            if problem is None:
                _log.warning("The database file '%s' is back: changes are stored again", file.path)
            else:
                _log.error(
                    "%s ('%s'): changes are refused until it reappears", problem.value, file.path
                )
            self._problem, self._refusal = problem, None
        if problem is FileProblem.LOG_MISSING:
            await self._open_anew(file)
        elif problem is FileProblem.OVERWRITTEN and file.is_finished:
            await self._detach(file)
        elif problem is FileProblem.REPLACED:
            await self._save_log()
            await self._adopt(file)

    async def _save_log(self) -> bool:
        """Checkpoint the log into the open file, even if the file was moved.

        On failure, return False.
        """
        try:
            return await self._database.empty_log()
        except StoreUnavailableError:
            return False

    async def _open_anew(self, file: DatabaseFile) -> None:
        """Open the same file with a new log, after the old log is checkpointed."""
        if await self._save_log():
            file.set_old_log_aside()
            await self._reconnect(file)

    async def _detach(self, file: DatabaseFile) -> None:
        """Open the content that another program wrote to the file, without the previous log.

        The log is renamed and not deleted, because it may be the only copy of some changes.
        """
        try:
            await asyncio.to_thread(file.detach)
        except OSError as error:
            self._refuse(file, f"The file cannot be copied: {error.strerror}.")
            return
        self._problem, self._mixed = FileProblem.REPLACED, True
        await self._adopt(file)

    async def _adopt(self, file: DatabaseFile) -> None:
        """Open another file of the same installation."""
        file.set_old_log_aside()
        refusal = await asyncio.to_thread(
            _reason_to_refuse, file.path, self._installation(), indexes=self._mixed
        )
        if refusal is not None:
            self._refuse(file, refusal)
            return
        await self._prepare()
        file.distrust()
        await self._reconnect(file)

    def _refuse(self, file: DatabaseFile, refusal: str) -> None:
        if refusal != self._refusal:
            _log.error("The new database file '%s' is not used: %s", file.path, refusal)
        self._refusal = refusal

    async def _prepare(self) -> None:
        """Migrate the new file, and continue the history of the file at unused revisions."""
        other = Database(self._database.url.render_as_string(hide_password=False))
        try:
            await migrate(other)
            async with other.begin_write() as connection:
                await self._begin_history(connection)
        finally:
            await other.close()

    async def _reconnect(self, file: DatabaseFile) -> None:
        async with self._database.reconnect():
            await self._load()
            file.trust()
        self._refusal, self._mixed = None, False


def _reason_to_refuse(path: str, installation_id: str, *, indexes: bool) -> str | None:
    """Return the reason why a file cannot replace the installation's database; None if it can."""
    try:
        with closing(sqlite3.connect(existing_file_uri(path), uri=True, timeout=2)) as connection:
            (found,) = connection.execute(f"SELECT installation_id FROM {_STATE.name}").fetchone()
        if found != installation_id:
            return "The file is the database of another installation."
        damage = check_file(path, indexes=indexes)
    except (sqlite3.Error, TypeError) as error:
        return f"The file is damaged, or not a database of Flagstaff ({error})."
    return None if damage is None else f"The file is damaged: {damage}."
