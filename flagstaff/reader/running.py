"""Run the application of a reader."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta

from flagstaff import __version__
from flagstaff.app import RunningApp, compose
from flagstaff.monitoring.traffic import Traffic
from flagstaff.reader.applying import Applier
from flagstaff.reader.following import Follower
from flagstaff.reader.forwarding import Forwarder
from flagstaff.reader.primary import FollowedPrimary
from flagstaff.reader.standby import Standby
from flagstaff.reader.state import ReaderState
from flagstaff.reader.tokens import CheckedTokens, scope_of
from flagstaff.reader.upstream import Upstream
from flagstaff.repeated_polls import RepeatedPolls, may_repeat_polls
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from store import Store
from store.background import Periodic
from store.file_lock import try_file_lock
from store.roles import Role
from store.usage.retention import Retention

# Clients of a reader reconnect within this time, so older events are not needed.
KEPT_EVENTS = timedelta(days=1)
CHECK_TOKENS_S = 5.0
CLEANING_S = 3_600.0

_LOCK_SUFFIX = "-reader"
_log = logging.getLogger(__name__)


@asynccontextmanager
async def run_reader(settings: Settings, *, demo: bool = False) -> AsyncGenerator[RunningApp]:
    """Open the reader's file, follow the primary, and forward reports to it.

    Raises:
        SettingsError: the settings do not fit a reader, or another reader uses the file.
        StoreUnavailableError: the file or the standby cannot be used.
    """
    check_settings(settings, demo=demo)
    async with AsyncExitStack() as stack:
        stack.enter_context(lock_file(settings.reader_file))
        store = await _open_store(settings)
        stack.push_async_callback(store.close)
        yield await _start(store, settings, stack)


async def _start(store: Store, settings: Settings, stack: AsyncExitStack) -> RunningApp:
    assert settings.upstream is not None
    state = ReaderState(settings.upstream_tokens)
    upstream = Upstream(
        settings.upstream,
        installation=store.installation_id,
        on_installation=store.join_installation,
    )
    stack.push_async_callback(upstream.close)
    _load_own_tokens(store, state)
    forwarder = Forwarder(store, upstream, state)
    work: list[Callable[[], Awaitable[None]]] = [forwarder.run]
    if store.role is Role.READER:
        applier = Applier(store)
        tokens = CheckedTokens(store, upstream, applier, state)
        await tokens.forget_others(settings.upstream_tokens)
        primary = FollowedPrimary(settings.upstream, store, state, tokens)
        work += [Follower(own, store, upstream, applier, state).run for own in state.tokens]
        stack.push_async_callback(
            _started(Periodic("Confirming tokens with the primary", CHECK_TOKENS_S, tokens.check))
        )
        stack.push_async_callback(
            _started(Periodic("Removing old events", CLEANING_S, store.remove_expired))
        )
    else:
        primary = FollowedPrimary(settings.upstream, store, state, None)
        work.append(Standby(store, upstream, state, primary).run)
    for run in work:
        stack.push_async_callback(_running(run()))
    _log.info(
        "Flagstaff %s reads %s and knows %d toggles",
        __version__,
        settings.upstream,
        len(store.snapshot.toggles),
        extra={"fields": {"event": "started", "version": __version__, "role": store.role.value}},
    )
    polls = RepeatedPolls(store, settings.base_path) if may_repeat_polls(settings) else None
    traffic = Traffic()
    app = compose(store, settings, polls=polls, traffic=traffic, primary=primary)
    return RunningApp(
        app,
        None,
        store.drain,
        store.end_feeds,
        polls,
        traffic,
        lambda: len(store.snapshot.toggles),
    )


def check_settings(settings: Settings, *, demo: bool = False) -> None:
    """Check the settings of a reader, which cannot create the example installation (`demo`).

    Raises: SettingsError.
    """
    problems: list[str] = []
    if settings.upstream is None:
        problems.append("A reader needs FLAGSTAFF_UPSTREAM, the URL of the primary.")
    if not settings.upstream_tokens:
        problems.append("A reader needs FLAGSTAFF_UPSTREAM_TOKENS, client tokens of the primary.")
    if _names_database(settings) and not _reads_standby(settings):
        problems.append(
            "A reader keeps its data in FLAGSTAFF_READER_FILE; FLAGSTAFF_DATABASE_URL may only "
            "name a hot standby of PostgreSQL."
        )
    if settings.workers > 1:
        problems.append(
            "A reader is one process, so FLAGSTAFF_WORKERS (--workers) must be 1, not "
            f"{settings.workers}: start several readers, each with its own FLAGSTAFF_READER_FILE."
        )
    if demo:
        problems.append("A reader has the toggles of its primary: start it without --demo.")
    for name, value in (("AUTH", settings.auth), ("CLIENT_API", settings.client_api)):
        if value != "token":
            problems.append(f"A reader requires tokens, so FLAGSTAFF_{name} must be 'token'.")
    if problems:
        raise SettingsError(*problems)


@contextmanager
def lock_file(path: str) -> Generator[None]:
    """Lock the file of a reader, so that no other reader uses it.

    Raises: SettingsError.
    """
    with try_file_lock(f"{path}{_LOCK_SUFFIX}") as locked:
        if not locked:
            raise SettingsError(
                f"FLAGSTAFF_READER_FILE: another reader uses '{path}'; give each reader a file of "
                "its own."
            )
        yield


async def _open_store(settings: Settings) -> Store:
    file_url = f"sqlite:///{settings.reader_file}"
    if _reads_standby(settings):
        return await Store.open(
            settings.database_url, role=Role.STANDBY_READER, journal_url=file_url
        )
    return await Store.open(file_url, role=Role.READER, retention=Retention(events=KEPT_EVENTS))


def _names_database(settings: Settings) -> bool:
    return "database_url" in settings.model_fields_set


def _reads_standby(settings: Settings) -> bool:
    return settings.database_url.startswith("postgres")


def _load_own_tokens(store: Store, state: ReaderState) -> None:
    """Serve the tokens that the file or the standby has, before the primary confirms them."""
    for own in state.tokens:
        token = store.snapshot.tokens_by_hash.get(own.key)
        if token is not None:
            own.scope, own.loaded = scope_of(token), True


def _started(periodic: Periodic) -> Callable[[], Awaitable[None]]:
    periodic.start()
    return periodic.close


def _running(work: Awaitable[None]) -> Callable[[], Awaitable[None]]:
    """Run work in the background; return the function that cancels it."""
    task = asyncio.ensure_future(work)

    async def cancel() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return cancel
