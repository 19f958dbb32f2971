"""Changing toggle types."""

import pytest

from store import Store
from store.events import EventType
from store.operations.toggle_types import update_toggle_type
from store.operations.toggles import create_toggle
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log


@pytest.mark.parametrize("lifetime_days", [1, 36_500, None])
async def test_a_type_gets_another_lifetime(store: Store, lifetime_days: int | None):
    before = store.snapshot.toggle_types["release"]

    after = await carry_out(store, update_toggle_type, "release", lifetime_days=lifetime_days)

    event = await last_event(store)
    assert store.snapshot.toggle_types["release"] is after
    assert (after.lifetime_days, after.revision) == (lifetime_days, store.snapshot.revision)
    assert event.type is EventType.TOGGLE_TYPE_UPDATED
    assert event.summary == "Changed the expected lifetime of toggle type 'release'."
    assert (event.before, event.after) == (document(before), document(after))


async def test_the_same_lifetime_again_is_no_event(store: Store):
    before = store.snapshot.toggle_types["release"]

    after = await carry_out(store, update_toggle_type, "release", lifetime_days=40)

    assert after is before
    assert await log(store) == []


async def test_a_lifetime_declares_a_type_that_only_toggles_named(store: Store):
    await carry_out(store, create_toggle, name="a", type="odd", allow_unknown=True)

    after = await carry_out(store, update_toggle_type, "odd", lifetime_days=3)

    assert after.declared


@pytest.mark.parametrize("lifetime_days", [0, -1, 36_501])
async def test_a_lifetime_is_between_a_day_and_a_century(store: Store, lifetime_days: int):
    problems = await error_paths(store, update_toggle_type, "release", lifetime_days=lifetime_days)

    assert problems == [("lifetime-range", ("lifetimeDays",))]


async def test_an_unknown_type_is_not_found(store: Store):
    problems = await error_paths(store, update_toggle_type, "no", lifetime_days=1)

    assert problems == [("NOT_FOUND", ("name",))]
