"""Open the configured database for commands that run without a server."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url

from flagstaff.logs import configure_logging
from flagstaff.settings import Settings
from flagstaff.settings_loading import load_settings
from store import Store
from store.model import Actor, ActorKind

T = TypeVar("T")

# The audit log names this actor for changes by commands.
OPERATOR = Actor("command line", ActorKind.SYSTEM)


def command_settings() -> Settings:
    """Load the settings, and configure logging for warnings and errors.

    Raises: SettingsError.
    """
    settings = load_settings()
    configure_logging("warning", settings.log_format)
    return settings


def with_store(work: Callable[[Store], Awaitable[T]], *, url: str | None = None) -> T:
    """Run `work` on the configured database, or on the one at `url`, and return its result.

    Only running servers do background tasks, such as the aggregation of usage.

    Raises: SettingsError, StoreUnavailableError, and the errors of `work`.
    """
    settings = command_settings()

    async def run() -> T:
        store = await Store.open(
            url or settings.database_url, retention=settings.retention, background=False
        )
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def missing_database(settings: Settings) -> str | None:
    """Return a sentence if the SQLite database is missing; opening the store would create it."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return f"There is no database at {url.database}."
    return None
