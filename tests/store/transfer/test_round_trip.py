"""An exported and imported installation stays the same."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store import Snapshot, Store
from store.model import SYSTEM
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.reading import parse_content
from store.transfer.writing import StateFormat, WrittenDocument
from store.unit_of_work import UnitOfWork
from tests.store.transfer.documents import document_of
from tests.store.transfer.installations import INSTALLATIONS, Installation, build


def next_unit(work: UnitOfWork) -> UnitOfWork:
    """Return another unit of work that begins with the result of the previous one."""
    committed = Snapshot(work.revision, work.snapshot.configuration)
    return UnitOfWork(
        work.connection,
        committed,
        revision=work.revision + 1,
        now=work.now,
        actor=SYSTEM,
        usage=work.usage,
    )


@pytest.mark.parametrize("format", StateFormat)
@given(installation=INSTALLATIONS, mode=st.sampled_from(ImportMode))
@settings(
    max_examples=8,
    deadline=None,
    # Shrinking a failing installation takes minutes, so it is off by default.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    # All examples share the store, and no example is committed.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_an_export_makes_the_same_installation(
    store: Store, format: StateFormat, installation: Installation, mode: ImportMode
):
    async with store.write(SYSTEM, dry_run=True) as origin:
        await build(origin, installation)
        document = export_document(origin.snapshot, exported_at=origin.now, archived=True)
        text = WrittenDocument(document, format, origin.now).content
        read = document_of(parse_content(text))
        same = next_unit(origin)
        unchanged = await import_state(same, read, mode=mode)
    async with store.write(SYSTEM, dry_run=True) as work:
        await import_state(work, read, mode=mode)
        again = export_document(work.snapshot, exported_at=origin.now, archived=True)
        second = next_unit(work)
        nothing = await import_state(second, read, mode=mode)

    assert read == document
    assert [change.event.summary for change in unchanged.changes if change.event] == []
    expected = document
    if mode is ImportMode.KEEP_EXISTING:
        # Built-in objects stay as they are.
        assert again.toggles == expected.toggles
        assert again.segments == expected.segments
    else:
        assert again == expected
    assert [change.event.summary for change in nothing.changes if change.event] == []


@given(installation=INSTALLATIONS, format=st.sampled_from(StateFormat))
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_a_fresh_installation_that_took_an_export_in_exports_the_same(
    beginning: str, tmp_path: Path, installation: Installation, format: StateFormat
):
    """This test uses files and two databases, unlike the test with random installations."""
    empty = beginning.removeprefix("sqlite:///")
    origin, fresh = (
        f"sqlite:///{shutil.copy(empty, tmp_path / name)}" for name in ("a.db", "b.db")
    )
    async with opened(origin) as store, store.write(SYSTEM) as work:
        await build(work, installation)
    async with opened(origin) as store:
        text = exported(store, format)

    async with opened(fresh) as store, store.write(SYSTEM) as work:
        await import_state(work, document_of(parse_content(text)))
    async with opened(fresh) as store:
        again = exported(store, format)

    assert again == text


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """Open a store on a database until the block ends."""
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


def exported(store: Store, format: StateFormat) -> str:
    """Return an export of all objects as the text of Flagstaff's own document."""
    document = export_document(store.snapshot, archived=True)
    return WrittenDocument(document, format, store.clock()).content
