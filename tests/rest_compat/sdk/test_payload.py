"""Payloads are assembled from cached bytes. A change encodes only the affected toggles."""

import asyncio
import gzip
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs
from yggdrasil_engine.engine import UnleashEngine

from rest_compat.sdk.feature_bodies import encode_segment, encode_toggle
from rest_compat.sdk.message_cache import MessageCache
from rest_compat.sdk.payload import Payload, PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from store.model import (
    Environment,
    EnvironmentType,
    Segment,
    Toggle,
    ToggleEnvironment,
    ToggleStrategy,
)
from store.snapshot import Draft, Snapshot
from store.values import Constraint, Dependency, Variant
from tests.rest_compat.sdk.snapshots import NOW, changed, segment, snapshot_of, toggle
from tests.steps import steps_at_a_time

DATA = Path(__file__).parents[2] / "data"
SCOPE = PayloadScope("default")
BY_ID = PayloadScope("default", inline=False)


def plain_of(payload: Payload) -> bytes:
    return b"".join(payload.pieces)


def document(body: bytes) -> dict[str, Any]:
    return json.loads(body)


async def turns_during(work: Awaitable[Any]) -> int:
    """Return how often other tasks ran on the event loop while `work` was running."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    await work
    counting.cancel()
    return turns


# ------------------------------------------------------------------ work in portions


@pytest.mark.parametrize("scope", [SCOPE, BY_ID])
async def test_many_new_toggles_are_encoded_and_compressed_in_portions(scope: PayloadScope) -> None:
    cache = PayloadCache()
    snapshot = snapshot_of(*(toggle(f"t{number}") for number in range(2_000)))

    turns = await turns_during(cache.prepare(snapshot, scope))
    encoded = [
        encode_toggle(item, "default", snapshot, inline=scope.inline)
        for item in snapshot.live_toggles
    ]
    payload = cache.payload(snapshot, scope)

    assert turns >= 7
    assert document(plain_of(payload))["features"] == [document(item.json) for item in encoded]
    assert await turns_during(payload.compress()) >= len(payload.shards) - 1
    assert gzip.decompress(payload.gzip_body)[:99] == plain_of(payload)[:99]
    assert await turns_during(payload.compress()) == 0
    assert await turns_during(cache.prepare(snapshot, scope)) == 0


async def test_messages_to_streams_are_encoded_in_portions_once_for_all() -> None:
    messages = MessageCache()
    before = snapshot_of()
    after = changed(before, *(toggle(f"t{number}") for number in range(2_000)))

    async def all_messages() -> list[bytes | None]:
        return await asyncio.gather(*(messages.hydration(after, BY_ID) for _ in range(20)))

    assert 7 <= await turns_during(all_messages()) < 60
    first, *others = await all_messages()
    assert first is not None
    assert all(other is first for other in others)


async def test_the_message_with_all_toggles_takes_short_turns_if_they_are_encoded() -> None:
    snapshot = changed(snapshot_of(), *(toggle(f"t{number}") for number in range(2_000)))
    await MessageCache().hydration(snapshot, BY_ID)

    async with steps_at_a_time() as turns:
        await MessageCache().hydration(snapshot, BY_ID)

    assert max(turns) < sum(turns) / 2


# ------------------------------------------------------------------ work done once


def test_one_change_encodes_one_toggle() -> None:
    before = snapshot_of(*(toggle(f"t{number}") for number in range(100)))
    old = {
        item.name: encode_toggle(item, "default", before, inline=True)
        for item in before.live_toggles
    }

    after = changed(before, structs.replace(before.toggles["t42"], stale_at=NOW))
    new = {
        item.name: encode_toggle(item, "default", after, inline=True) for item in after.live_toggles
    }

    assert [name for name in new if new[name] is not old[name]] == ["t42"]


def test_one_change_compresses_one_shard() -> None:
    cache = PayloadCache()
    before = snapshot_of(*(toggle(f"t{number}") for number in range(1_000)))
    old = cache.payload(before, SCOPE)
    after = changed(before, structs.replace(before.toggles["t42"], stale_at=NOW))

    new = cache.payload(after, SCOPE)

    unchanged = set(old.shards) & set(new.shards)
    assert len(old.shards) > 5
    assert len(unchanged) == len(old.shards) - 1


@pytest.mark.parametrize("position", ["a", "t5x", "z"])
def test_a_new_toggle_touches_no_more_than_the_shards_around_it(position: str) -> None:
    cache = PayloadCache()
    before = snapshot_of(*(toggle(f"t{number}") for number in range(1_000)))
    old = cache.payload(before, SCOPE)
    after = changed(before, toggle(position))

    new = cache.payload(after, SCOPE)

    assert len(set(new.shards) - set(old.shards)) <= 2
    assert len(document(gzip.decompress(new.gzip_body))["features"]) == 1_001


def test_both_kinds_of_answer_share_the_bytes_of_toggles_without_segments() -> None:
    cache = PayloadCache()
    snapshot = snapshot_of(*(toggle(f"t{number}") for number in range(200)))

    inline, by_id = cache.payload(snapshot, SCOPE), cache.payload(snapshot, BY_ID)

    assert inline.shards == by_id.shards
    assert inline.etag != by_id.etag


def test_a_changed_segment_encodes_the_toggles_that_use_it() -> None:
    one, other = segment(1, "gold"), segment(2, "blue")
    before = snapshot_of(
        one,
        other,
        toggle("a", segments=(1,)),
        toggle("b", segments=(2,)),
        toggle("c", segments=(1, 2)),
        toggle("d", segments=(2, 1)),
    )
    old = [encode_toggle(item, "default", before, inline=True) for item in before.live_toggles]
    after = changed(before, segment(1, "silver"))

    new = [encode_toggle(item, "default", after, inline=True) for item in after.live_toggles]

    assert [b"silver" in item.json for item in new] == [True, False, True, True]
    assert b"gold" not in b"".join(item.json for item in new)
    assert new[1] is old[1]


# ------------------------------------------------------------------ the content of a payload


def test_a_payload_is_the_same_object_until_its_content_changes() -> None:
    cache = PayloadCache()
    before = snapshot_of(toggle("a"))
    first = cache.payload(before, SCOPE)
    elsewhere = Environment(name="other", type=EnvironmentType.TEST, created_at=NOW)

    changed_elsewhere = changed(before, elsewhere)
    unchanged = cache.payload(changed_elsewhere, SCOPE)
    other = cache.payload(changed(changed_elsewhere, toggle("b")), SCOPE)

    assert unchanged is first
    assert other.etag != first.etag


def test_revision_id_is_where_the_scope_last_changed() -> None:
    cache = PayloadCache()
    scope = PayloadScope("default", token_projects=("shop",))
    first = snapshot_of(toggle("a", project="shop"), toggle("b"))
    outside = changed(first, toggle("c"))
    inside = changed(outside, toggle("d", project="shop"))

    revisions = [cache.payload(item, scope).revision_id for item in (first, outside, inside)]

    assert revisions == [7, 7, inside.revision]


def test_a_counter_that_was_forgotten_leaves_no_sdk_behind() -> None:
    cache = PayloadCache()
    before = snapshot_of(toggle("a"))
    first = cache.payload(before, SCOPE)
    draft = Draft(before, 12)
    draft.put(toggle("b"))

    after = cache.payload(draft.snapshot(), SCOPE)

    assert after.etag != first.etag
    assert after.revision_id == 12


def test_an_older_snapshot_does_not_bring_an_older_payload_back() -> None:
    cache = PayloadCache()
    before = snapshot_of(toggle("a"))
    newest = cache.payload(changed(before, toggle("b")), SCOPE)

    assert cache.payload(before, SCOPE) is newest


def test_segments_come_by_id_or_copied_in() -> None:
    snapshot = snapshot_of(
        segment(2, "gold"), segment(5, "blue"), segment(9, "unused"), toggle("a", segments=(5, 2))
    )
    cache = PayloadCache()

    inline = document(plain_of(cache.payload(snapshot, SCOPE)))
    by_id = document(plain_of(cache.payload(snapshot, BY_ID)))

    (strategy,) = inline["features"][0]["strategies"]
    assert "segments" not in strategy
    assert "segments" not in inline
    assert [constraint["values"] for constraint in strategy["constraints"]] == [
        ["1"],
        ["blue"],
        ["gold"],
    ]
    (strategy,) = by_id["features"][0]["strategies"]
    assert strategy["segments"] == [5, 2]
    assert [constraint["values"] for constraint in strategy["constraints"]] == [["1"]]
    assert [(item["id"], item["name"]) for item in by_id["segments"]] == [
        (2, "segment-2"),
        (5, "segment-5"),
    ]


def test_a_changed_segment_changes_the_etag_of_both_kinds() -> None:
    cache = PayloadCache()
    before = snapshot_of(segment(1, "gold"), toggle("a", segments=(1,)))
    old = [cache.payload(before, item).etag for item in (SCOPE, BY_ID)]
    after = changed(before, segment(1, "blue"))

    new = [cache.payload(after, item).etag for item in (SCOPE, BY_ID)]

    assert old[0] != new[0]
    assert old[1] != new[1]


def test_filtered_payloads_are_dropped_before_memory_runs_out() -> None:
    cache = PayloadCache(max_scopes=10, max_filtered_bytes=2_000)
    snapshot = snapshot_of(*(toggle(f"t{number}") for number in range(20)))
    everything = cache.payload(snapshot, SCOPE)

    for number in range(20):
        cache.payload(snapshot, PayloadScope("default", name_prefix=f"t{number}"))

    assert cache.payload(snapshot, SCOPE) is everything
    assert cache.size <= 10_000


def test_the_newest_payload_stays_however_large_it_is() -> None:
    cache = PayloadCache(max_scopes=10, max_filtered_bytes=1)
    snapshot = snapshot_of(toggle("a"), toggle("b"))
    scopes = [PayloadScope("default", name_prefix=name) for name in "ab"]

    first, second = (cache.payload(snapshot, scope) for scope in scopes)

    assert cache.payload(snapshot, scopes[1]) is second
    assert cache.payload(snapshot, scopes[0]) is not first


# ------------------------------------------------------------------ payloads in SDKs


def _toggle_from(feature: dict[str, Any], segments: dict[int, Segment]) -> Toggle:
    """A toggle whose entry equals the recorded entry."""
    strategies = tuple(
        ToggleStrategy(
            id=f"{feature['name']}-{at}",
            toggle_id=feature["name"],
            environment="default",
            name=strategy["name"],
            parameters=strategy["parameters"],
            constraints=msgspec.convert(strategy["constraints"], tuple[Constraint, ...]),
            segments=tuple(strategy.get("segments", ())),
            variants=msgspec.convert(strategy["variants"], tuple[Variant, ...]),
        )
        for at, strategy in enumerate(feature["strategies"])
    )
    assert all(number in segments for strategy in strategies for number in strategy.segments)
    configured = ToggleEnvironment(
        toggle_id=feature["name"],
        environment="default",
        enabled=feature["enabled"],
        strategies=strategies,
        variants=msgspec.convert(feature["variants"], tuple[Variant, ...]),
        updated_at=NOW,
    )
    return Toggle(
        id=feature["name"],
        name=feature["name"],
        description=feature["description"],
        type=feature["type"],
        project=feature["project"],
        impression_data=feature["impressionData"],
        stale_at=NOW if feature["stale"] else None,
        created_at=NOW,
        updated_at=NOW,
        dependencies=tuple(
            Dependency(item["feature"], item["enabled"], tuple(item.get("variants", ())))
            for item in feature.get("dependencies", ())
        ),
        environments={"default": configured},
    )


def _recorded(environment: str) -> tuple[dict[str, Any], Snapshot]:
    recorded = document((DATA / f"unleash-8.2-client-features-{environment}.json").read_bytes())
    segments = {
        item["id"]: Segment(
            id=item["id"],
            name=item["name"],
            constraints=msgspec.convert(item["constraints"], tuple[Constraint, ...]),
            created_at=NOW,
        )
        for item in recorded["segments"]
    }
    toggles = [_toggle_from(feature, segments) for feature in recorded["features"]]
    return recorded, snapshot_of(*segments.values(), *toggles)


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_recorded_installation_comes_out_as_8_2_serves_it(environment: str) -> None:
    recorded, snapshot = _recorded(environment)

    served = document(plain_of(PayloadCache().payload(snapshot, BY_ID)))

    assert served.keys() == recorded.keys()
    assert served["segments"] == recorded["segments"]
    expected = sorted(recorded["features"], key=lambda feature: feature["name"])
    assert served["features"] == expected


@pytest.mark.parametrize(("environment", "scope"), [("development", SCOPE), ("production", BY_ID)])
def test_the_official_engine_evaluates_it_as_recorded(
    environment: str, scope: PayloadScope
) -> None:
    _, snapshot = _recorded(environment)
    body = plain_of(PayloadCache().payload(snapshot, scope))
    cases = json.loads((DATA / f"unleash-8.2-evaluations-{environment}.json").read_bytes())
    engine = UnleashEngine()
    engine.take_state(body.decode())
    varied = {
        feature["name"]
        for feature in document(body)["features"]
        if feature["variants"] or any(strategy["variants"] for strategy in feature["strategies"])
    }

    def evaluated(name: str, context: dict[str, Any]) -> bool | str:
        if name in varied and (variant := engine.check_variant(name, context).variant).enabled:
            return variant.name
        return engine.check_enabled(name, context).is_enabled

    wrong = [
        (at, name)
        for at, case in enumerate(cases)
        for name, result in case["results"].items()
        if evaluated(name, case["context"]) != result
    ]

    assert wrong == []


def test_a_segment_is_encoded_once() -> None:
    one = segment(1, "gold")

    assert encode_segment(one) is encode_segment(one)
