"""Reports with very many names do not block the event loop, from storing to reading them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.event import listen, remove

from store import Store
from store.slices import SLICE
from store.usage import journal, recent, seen
from store.usage.aggregation import Totals
from store.usage.applications import NO_FILTER, all_applications
from store.usage.name_limits import NameLimits
from store.usage.recent import recent_counts
from store.usage.reports import MAX_NAMES_AT_ONCE, ToggleCounts
from store.usage.seen import names_reported
from tests.store.usage.reporting import (
    BUCKET,
    USAGE,
    VARIANT_BUCKET,
    count,
    registration_report,
    usage_report,
)

NAMES = [f"name-{number:04}" for number in range(1_900)]


@contextmanager
def batches(store: Store) -> Iterator[list[int]]:
    """Collect the number of rows that each statement of the writer contains."""
    sizes: list[int] = []

    def note(
        _connection: Any, _cursor: Any, _sql: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        sizes.append(len(parameters) if many else 1)

    engine: sa.Engine = store._database._writer.sync_engine
    listen(engine, "before_cursor_execute", note)
    yield sizes
    remove(engine, "before_cursor_execute", note)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect the steps that ran in the thread of the event loop."""
    own = threading.get_ident()
    steps: set[str] = set()

    def observe(owner: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def observed(*args: Any, **options: Any) -> Any:
            if threading.get_ident() == own:
                steps.add(name)
            return original(*args, **options)

        monkeypatch.setattr(owner, name, observed)

    observe(NameLimits, "find_new")
    observe(journal, "encode_reports")
    observe(Totals, "add")
    for name in ("usages", "uses", "buckets", "variant_buckets", "recent_counts", "unknown_names"):
        observe(Totals, name)
    return steps


@pytest.mark.thorough
async def test_many_names_are_handled_in_threads(store: Store, threads: set[str]) -> None:
    assert len(NAMES) > MAX_NAMES_AT_ONCE
    await store.journal.add(usage_report(dict.fromkeys(NAMES, ToggleCounts(1, 0, {"red": 1}))))
    await store.aggregate_now()

    assert threads == set()
    assert await count(store, USAGE) == len(NAMES)
    assert await count(store, BUCKET) == 3 * len(NAMES)
    assert store.usage.names() == set(NAMES)


async def test_many_variants_are_handled_in_threads(store: Store, threads: set[str]) -> None:
    counts = ToggleCounts(1, 0, dict.fromkeys(NAMES, 1))

    await store.journal.add(usage_report({"t": counts}))
    await store.aggregate_now()

    assert threads == set()
    assert await count(store, VARIANT_BUCKET) == 3 * len(NAMES)


@pytest.mark.thorough
async def test_many_rows_are_written_in_slices(store: Store) -> None:
    await store.journal.add(usage_report(dict.fromkeys(NAMES, ToggleCounts(1, 0, {"red": 1}))))

    with batches(store) as sizes:
        await store.aggregate_now()

    assert sum(sizes) > 9 * len(NAMES)
    assert max(sizes) <= SLICE


async def test_the_number_of_counts_read_is_limited(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MAX_NAMES", 2)
    await store.journal.add(usage_report({name: ToggleCounts(2, 1) for name in "dbca"}))
    await store.aggregate_now()

    async with store.read() as session:
        found = await recent_counts(session, "default", store.clock())
        one = await recent_counts(session, "default", store.clock(), toggle_name="d")

    assert {name: counts.last_hour.yes for name, counts in found.items()} == {"a": 2, "b": 2}
    assert {name: counts.last_hour.yes for name, counts in one.items()} == {"d": 2}


async def test_the_number_of_names_read_is_limited(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "MAX_NAMES", 3)
    for app_name in ("shop", "blog"):
        await store.journal.add(
            usage_report({"b": ToggleCounts(1), "a": ToggleCounts(1)}, app_name=app_name)
        )
    await store.aggregate_now()

    async with store.read() as session:
        names = await names_reported(session)

    assert names == {"blog": ["a", "b"], "shop": ["a"]}


async def test_applications_are_read_in_pages(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.usage.applications.SLICE", 2)
    names = [f"app-{number}" for number in range(5)]
    await store.journal.add(*(registration_report(app_name=name) for name in names))

    async with store.read() as session:
        found = await all_applications(session, NO_FILTER)

    assert [application.name for application in found] == names
