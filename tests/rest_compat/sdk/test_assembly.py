"""A body that is spliced from an earlier body equals a body that is built from all toggles."""

import gzip
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

import pytest
from msgspec import structs

from rest_compat.sdk import assembly, feature_bodies
from rest_compat.sdk.assembly import ENCODED_PER_STEP, RUNS_PER_STEP, assemble
from rest_compat.sdk.deltas import Deletions, delta
from rest_compat.sdk.payload import Payload, PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from rest_compat.sdk.shards import Shards
from store.model import Toggle
from store.recent_changes import MAX_OBJECTS, MAX_STEPS
from store.snapshot import Configuration, Draft, Snapshot
from store.values import Dependency, Tag
from tests.rest_compat.sdk.snapshots import NOW, changed, segment, snapshot_of, toggle

SCOPE = PayloadScope("default")
SCOPES = (
    SCOPE,
    PayloadScope("default", inline=False),
    PayloadScope("default", token_projects=("shop",)),
    PayloadScope("default", token_projects=("shop", "search"), inline=False),
    PayloadScope("default", name_prefix="t1"),
    PayloadScope("default", tags=(("simple", "x"),)),
)
PROJECTS = ("default", "shop", "search")
Change: TypeAlias = Callable[[Random, Draft], None]


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make runs of toggles short, so that changes often move the boundaries of runs."""
    monkeypatch.setattr(feature_bodies, "_RUN_LENGTH", 6)
    monkeypatch.setattr(assembly, "MAX_RUN_LENGTH", 8)


def any_name(random: Random) -> str:
    return f"t{random.randrange(200)}"


def create(random: Random, draft: Draft) -> None:
    """Create or replace a toggle."""
    segments = random.sample(sorted(draft.segments), random.randrange(3))
    draft.put(toggle(any_name(random), segments=tuple(segments), project=random.choice(PROJECTS)))


def delete(random: Random, draft: Draft) -> None:
    found = draft.toggles.get(any_name(random))
    if found is not None:
        draft.remove(found)


def delete_some(random: Random, draft: Draft) -> None:
    """Delete consecutive toggles, so that whole runs disappear."""
    names = sorted(draft.toggles)
    start = random.randrange(len(names) + 1)
    for name in names[start : start + random.randrange(30)]:
        draft.remove(draft.toggles[name])


def update(random: Random, draft: Draft) -> None:
    found = draft.toggles.get(any_name(random))
    if found is None:
        return
    updates = (
        {"archived_at": None if found.archived else NOW},
        {"stale_at": random.choice((None, NOW))},
        {"project": random.choice(PROJECTS)},
        {"tags": random.choice(((), (Tag("simple", "x"),)))},
        {"dependencies": random.choice(((), (Dependency(any_name(random)),)))},
        {"environments": random.choice(({}, found.environments))},
        {"description": random.choice((None, "x" * random.randrange(50)))},
    )
    draft.put(structs.replace(found, **random.choice(updates)))


def update_segment(random: Random, draft: Draft) -> None:
    draft.put(segment(random.randrange(5), random.choice("abc")))


def rename(random: Random, draft: Draft) -> None:
    """Give a toggle another name. Undoing a deletion and a creation in one commit may do the
    same.
    """
    found, name = draft.toggles.get(any_name(random)), any_name(random)
    if found is not None and name not in draft.toggles:
        draft.remove(found)
        draft.put(structs.replace(found, name=name))


CHANGES: Sequence[Change] = (create, create, update, update, delete, delete_some, rename)


def fresh(snapshot: Snapshot) -> Snapshot:
    """Return the same configuration without cached data, like the snapshot of a new process."""
    configuration = Configuration(
        toggles={name: structs.replace(each) for name, each in snapshot.toggles.items()},
        environments=dict(snapshot.environments),
        segments={id: structs.replace(each) for id, each in snapshot.segments.items()},
    )
    return Snapshot(snapshot.revision, configuration)


def assert_same(spliced: Payload, rebuilt: Payload) -> None:
    assert b"".join(spliced.pieces) == b"".join(rebuilt.pieces)
    assert spliced.etag == rebuilt.etag
    assert gzip.decompress(spliced.gzip_body) == gzip.decompress(rebuilt.gzip_body)
    assert spliced.gzip_etag == rebuilt.gzip_etag
    assert spliced.size == rebuilt.size


@pytest.mark.sample(2)
@pytest.mark.usefixtures("short_runs")
@pytest.mark.parametrize("seed", range(6))
def test_a_spliced_body_is_the_rebuilt_one(seed: int) -> None:
    random = Random(seed)
    # The cache `rebuilding` gets snapshots without a known predecessor, so it builds all runs
    # again.
    splicing, rebuilding = PayloadCache(), PayloadCache()
    segments = [segment(number, "a") for number in range(5)]
    snapshot = snapshot_of(*segments, *(toggle(f"t{number}") for number in range(0, 200, 3)))

    for _ in range(150):
        draft = Draft(snapshot, snapshot.revision + 1)
        for change in random.choices(CHANGES, k=random.choice((1, 1, 1, 2, 40))):
            change(random, draft)
        if random.random() < 0.1:
            update_segment(random, draft)
        environment = draft.environments["default"]
        draft.put(structs.replace(environment, served_revision=draft.revision))
        snapshot = draft.snapshot()
        alike = fresh(snapshot)
        # Scopes that are polled rarely follow several commits at once.
        for scope in (scope for scope in SCOPES if random.random() < 0.6):
            spliced = splicing.payload(snapshot, scope)
            assert_same(spliced, rebuilding.payload(alike, scope))
            restarted = PayloadCache().payload(alike, scope)
            assert spliced.digest == restarted.digest
            assert [shard.digest for shard in spliced.shards] == [
                shard.digest for shard in restarted.shards
            ]
        assert snapshot.live_toggles == alike.live_toggles
        assert snapshot.archived_toggles == alike.archived_toggles


@pytest.mark.usefixtures("short_runs")
@pytest.mark.parametrize("part", ["first", "last", "all"])
def test_whole_runs_can_disappear(part: str) -> None:
    cache = PayloadCache()
    before = snapshot_of(*(toggle(f"t{number:02}") for number in range(40)))
    runs = assemble_at_once(before)
    names = [each.name for run in runs for each in run.toggles]
    lost = {
        "first": names[: len(runs[0].toggles)],
        "last": names[-len(runs[-1].toggles) :],
        "all": names,
    }[part]
    cache.payload(before, SCOPE)
    draft = Draft(before, before.revision + 1)
    for name in lost:
        draft.remove(before.toggles[name])

    after = draft.snapshot()

    payload = cache.payload(after, SCOPE)
    rebuilt = PayloadCache().payload(fresh(after), SCOPE)
    assert payload.digest == rebuilt.digest
    assert (
        json.loads(b"".join(payload.pieces))["features"]
        == (json.loads(b"".join(rebuilt.pieces))["features"])
    )


def assemble_at_once(snapshot: Snapshot) -> Sequence[assembly.Run]:
    steps = assemble(snapshot, SCOPE, None, Shards())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value.runs


def count_encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that receives the names of all toggles that are encoded or looked up later."""
    names: list[str] = []
    encode = assembly.encode_toggle

    def counted(each: Toggle, *arguments: str, **options: bool) -> feature_bodies.Encoded:
        names.append(each.name)
        return encode(each, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(assembly, "encode_toggle", counted)
    return names


def count_shards(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that receives the lengths of all runs that are built later."""
    lengths: list[int] = []
    shard_of = Shards.shard_of

    def counted(shards: Shards, toggles: Sequence[feature_bodies.Encoded], *, first: bool):
        lengths.append(len(toggles))
        return shard_of(shards, toggles, first=first)

    monkeypatch.setattr(Shards, "shard_of", counted)
    return lengths


@pytest.mark.parametrize("scope", SCOPES[:3])
def test_a_change_costs_what_it_touches(
    scope: PayloadScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = PayloadCache()
    before = snapshot_of(*(toggle(f"t{number}", project="shop") for number in range(5_000)))
    cache.payload(before, scope)
    names, lengths = count_encoded(monkeypatch), count_shards(monkeypatch)

    after = changed(before, structs.replace(before.toggles["t42"], stale_at=NOW))
    cache.payload(after, scope)

    assert names == ["t42"]
    assert len(lengths) == 1
    assert sum(lengths) <= 256


def test_several_scopes_share_shards_and_their_compressed_bytes() -> None:
    cache = PayloadCache()
    before = snapshot_of(*(toggle(f"t{number}") for number in range(1_000)))
    scopes = [*SCOPES[:2], PayloadScope("default", token_projects=("default",))]
    for scope in scopes:
        cache.payload(before, scope)

    after = changed(before, structs.replace(before.toggles["t42"], stale_at=NOW))
    first, *others = [cache.payload(after, scope).shards for scope in scopes]

    assert all(other == first for other in others)


@pytest.mark.parametrize("scope", SCOPES)
def test_messages_are_the_same_whether_the_changes_are_known(scope: PayloadScope) -> None:
    random = Random(1)
    segments = [segment(number, "a") for number in range(2)]
    before = snapshot_of(*segments, *(toggle(f"t{number}") for number in range(50)))
    for _ in range(30):
        draft = Draft(before, before.revision + 1)
        for change in (create, update, update):
            change(random, draft)
        # Operations give each toggle that they change the new revision.
        for name in draft.changed["toggles"]:
            draft.put(structs.replace(draft.toggles[name], revision=draft.revision))
        after = draft.snapshot()

        known = delta(before, after, scope, Deletions(), since=before.revision)
        found = delta(before, fresh(after), scope, Deletions(), since=before.revision)

        assert known == found
        before = after


def test_orders_are_spliced_when_they_are_known() -> None:
    before = snapshot_of(*(toggle(f"t{number}") for number in range(100)))
    unknown = changed(before, toggle("x"))
    known = before.live_toggles

    after = changed(before, structs.replace(before.toggles["t42"], archived_at=NOW), toggle("y"))

    assert "live_toggles" not in vars(unknown)
    assert vars(after)["live_toggles"] == fresh(after).live_toggles
    assert len(after.live_toggles) == len(known)
    # No code has read the archived toggles, so their order is not cached.
    assert "archived_toggles" not in vars(after)


def test_a_segment_change_encodes_the_toggles_that_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = PayloadCache()
    used = [toggle(f"u{number}", segments=(1,)) for number in range(3)]
    before = snapshot_of(segment(1, "a"), segment(2, "a"), *used, toggle("v", segments=(2,)))
    cache.payload(before, SCOPE)
    names = count_encoded(monkeypatch)

    cache.payload(changed(before, segment(1, "b")), SCOPE)

    assert sorted(names) == ["u0", "u1", "u2"]


def test_a_whole_assembly_takes_steps() -> None:
    snapshot = snapshot_of(*(toggle(f"t{number}") for number in range(5_000)))
    runs = len(assemble_at_once(snapshot))

    steps = sum(1 for _ in assemble(snapshot, SCOPE, None, Shards()))

    assert runs >= RUNS_PER_STEP
    assert steps == 1 + 5_000 // ENCODED_PER_STEP + runs // RUNS_PER_STEP


def test_splicing_many_runs_takes_steps() -> None:
    cache = PayloadCache()
    before = snapshot_of(*(toggle(f"t{number}") for number in range(5_000)))
    first = cache.payload(before, SCOPE)
    names = [*before.toggles][::10]
    after = changed(before, *(toggle(name, project="shop") for name in names))
    shards, made = Shards(), assemble_at_once(before)

    known = assembly.Assembly(before.mark, made)
    steps = sum(1 for _ in assemble(after, SCOPE, known, shards))

    assert steps == len(names) // ENCODED_PER_STEP + len(first.shards) // RUNS_PER_STEP


def test_snapshots_know_a_limited_number_of_changes() -> None:
    first = snapshot_of()
    snapshot = first
    for number in range(MAX_STEPS + 10):
        snapshot = changed(snapshot, toggle(f"t{number}"))
        assert len(snapshot.steps) <= MAX_STEPS
    assert snapshot.changes_since(first.mark) is None
    many = [toggle(f"m{number}") for number in range(MAX_OBJECTS - 1)]

    larger = changed(snapshot, *many)
    largest = changed(larger, *many, toggle("x"), toggle("y"))

    assert larger.changes_since(snapshot.mark) is not None
    assert sum(step.changed.count for step in larger.steps) <= MAX_OBJECTS
    assert largest.steps == ()
    assert largest.changes_since(larger.mark) is None
    assert largest.changes_since(largest.mark) is not None


def test_snapshots_do_not_know_the_changes_of_another_branch() -> None:
    first = snapshot_of(toggle("a"))
    one, other = changed(first, toggle("b")), changed(first, toggle("c"))

    assert one.revision == other.revision
    assert one.changes_since(other.mark) is None
    assert changed(one, toggle("d")).changes_since(other.mark) is None


@pytest.mark.thorough
def test_memory_is_flat_over_many_changes() -> None:
    random = Random(1)
    cache = PayloadCache(max_scopes=4)
    snapshot = snapshot_of(*(toggle(f"t{number}") for number in range(100)))
    size = cache.payload(snapshot, SCOPE).size

    for number in range(20_000):
        name = f"t{random.randrange(100)}"
        snapshot = changed(snapshot, toggle(name, project=random.choice(PROJECTS)))
        if number % 10 == 0:
            cache.payload(snapshot, SCOPES[number % len(SCOPES)])
        if number % 1_000 == 0:
            cache.payload(snapshot, SCOPE)
            assert len(snapshot.steps) <= MAX_STEPS
            assert cache.size <= 4 * 1.1 * size
            # The cache contains at most the shards of the cached payloads.
            assert cache.shard_count <= 4 * 20
