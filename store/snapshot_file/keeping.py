"""Keep the file up to date with the configuration."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic

from store.background import Periodic
from store.current_state import CurrentState
from store.errors import StoreUnavailableError, reason
from store.file_lock import try_file_lock
from store.snapshot import Snapshot
from store.snapshot_file.format import (
    Header,
    SnapshotFileError,
    identify_database,
    read_header,
    write_file,
)

INTERVAL_S = 1.0
# After a write, the next write waits this many times as long as the write took.
PAUSES = 10
_LOCK_SUFFIX = "-lock"

_log = logging.getLogger(__name__)


class SnapshotFile:
    """The file of an installation. One process at a time writes it, at most once a second."""

    def __init__(
        self, path: Path, url: str, state: CurrentState, clock: Callable[[], datetime]
    ) -> None:
        self.path = path
        self.database = identify_database(url)
        self._state = state
        self._clock = clock
        # The snapshot that the file contains, as far as this process knows.
        self._saved: Snapshot | None = None
        self._not_before = 0.0
        self._started = False
        self._task = Periodic("Writing the snapshot file", INTERVAL_S, self.save, at_once=True)

    def start(self) -> None:
        """Start writing the file in the background."""
        self._started = True
        self._task.start()

    async def close(self) -> None:
        """Stop writing, and write the last changes. Closing again does nothing."""
        await self._task.close()
        if self._started:
            self._started = False
            self._not_before = 0.0
            try:
                await self.save()
            except StoreUnavailableError as error:
                _log.error("The last changes are not in the snapshot file: %s", reason(error))

    async def save(self) -> None:
        """Write the configuration to the file, unless the file already contains it.

        If another process is writing, or if the last write took long, do nothing.

        Raises: StoreUnavailableError: the file cannot be written.
        """
        snapshot = self._state.snapshot
        if snapshot is self._saved or monotonic() < self._not_before:
            return
        header = Header(
            database=self.database,
            installation_id=self._state.installation_id,
            revision=snapshot.revision,
            mark=self._state.mark,
            newest_event=self._state.newest_event,
            saved_at=self._clock(),
        )
        began = monotonic()
        if await asyncio.to_thread(self._write, header, snapshot):
            self._saved = snapshot
        self._not_before = monotonic() + PAUSES * (monotonic() - began)

    def _write(self, header: Header, snapshot: Snapshot) -> bool:
        """Write the file; return False if another process is writing it."""
        with try_file_lock(f"{self.path}{_LOCK_SUFFIX}") as locked:
            if not locked:
                return False
            if not self._is_current(header):
                try:
                    write_file(self.path, header, snapshot)
                except OSError as error:
                    raise StoreUnavailableError(
                        f"the file '{self.path}' cannot be written ({error.strerror})."
                    ) from error
        return True

    def _is_current(self, header: Header) -> bool:
        """Whether the file has the revision of a header or a later revision."""
        try:
            known = read_header(self.path)
        except (SnapshotFileError, OSError):
            return False
        is_same = (known.database, known.installation_id, known.version) == (
            header.database,
            header.installation_id,
            header.version,
        )
        return is_same and known.revision >= header.revision
