"""A reader serves the toggles of its primary, and forwards reports to it."""

import pytest

from tests.flagstaff.reader.conftest import Reader
from tests.flagstaff.reader.fake import TOKEN, feature, hydration

REPORT = {
    "appName": "shop",
    "instanceId": "one",
    "bucket": {
        "start": "2026-03-02T08:00:00Z",
        "stop": "2026-03-02T08:01:00Z",
        "toggles": {"checkout": {"yes": 3, "no": 1, "variants": {"blue": 2}}},
    },
}


async def test_a_reader_serves_the_primarys_toggles_and_its_changes(following: Reader):
    segment = {"id": 7, "name": "beta", "constraints": []}
    strategy = {"name": "default", "constraints": [], "parameters": {}, "variants": []}
    following.primary.first = [hydration(feature("checkout"), feature("search"))]

    await following.until(lambda: following.state.ready)
    before = await following.get("/api/client/features")
    unchanged = await following.get(
        "/api/client/features", **{"if-none-match": before.headers["etag"]}
    )
    changed = feature("checkout", strategies=[{**strategy, "segments": [7]}])
    following.primary.push(
        {"type": "segment-updated", "eventId": 2, "segment": segment},
        {"type": "feature-updated", "eventId": 2, "feature": changed},
        {"type": "feature-removed", "eventId": 2, "featureName": "search", "project": "default"},
    )
    await following.until(lambda: "search" not in following.store.snapshot.toggles)
    after = await following.get("/api/client/features", **{"unleash-client-spec": "5.2.0"})

    assert before.json()["features"] == [feature("checkout"), feature("search")]
    assert unchanged.status_code == 304
    assert after.json()["features"] == [changed]
    assert after.json()["segments"] == [segment]


async def test_a_repeated_report_is_forwarded_once_after_it_is_acknowledged(following: Reader):
    following.primary.first = [hydration(feature("checkout"))]
    await following.until(lambda: following.state.ready)

    headers = {"authorization": TOKEN}
    for _ in range(2):
        answer = await following.client.post("/api/client/metrics", json=REPORT, headers=headers)
        assert answer.status_code == 202
    await following.forwarder.forward()

    (body,) = following.primary.reports
    (entry,) = body["metrics"]
    assert entry.pop("receipt")
    assert entry == {
        "featureName": "checkout",
        "appName": "shop",
        "environment": "default",
        "instanceId": "one",
        "timestamp": "2026-03-02T08:01:00.000Z",
        "yes": 3,
        "no": 1,
        "variants": {"blue": 2},
    }
    rows, _ = await following.store.outgoing.read(max_characters=1_000)
    assert rows == {}


@pytest.mark.thorough
async def test_a_filter_by_tag_is_refused(following: Reader):
    await following.until(lambda: following.state.ready)

    answer = await following.get("/api/client/features?tag=simple:checkout")

    assert answer.status_code == 400
    assert "tags" in answer.text


@pytest.mark.thorough
async def test_other_requests_get_the_address_of_the_primary(reader: Reader):
    for path in ("/api/admin/features", "/graphql", "/console/", "/", "/edge/validate"):
        answer = await reader.get(path)

        assert answer.status_code == 503
        assert "http://primary.test" in answer.text
