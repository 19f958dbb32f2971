"""Importing the history, the applications and the counts of Unleash servers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.errors import Refusal
from store.events import Event, EventType, SubjectKind
from store.events_log import ALL_EVENTS, list_events
from store.model import SYSTEM
from store.paging import Window
from store.rows import MetricBucketRow, ServerImportRow, ToggleUsageRow, VariantBucketRow
from store.toggle_versions import list_versions_of_name
from store.transfer.renaming import rename_toggles
from store.transfer.server_imports import ServerImport, begin_import
from store.transfer.undoing_imports import undo_import
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.transfer.unleash.server_copy import CopyResult, copy_server
from store.transfer.unleash.server_database import read_server_database
from store.transfer.unleash.server_last_uses import APPLICATION
from store.transfer.unleash.server_parts import LeftOut
from store.usage.applications import NO_FILTER, all_applications
from tests.store.transfer.unleash.test_server_database import COMMON, NEW, OLD, run

pytestmark = pytest.mark.postgres

_BUCKET = table_of(MetricBucketRow)
_VARIANT = table_of(VariantBucketRow)
_USAGE = table_of(ToggleUsageRow)
_IMPORT = table_of(ServerImportRow)

# The clock of the store stands still, because another hour may begin before a test runs.
NOW = datetime.now(UTC)
HOUR = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
TODAY = HOUR.replace(hour=0)
DAY = TODAY - timedelta(days=3)

OLD_HISTORY = """
INSERT INTO events VALUES
  (1, '2020-01-02T03:04:05Z', 'feature-created', 'ada', '{"name": "a", "enabled": true}'),
  (2, '2020-01-03T03:04:05Z', 'tag-created', 'ada', '{"type": "team", "value": "web"}'),
  (4, '2020-01-04T03:04:05Z', 'user-created', 'ada', '{"id": 7, "secret": "s3cret"}');
ALTER TABLE features ADD COLUMN last_seen_at timestamptz;
UPDATE features SET last_seen_at = '2021-01-01T00:00:00Z' WHERE name = 'a';
"""
APPLICATIONS = f"""
INSERT INTO client_applications VALUES ('shop', '2020-01-01', '2020-01-02', '2020-01-03',
  '["default", "country"]', 'The shop', null, 'https://shop.example', null);
INSERT INTO client_instances VALUES ('shop', 'i1', '::1', 'node:5.0.0', '{NOW}', '{NOW}'),
  ('shop', 'gone', '::1', 'node:5.0.0', '2020-01-01', '2020-01-01'),
  ('nobody', 'i2', '::1', 'node:5.0.0', '{NOW}', '{NOW}');
"""
NEW_HISTORY = f"""
ALTER TABLE events ADD COLUMN pre_data json, ADD COLUMN feature_name text,
  ADD COLUMN project text, ADD COLUMN environment text;
INSERT INTO events VALUES
  (3, '2025-01-02T03:04:05Z', 'feature-environment-enabled', 'ada', null, null, 'a', 'web',
    'production'),
  (5, '2025-01-03T03:04:05Z', 'feature-updated', 'bob', '{{"name": "a", "stale": true}}',
    '{{"name": "a", "stale": false}}', 'a', 'web', null),
  (6, '2025-01-04T03:04:05Z', 'feature-created', 'bob', '{{"name": "gone-for-good"}}', null,
    'gone-for-good', 'web', null);
CREATE TABLE client_metrics_env (feature_name text, app_name text, environment text,
  timestamp timestamptz, yes bigint, no bigint);
INSERT INTO client_metrics_env VALUES
  ('a', 'shop', 'production', '{HOUR.isoformat()}', 3, 1),
  ('a', 'shop', 'production', '{(HOUR - timedelta(hours=30)).isoformat()}', 10, 0),
  ('deleted', 'shop', 'production', '{HOUR.isoformat()}', 3, 1),
  ('a', 'shop', 'production', date_trunc('hour', now()), 100, 100);
CREATE TABLE client_metrics_env_variants (feature_name text, app_name text, environment text,
  timestamp timestamptz, variant text, count int);
INSERT INTO client_metrics_env_variants VALUES
  ('a', 'shop', 'production', '{HOUR.isoformat()}', 'blue', 2);
CREATE TABLE client_metrics_env_daily (feature_name text, app_name text, environment text,
  date date, yes bigint, no bigint);
INSERT INTO client_metrics_env_daily VALUES
  ('a', 'worker', 'development', '{DAY.date()}', 7, 0);
CREATE TABLE last_seen_at_metrics (feature_name text, environment text, last_seen_at timestamptz);
INSERT INTO last_seen_at_metrics VALUES
  ('a', 'production', '{(HOUR + timedelta(minutes=10)).isoformat()}'),
  ('p', 'development', '2025-02-03T04:05:06Z');
"""


@pytest.fixture(autouse=True)
def stopped_clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "clock", lambda: NOW)


async def take(
    store: Store, url: str, renames: Mapping[str, str] = {}
) -> tuple[ServerImport, CopyResult]:
    content = await read_server_database(url)
    begun = await begin_import(store, content.source, content.last_event)
    async with store.write(SYSTEM) as work:
        await import_unleash(work, unleash_document_of(rename_toggles(content.state, renames)))
    return begun, await copy_server(store, begun, url, None, renames)


async def events(store: Store) -> Sequence[Event]:
    """Return the imported events, oldest first."""
    async with store.read() as session:
        page = await list_events(session, ALL_EVENTS, Window(100))
    return [event for event in reversed(page.items) if event.is_imported]


async def rows(store: Store, table: sa.Table) -> Sequence[sa.Row[tuple[object, ...]]]:
    async with store.read() as session:
        return (await session.execute(sa.select(table).order_by(*table.primary_key))).all()


async def test_the_history_of_3_x_comes_before_all_own_events(database_url: str, store: Store):
    await run(database_url, COMMON, OLD, OLD_HISTORY, APPLICATIONS)

    _, result = await take(store, database_url)

    created, tagged, user = await events(store)
    assert result.events == 3
    assert (created.number, created.type, created.wire_type) == (
        1,
        EventType.TOGGLE_CREATED,
        "feature-created",
    )
    assert created.created_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (created.actor.name, created.summary) == ("ada", "Created toggle 'a'.")
    assert created.after == {"name": "a", "enabled": True}
    assert created.toggle_id == store.snapshot.toggles["a"].id
    assert tagged.subject_name == "team:web"
    assert (user.type, user.subject_kind) == (EventType.OTHER, SubjectKind.OTHER)
    assert user.after == {"id": 7}
    async with store.read() as session:
        newest = (await list_events(session, ALL_EVENTS, Window(1))).items[0]
        versions = await list_versions_of_name(session, "a", Window(10))
    assert newest.number > 4
    assert [version.event.is_imported for version in versions.items] == [False]


@pytest.mark.thorough
async def test_applications_are_imported_with_instances_that_are_still_known(
    database_url: str, store: Store
):
    await run(database_url, COMMON, OLD, OLD_HISTORY, APPLICATIONS)

    await take(store, database_url)

    async with store.read() as session:
        imported, shop = await all_applications(session, NO_FILTER)
    assert (shop.name, shop.strategies) == ("shop", ("default", "country"))
    assert shop.registered_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert shop.last_seen_at == datetime(2020, 1, 3, tzinfo=UTC)
    assert imported.name == APPLICATION
    usage = await rows(store, _USAGE)
    assert [(row.toggle_name, row.app_name, row.last_seen_at) for row in usage] == [
        ("a", APPLICATION, datetime(2021, 1, 1, tzinfo=UTC))
    ]


async def test_hours_and_days_are_counted_once(database_url: str, store: Store):
    await run(database_url, COMMON, NEW, NEW_HISTORY, APPLICATIONS)

    _, result = await take(store, database_url)
    _, again = await take(store, database_url)

    buckets = [
        (row.width, row.start, row.app_name, row.yes, row.no) for row in await rows(store, _BUCKET)
    ]
    assert (result.counts, again.counts) == (4, 0)
    assert (result.left_out.counts, again.left_out.counts) == (1, 0)
    assert (result.applications, again.applications) == (1, 0)
    assert ("hour", HOUR, "shop", 3, 1) in buckets
    assert ("day", DAY, "worker", 7, 0) in buckets
    days = [row for row in buckets if row[0] == "day" and row[2] == "shop"]
    assert sum(row[3] for row in days) == 13
    assert {row.width: row.count for row in await rows(store, _VARIANT)} == {"hour": 2, "day": 2}
    seen = {(row.toggle_name, row.app_name): row.last_seen_at for row in await rows(store, _USAGE)}
    assert seen[("a", "shop")] == HOUR + timedelta(minutes=10)
    assert seen[("p", APPLICATION)] == datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert ("deleted", "shop") not in seen


@pytest.mark.thorough
async def test_an_interrupted_import_continues_and_brings_nothing_twice(
    database_url: str, store: Store
):
    await run(database_url, COMMON, NEW, NEW_HISTORY, APPLICATIONS)

    def interrupt(rows: int) -> None:
        raise RuntimeError

    content = await read_server_database(database_url)
    begun = await begin_import(store, content.source, content.last_event)
    with pytest.raises(RuntimeError):
        await copy_server(store, begun, database_url, None, {}, interrupt)
    continued, result = await take(store, database_url)

    assert continued.id == begun.id
    assert result.events == 0
    assert [event.number for event in await events(store)] == [3, 5, 6]
    assert (await rows(store, _IMPORT))[0].completed_at is not None


@pytest.mark.thorough
async def test_an_installation_with_events_gets_no_history(database_url: str, store: Store):
    await run(database_url, COMMON, NEW, NEW_HISTORY, APPLICATIONS)
    content = await read_server_database(database_url)
    async with store.write(SYSTEM) as work:
        await import_unleash(work, unleash_document_of(content.state))

    begun, result = await take(store, database_url)

    assert (begun.events_through, result.events) == (None, 0)
    assert await events(store) == []
    assert (result.counts, result.left_out.events) == (4, 3)


async def test_a_renamed_toggle_keeps_its_history_and_its_counts(database_url: str, store: Store):
    # A toggle that had the new name was deleted.
    await run(database_url, COMMON, NEW, NEW_HISTORY, APPLICATIONS)

    _, result = await take(store, database_url, {"a": "deleted"})

    renamed = store.snapshot.toggles["deleted"]
    enabled, updated, gone = await events(store)
    assert (enabled.toggle_id, enabled.toggle_name) == (renamed.id, "deleted")
    assert (updated.toggle_id, updated.subject_name) == (renamed.id, "a")
    assert gone.toggle_id is None
    hours = [row for row in await rows(store, _BUCKET) if row.width == "hour"]
    assert {row.toggle_name for row in hours} == {"deleted"}
    assert sum(row.yes for row in hours) == 13
    assert (result.counts, result.left_out.counts) == (4, 1)


@pytest.mark.thorough
async def test_rows_of_unknown_toggles_and_of_refused_names_are_counted(
    database_url: str, store: Store
):
    refused = "'a' || chr(10)"
    await run(
        database_url,
        COMMON,
        NEW,
        NEW_HISTORY,
        APPLICATIONS,
        f"INSERT INTO client_applications (app_name, created_at) VALUES ({refused}, '{NOW}');"
        f"INSERT INTO client_metrics_env VALUES ('a', {refused}, 'production', '{HOUR}', 1, 0);"
        f"INSERT INTO last_seen_at_metrics VALUES ('deleted', 'production', '{NOW}')",
    )

    _, result = await take(store, database_url)

    assert result.left_out == LeftOut(
        applications=1, counts=1, counts_of_applications=1, last_uses=1
    )
    assert (result.applications, result.counts) == (1, 4)


async def test_undoing_an_import_removes_what_it_has_brought(database_url: str, store: Store):
    await run(database_url, COMMON, NEW, NEW_HISTORY, APPLICATIONS)
    begun, _ = await take(store, database_url)
    # This server has counted in the same day since.
    async with store.begin_write() as connection:
        own = {"toggle_name": "a", "environment": "production", "app_name": "shop", "no": 0}
        day = own | {"width": "day", "start": TODAY}
        counted = sa.and_(
            *(_BUCKET.c[name] == value for name, value in day.items() if name != "no")
        )
        await connection.execute(sa.update(_BUCKET).where(counted).values(yes=_BUCKET.c.yes + 4))
        # The import has counts of HOUR. The first hour of a day is part of the day.
        other = TODAY if HOUR.hour > 0 else HOUR + timedelta(hours=1)
        hour = own | {"width": "hour", "start": other, "yes": 4}
        await connection.execute(sa.insert(_BUCKET), [hour])

    removed = await undo_import(store, begun.id)

    assert (removed.events, removed.applications) == (3, 3)
    assert await events(store) == []
    remaining = [(row.width, row.yes) for row in await rows(store, _BUCKET)]
    assert ("hour", 4) in remaining
    assert remaining.count(("hour", 4)) == len([each for each in remaining if each[0] == "hour"])
    assert all(yes == 4 for _, yes in remaining)
    assert await rows(store, _VARIANT) == []
    assert await rows(store, _USAGE) == []
    assert "a" in store.snapshot.toggles
    with pytest.raises(Refusal, match=f"No import is named '{begun.id}'"):
        await undo_import(store, begun.id)
