"""Cached selections of toggles equal selections without a cache."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

import pytest

from graph.enums import Staleness
from graph.toggles.lifecycle import select_by_staleness, staleness
from graph.toggles.selections import MAX_CACHED, cached_selector, selector_of
from store.model import Toggle, ToggleType
from store.snapshot import Configuration, Snapshot

TIME = datetime(2026, 1, 1, tzinfo=UTC)
TYPES = {
    name: ToggleType(name=name, title=name, lifetime_days=days, revision=1)
    for name, days in {"short": 3, "long": 30, "permanent": None, "eternal": 2**30}.items()
}


def snapshot_of(random: Random) -> Snapshot:
    """A snapshot of toggles with random types and times."""
    toggles = [
        Toggle(
            id=str(number),
            name=f"toggle-{number:02}",
            type=random.choice([*TYPES, "unknown"]),
            created_at=TIME + timedelta(days=random.randrange(40)),
            stale_at=random.choice([None, None, TIME]),
            archived_at=random.choice([None, None, None, TIME]),
            updated_at=TIME,
            revision=1,
        )
        for number in range(60)
    ]
    by_name = {toggle.name: toggle for toggle in toggles}
    return Snapshot(1, Configuration(toggles=by_name, toggle_types=TYPES))


def choices() -> Iterator[frozenset[Staleness]]:
    """All sets of values of staleness."""
    for size in range(len(Staleness) + 1):
        yield from map(frozenset, combinations(Staleness, size))


@pytest.mark.parametrize("seed", range(5))
def test_a_cached_selection_by_staleness_is_right_at_all_times(seed: int) -> None:
    random = Random(seed)
    snapshot = snapshot_of(random)

    # The times are in random order, because clocks may be set back.
    for _ in range(60):
        now = TIME + timedelta(hours=random.randrange(80 * 24))
        for chosen in choices():
            for toggles in (snapshot.live_toggles, snapshot.archived_toggles):
                assert select_by_staleness(snapshot, toggles, chosen, now) == [
                    toggle for toggle in toggles if staleness(snapshot, toggle, now) in chosen
                ]


def test_a_selection_by_staleness_is_cached_until_a_lifetime_ends() -> None:
    toggle = Toggle(
        id="1", name="toggle", type="short", created_at=TIME, updated_at=TIME, revision=1
    )
    snapshot = Snapshot(1, Configuration(toggles={"toggle": toggle}, toggle_types=TYPES))
    chosen = frozenset({Staleness.ACTIVE})

    def select(hours: int) -> object:
        time = TIME + timedelta(hours=hours)
        return select_by_staleness(snapshot, snapshot.live_toggles, chosen, time)

    first = select(0)
    assert first == [toggle]
    assert select(71) is first
    assert select(72) == []


def test_selections_of_live_toggles_are_cached_with_the_snapshot() -> None:
    snapshot, other = snapshot_of(Random(1)), snapshot_of(Random(2))
    calls = 0

    def is_short(toggle: Toggle) -> bool:
        nonlocal calls
        calls += 1
        return toggle.type == "short"

    def select(among: Snapshot, key: object) -> object:
        return cached_selector(among, key, selector_of(is_short))(among.live_toggles)

    first = select(snapshot, "key")
    assert first == [toggle for toggle in snapshot.live_toggles if toggle.type == "short"]
    assert select(snapshot, "key") is first
    assert calls == len(snapshot.live_toggles)

    assert select(other, "key") == [each for each in other.live_toggles if each.type == "short"]
    assert calls == len(snapshot.live_toggles) + len(other.live_toggles)


def test_a_snapshot_caches_few_selections() -> None:
    snapshot = snapshot_of(Random(1))

    for number in range(3 * MAX_CACHED):
        cached_selector(snapshot, number, list)(snapshot.live_toggles)

    assert len(snapshot.memo[cached_selector]) <= MAX_CACHED
