"""A reader serves exactly the bodies of its primary, and decides like it."""

import json
from pathlib import Path

import pytest

from flagstaff.demo import create_demo
from flagstaff.reader.applying import TokenScope
from flagstaff.reader.documents import News, read_features, read_message
from rest_compat.sdk.deltas import hydration
from rest_compat.sdk.feature_bodies import encode_segment, encode_toggle
from store import Snapshot, Store
from tests.flagstaff.reader.conftest import Reader

pytestmark = pytest.mark.thorough


def bodies(snapshot: Snapshot, environment: str, *, inline: bool) -> list[bytes]:
    """Return the JSON of all toggles in an environment, and of the segments that they use."""
    toggles = [
        encode_toggle(toggle, environment, snapshot, inline=inline)
        for toggle in snapshot.live_toggles
    ]
    segments = {segment.id: segment for each in toggles for segment in each.segments}
    return [
        *(each.json for each in toggles),
        *(encode_segment(segments[number]).json for number in sorted(segments)),
    ]


@pytest.mark.parametrize("is_polled", [False, True])
async def test_the_bodies_of_the_example_installation_stay_the_same(
    reader: Reader, tmp_path: Path, is_polled: bool
):
    url = f"sqlite:///{tmp_path / 'primary.db'}"
    await create_demo(url)
    primary = await Store.open(url, background=False)
    snapshot = primary.snapshot
    await primary.close()

    for environment in snapshot.environments:
        encoded = [
            encode_toggle(toggle, environment, snapshot, inline=False)
            for toggle in snapshot.live_toggles
        ]
        message = hydration(snapshot, encoded)
        news = read_polled(message) if is_polled else read_message(message)
        await reader.applier.apply(TokenScope(environment), news)
    revision = reader.store.snapshot.revision

    for environment in snapshot.environments:
        for inline in (False, True):
            served = bodies(reader.store.snapshot, environment, inline=inline)
            assert served == bodies(snapshot, environment, inline=inline)
        # Nothing has changed, so nothing is written again.
        encoded = [
            encode_toggle(toggle, environment, snapshot, inline=False)
            for toggle in snapshot.live_toggles
        ]
        news = read_message(hydration(snapshot, encoded))
        await reader.applier.apply(TokenScope(environment), news)
    assert reader.store.snapshot.revision == revision


def read_polled(message: bytes) -> News:
    """Read the toggles of a hydration as a features body."""
    event = json.loads(message)["events"][0]
    body = {"version": 2, "features": event["features"], "segments": event["segments"]}
    return read_features(json.dumps(body).encode())


async def test_a_name_can_move_to_another_segment(reader: Reader):
    scope = TokenScope("default")
    first = {"events": [hydrated([(1, "old"), (2, "new")])]}
    second = {"events": [hydrated([(1, "new"), (2, "old")])]}

    for message in (first, second):
        await reader.applier.apply(scope, read_message(json.dumps(message).encode()))

    names = {number: each.name for number, each in reader.store.snapshot.segments.items()}
    assert names == {1: "new", 2: "old"}


def hydrated(segments: list[tuple[int, str]]) -> dict[str, object]:
    """Return an event with a toggle that uses segments."""
    strategies = [{"name": "default", "segments": [number for number, _ in segments]}]
    return {
        "type": "hydration",
        "eventId": 1,
        "features": [{"name": "checkout", "enabled": True, "strategies": strategies}],
        "segments": [{"id": id, "name": name, "constraints": []} for id, name in segments],
    }


async def test_toggles_outside_of_a_tokens_projects_are_kept(reader: Reader):
    ours, theirs = (
        {"name": name, "enabled": True, "strategies": [], "project": name}
        for name in ("ours", "theirs")
    )

    for project, feature in (("ours", ours), ("theirs", theirs)):
        message = {"events": [{"type": "hydration", "eventId": 1, "features": [feature]}]}
        news = read_message(json.dumps(message).encode())
        await reader.applier.apply(TokenScope("default", (project,)), news)
    await reader.applier.apply(TokenScope("default", ("ours",)), News(is_complete=True))

    assert [*reader.store.snapshot.toggles] == ["theirs"]
