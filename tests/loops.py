"""An event loop that closes although a failed test has left connections open."""

import asyncio
import gc
import os
import stat
from pathlib import Path
from typing import Any, TypeGuard

import asyncpg
import uvloop


class Loop(uvloop.Loop):
    """The event loop of servers. Closing it ends connections to PostgreSQL that are still open.

    uvloop warns about such connections. Where warnings are errors, uvloop then waits without end.
    """

    def close(self) -> None:
        if not self.is_closed() and not self.is_running() and self._has_sockets():
            for item in gc.get_objects():
                if _is_open(item) and item._loop is self:
                    item.terminate()
            self.run_until_complete(asyncio.sleep(0))
        super().close()

    def _has_sockets(self) -> bool:
        """Return whether the loop watches sockets. Pipes and event descriptors do not count."""
        known = Path(f"/proc/self/fdinfo/{self._get_backend_id()}")  # pyright: ignore
        if not known.exists():
            return True
        watched = [line.split()[1] for line in known.read_text().splitlines() if "tfd:" in line]
        return any(stat.S_ISSOCK(os.fstat(int(number)).st_mode) for number in watched)


def _is_open(item: object) -> TypeGuard[Any]:
    return isinstance(item, asyncpg.Connection) and not item.is_closed()
