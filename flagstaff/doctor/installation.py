"""Check the database, the clock, the tokens and the settings of an installation."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from flagstaff.commands.failures import describe_failure
from flagstaff.doctor.findings import Finding, failed, ok, warning
from flagstaff.doctor.machine import (
    check_descriptors,
    check_disk,
    check_permissions,
    check_snapshot_file,
)
from flagstaff.settings import Settings
from store.clock_skew import MAX_SKEW_S, utc_now
from store.connections import PROCESS_CONNECTIONS
from store.database import Database
from store.database_file import check_file
from store.diagnosis import Facts, read_connection_limit, read_facts
from store.migrations import current_migration, known_migrations, newest_migration
from store.model import ApiToken, ApiTokenType

EXPIRES_SOON = timedelta(days=14)
# Servers aggregate reports every second.
OLD_REPORT = timedelta(minutes=5)


async def check_installation(settings: Settings) -> AsyncIterator[Finding]:
    """Check everything that the settings name. Nothing is changed or created."""
    for finding in _check_settings(settings):
        yield finding
    yield check_descriptors()
    if settings.snapshot_file is not None:
        yield check_snapshot_file(settings.snapshot_file, settings.database_url)
    url = make_url(settings.database_url)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None:
        for finding in (*check_permissions(file), *check_disk(file)):
            yield finding
        # Opening a missing file would create it.
        if not file.is_file():
            yield failed("database", f"There is no database at {file}; `serve` creates it.")
            return
    try:
        async for finding in _check_database(settings, file):
            yield finding
    except Exception as error:
        yield failed("database", _reason(error))


async def _check_database(settings: Settings, file: Path | None) -> AsyncIterator[Finding]:
    database = Database(settings.database_url)
    try:
        async for finding in _check_content(database, file):
            yield finding
        permitted = await read_connection_limit(database)
        if permitted is not None:
            yield check_connections(permitted, settings.workers)
    finally:
        await database.close()


async def _check_content(database: Database, file: Path | None) -> AsyncIterator[Finding]:
    await database.check()
    version = await database.version()
    if file is not None:
        try:
            damage = check_file(str(file))
        except sqlite3.Error as error:
            damage = str(error)
        if damage:
            yield failed("database", f"The file {file} is damaged ({damage}): restore a backup.")
            return
    where = f"SQLite {version} at {file}" if file else f"PostgreSQL {version}"
    yield ok("database", f"{where} can be read.")
    current, newest = await current_migration(database), newest_migration()
    if current is None:
        yield failed(
            "migrations", "The database is empty; `serve` or `migrate` creates its tables."
        )
        return
    if current not in known_migrations():
        yield warning("migrations", f"A newer release has migrated the database to {current}.")
    elif current != newest:
        yield failed(
            "migrations",
            f"The database is at migration {current}; this version needs {newest}. Run `flagstaff "
            "migrate`.",
        )
        return
    else:
        yield ok("migrations", f"The database is at migration {current}.")
    facts = await read_facts(database)
    if facts is None:
        yield failed("database", "The database has tables, but no content; `serve` creates it.")
        return
    yield _check_clock(facts, database.dialect)
    yield _check_reports(facts)
    for finding in check_tokens(facts, utc_now() + facts.clock_offset):
        yield finding


def _check_settings(settings: Settings) -> Iterator[Finding]:
    warnings = [
        message
        for is_risky, message in (
            (settings.auth == "none", "FLAGSTAFF_AUTH=none allows everything without a token."),
            (
                settings.client_api == "open",
                "FLAGSTAFF_CLIENT_API=open lets SDKs without a token read toggles.",
            ),
            (
                settings.allow_weak_tokens,
                "FLAGSTAFF_ALLOW_WEAK_TOKENS permits tokens that attackers can guess.",
            ),
            (
                not settings.on_loopback and settings.prometheus == "open",
                "Everybody who reaches the server may read /metrics; see FLAGSTAFF_PROMETHEUS.",
            ),
        )
        if is_risky
    ]
    for message in warnings:
        yield warning("settings", message)
    if not warnings:
        yield ok("settings", "The settings are valid.")


def check_connections(permitted: int, workers: int) -> Finding:
    """Check that the processes of a server can have all their connections to PostgreSQL."""
    needed = workers * PROCESS_CONNECTIONS
    others = (
        f"Each process of another server or reader at this PostgreSQL needs {PROCESS_CONNECTIONS} "
        "more."
    )
    if needed <= permitted:
        return ok(
            "connections",
            f"PostgreSQL permits {permitted} connections, and this server needs {needed}. {others}",
        )
    return warning(
        "connections",
        f"PostgreSQL permits {permitted} connections, but the {workers} processes of this server "
        f"need {needed}: raise max_connections by {needed - permitted} or more, raise the limits "
        f"of the database and its role, or lower FLAGSTAFF_WORKERS to "
        f"{max(permitted // PROCESS_CONNECTIONS, 1)}. {others}",
    )


def _check_clock(facts: Facts, dialect: str) -> Finding:
    offset_s = facts.clock_offset.total_seconds()
    if abs(offset_s) <= MAX_SKEW_S:
        return ok("clock", "The clock of this machine agrees with the database.")
    if dialect == "sqlite":
        return failed(
            "clock",
            f"The last change is {offset_s:,.0f} seconds in the future: the clock of this machine "
            "was set back.",
        )
    relation = "behind" if offset_s > 0 else "ahead of"
    return warning(
        "clock",
        f"The clock of this machine is {abs(offset_s):,.0f} seconds {relation} the database "
        "server's clock: synchronize both with NTP.",
    )


def _check_reports(facts: Facts) -> Finding:
    if facts.oldest_report is None:
        return ok("usage", "All usage reports are counted.")
    age = utc_now() + facts.clock_offset - facts.oldest_report
    if age > OLD_REPORT:
        return warning(
            "usage",
            f"Usage reports wait since {facts.oldest_report:%Y-%m-%d %H:%M} UTC, because no server "
            "counts them.",
        )
    return ok("usage", "Usage reports are counted.")


def check_tokens(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Check that an admin token exists, and find tokens that expire soon."""
    tokens = facts.configuration.tokens.values()
    valid = [token for token in tokens if not token.expired(now)]
    if not any(token.type is ApiTokenType.ADMIN for token in valid):
        yield failed(
            "tokens",
            "No admin token is valid, so nobody can change anything: run `flagstaff token create "
            "--type admin`.",
        )
    soon = [token for token in valid if _expires_before(token, now + EXPIRES_SOON)]
    for token in sorted(soon, key=lambda token: token.name):
        yield warning(
            "tokens", f"The token '{token.name}' expires on {token.expires_at:%Y-%m-%d %H:%M} UTC."
        )
    expired = len(tokens) - len(valid)
    yield ok("tokens", f"{len(valid)} tokens are valid, {expired} have expired.")


def _expires_before(token: ApiToken, time: datetime) -> bool:
    return token.expires_at is not None and token.expires_at < time


def _reason(error: Exception) -> str:
    failure = describe_failure(error)
    if failure is None:
        raise error
    return " ".join(failure.lines)
