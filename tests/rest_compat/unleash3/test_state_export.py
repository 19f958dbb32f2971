"""The export of the state in the 3.x admin API."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from store import Store
from store.transfer.yaml_values import parse_yaml
from store.usage.reports import ToggleCounts, UsageReport
from store.values import Tag
from tests.rest_compat.conftest import create

PATH = "/api/admin/state/export"
PARTS = ["features", "strategies", "projects", "tagTypes", "tags", "featureTags"]


async def test_everything_is_exported_as_json(store: Store, admin: httpx.AsyncClient) -> None:
    await create(store, "a", tags=[Tag("simple", "größe")])

    answer = await admin.get(PATH)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert "content-disposition" not in answer.headers
    document = answer.json()
    assert [*document] == ["version", *PARTS]
    assert [feature["name"] for feature in document["features"]] == ["a"]
    assert document["featureTags"] == [
        {"featureName": "a", "tagType": "simple", "tagValue": "größe"}
    ]


async def test_when_a_toggle_was_last_seen_is_exported(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await create(store, "a", "b")
    now = datetime.now(UTC)
    counts = {"a": ToggleCounts(yes=1, no=0, variants={})}
    await store.journal.add(
        UsageReport(
            app_name="app", environment="default", stop=now, received_at=now, toggles=counts
        )
    )
    await store.aggregate_now()

    features = (await admin.get(PATH)).json()["features"]

    seen = [feature["lastSeenAt"] for feature in features]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", seen[0])
    assert seen[1] is None


async def test_the_same_is_exported_as_yaml(store: Store, admin: httpx.AsyncClient) -> None:
    await create(store, "no", "1e3", tags=[Tag("simple", "größe")])

    answer = await admin.get(PATH, params={"format": "yaml"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/yaml; charset=utf-8"
    assert parse_yaml(answer.text) == (await admin.get(PATH)).json()


@pytest.mark.parametrize("format", ["json", "xml", "YAML", ""])
async def test_any_other_format_is_json(admin: httpx.AsyncClient, format: str) -> None:
    answer = await admin.get(PATH, params={"format": format})

    assert answer.json()["version"] == 1


@pytest.mark.parametrize(("format", "ending"), [("json", "json"), ("yaml", "yml")])
async def test_a_download_has_a_plain_name(
    admin: httpx.AsyncClient, format: str, ending: str
) -> None:
    answer = await admin.get(PATH, params={"format": format, "download": "true"})

    assert re.fullmatch(
        rf'attachment; filename="export-\d{{4}}-\d\d-\d\d_\d\d-\d\d-\d\d\.{ending}"',
        answer.headers["content-disposition"],
    )


@pytest.mark.parametrize(
    ("flag", "missing"),
    [
        ("featureToggles", ["features"]),
        ("strategies", ["strategies"]),
        ("projects", ["projects"]),
        ("tags", ["tagTypes", "tags", "featureTags"]),
    ],
)
async def test_parts_can_be_left_out(
    admin: httpx.AsyncClient, flag: str, missing: list[str]
) -> None:
    answer = await admin.get(PATH, params={flag: "0"})

    assert [*answer.json()] == ["version", *(part for part in PARTS if part not in missing)]


@pytest.mark.parametrize("off", ["00", "false", "no", "", "-0", "0x1"])
async def test_zero_and_other_strings_leave_a_part_out(admin: httpx.AsyncClient, off: str) -> None:
    answer = await admin.get(PATH, params={"featureToggles": off})

    assert [*answer.json()] == ["version", *PARTS[1:]]


@pytest.mark.parametrize("on", ["1", "true", "TRUE", "-2", "10", "9" * 5_000])
async def test_numbers_and_true_leave_a_part_in(admin: httpx.AsyncClient, on: str) -> None:
    answer = await admin.get(PATH, params={"featureToggles": on})

    assert [*answer.json()] == ["version", *PARTS]


async def test_an_unchanged_export_is_304(store: Store, admin: httpx.AsyncClient) -> None:
    etag = (await admin.get(PATH)).headers["etag"]

    same = await admin.get(PATH, headers={"if-none-match": etag})
    await create(store, "a")
    other = await admin.get(PATH, headers={"if-none-match": etag})

    assert (same.status_code, other.status_code) == (304, 200)


async def test_what_was_exported_can_be_imported(store: Store, admin: httpx.AsyncClient) -> None:
    await create(store, "a", "b", enabled=True, tags=[Tag("simple", "x")])
    documents: list[Any] = []
    for format in ("json", "yaml"):
        exported = await admin.get(PATH, params={"format": format})
        type = "application/json" if format == "json" else "application/yaml"
        before = store.snapshot

        answer = await admin.post(
            "/api/admin/state/import", content=exported.content, headers={"content-type": type}
        )

        assert (answer.status_code, answer.text) == (202, "Accepted")
        assert store.snapshot is before
        documents.append(exported.content)
    assert len(documents) == 2
