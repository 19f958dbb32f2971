"""Start without a database: serve from the snapshot file until the database can be reached."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic

from store.current_state import CurrentState
from store.database import Database
from store.errors import StoreUnavailableError, reason
from store.snapshot_file.format import SnapshotFileError, read_file
from store.snapshot_file.keeping import SnapshotFile

RETRY_S = 1.0

_log = logging.getLogger(__name__)


class ColdStart:
    """Waits for the database, and calls `connect` until it succeeds.

    `problem` is a sentence while the database has not been reached, otherwise None. `connected` is
    set when the database has been reached.
    """

    def __init__(
        self,
        file: SnapshotFile | None,
        database: Database,
        state: CurrentState,
        clock: Callable[[], datetime],
        connect: Callable[[], Awaitable[None]],
    ) -> None:
        self.problem: str | None = None
        self.connected = asyncio.Event()
        self._file = file
        self._database = database
        self._state = state
        self._clock = clock
        self._connect = connect
        self._task: asyncio.Task[None] | None = None

    def begin(self, cause: StoreUnavailableError) -> bool:
        """Load the file, and start to wait for the database; return False without a usable file.

        `cause` says why the database is unavailable.
        """
        if self._file is None:
            return False
        path = self._file.path
        try:
            header, snapshot = read_file(path, self._file.database)
        except SnapshotFileError as error:
            _log.error("The snapshot file '%s' %s, so it is not used", path, error)
            return False
        except OSError as error:
            _log.error("The snapshot file '%s' cannot be read: %s", path, error.strerror)
            return False
        age_s = max((self._clock() - header.saved_at).total_seconds(), 0.0)
        self._state.restore(
            snapshot,
            installation_id=header.installation_id,
            mark=header.mark,
            newest_event=header.newest_event,
            checked_at=monotonic() - age_s,
        )
        self._database.hold_back()
        self._database.available = False
        self.problem = (
            "The database has not been reached since the start. Toggles are served from the "
            f"snapshot file of {header.saved_at:%Y-%m-%d %H:%M:%S} UTC."
        )
        _log.error(
            "The database is unavailable (%s): toggles are served from the snapshot file '%s', "
            "which has revision %d of %s UTC. Changes and reports are refused until the database "
            "is available",
            reason(cause),
            path,
            header.revision,
            f"{header.saved_at:%Y-%m-%d %H:%M:%S}",
        )
        self._task = asyncio.create_task(self._wait(), name="Waiting for the database")
        return True

    async def close(self) -> None:
        """Stop waiting. Closing again does nothing."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _wait(self) -> None:
        has_failed = False
        while True:
            await asyncio.sleep(RETRY_S)
            try:
                with self._database.preparing():
                    await self._connect()
                break
            except StoreUnavailableError:
                continue
            except Exception:
                if not has_failed:
                    _log.exception("The database cannot be used, and is tried again every second")
                has_failed = True
        self.problem = None
        self.connected.set()
        _log.warning("The database is available, at revision %d", self._state.snapshot.revision)
