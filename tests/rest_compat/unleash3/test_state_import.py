"""The import of a state document in the 3.x admin API."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from store import Store
from store.events import EventType
from store.model import ApiTokenType
from store.transfer.reading import MAX_BYTES
from tests.rest_compat.conftest import (
    SECRETS,
    MakeClient,
    MakeToken,
    begins_with,
    create,
    elsewhere,
)
from tests.rest_compat.unleash3.responses import violations_in
from tests.rest_compat.unleash3.toggles import DEFAULT, live_and_archived, read
from tests.store.operations.doing import last_event, log

PATH = "/api/admin/state/import"
DATA = Path(__file__).parents[2] / "data"
JSON = {"content-type": "application/json"}


def feature(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "strategies": DEFAULT, **fields}


def document(*names: str) -> dict[str, Any]:
    """A document of toggles that are on."""
    return {"version": 1, "features": [feature(name, enabled=True) for name in names]}


def format_yaml(name: str) -> bytes:
    """A document of one toggle."""
    return f"features:\n- name: {name}\n  strategies: [{{name: default}}]\n".encode()


async def test_a_json_body_is_imported(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json=document("a"))

    assert (answer.status_code, answer.text) == (202, "Accepted")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (await read(admin, "a"))["enabled"] is True
    event = await last_event(store)
    assert (event.type, event.actor.name) == (EventType.STATE_IMPORTED, "ada")


async def test_variants_are_answered_as_they_were_sent_and_served_complete(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    sent = [{"name": "v", "weight": 50}, {"name": "w", "weight": 50, "stickiness": "random"}]

    await admin.post(PATH, json={"features": [feature("a", variants=sent)]})

    assert (await read(admin, "a"))["variants"] == sent
    served = (await client.get("/api/client/features")).json()["features"][0]["variants"]
    assert served == [
        {"weightType": "variable", "stickiness": "default", **sent[0]},
        {"weightType": "variable", **sent[1]},
    ]


async def test_a_body_is_json_where_it_does_not_say_otherwise(
    store: Store, admin: httpx.AsyncClient
) -> None:
    requests = {"a": {}, "b": JSON, "c": {"content-type": "application/json; charset=utf-8"}}

    for name, headers in requests.items():
        body = json.dumps(document(name)).encode()
        assert (await admin.post(PATH, content=body, headers=headers)).status_code == 202

    assert [*store.snapshot.toggles] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "media_type", ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml; q=1"]
)
async def test_a_body_may_be_yaml(store: Store, admin: httpx.AsyncClient, media_type: str) -> None:
    before = store.snapshot

    answer = await admin.post(
        PATH, content=format_yaml("two words"), headers={"content-type": media_type}
    )

    assert violations_in(answer) == [("features[0].name", "isUrlFriendly.base")]
    assert store.snapshot is before


async def test_a_yaml_body_is_imported(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, content=format_yaml("a"), headers={"content-type": "text/yaml"})

    assert (answer.status_code, answer.text) == (202, "Accepted")
    assert "a" in store.snapshot.toggles


async def test_a_file_with_a_name_of_yaml_is_yaml(store: Store, admin: httpx.AsyncClient) -> None:
    files = {"a": "a.yml", "b": "A.YAML", "c": "../../b.yml", "d": "c\r\n.yml", "e": 'd".yaml'}

    for name, file in files.items():
        content = format_yaml(name)
        answer = await admin.post(PATH, files={"file": (file, content, "application/x-yaml")})
        assert (answer.status_code, answer.text) == (202, "Accepted")

    assert [*store.snapshot.toggles] == [*files]


async def test_a_file_with_any_other_name_is_json(store: Store, admin: httpx.AsyncClient) -> None:
    files = {"a": "a.json", "b": "a", "c": "a.txt", "d": "yml"}

    for name, file in files.items():
        good = await admin.post(PATH, files={"file": (file, json.dumps(document(name)).encode())})
        bad = await admin.post(PATH, files={"file": (file, format_yaml(name))})
        assert (good.status_code, bad.status_code) == (202, 400)

    assert [*store.snapshot.toggles] == [*files]


async def test_keep_and_drop_are_requested_in_the_query(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await create(store, "a", "b", description="old")

    answer = await admin.post(PATH, params={"keep": "true"}, json=document("a"))
    assert (await read(admin, "a"))["description"] == "old"
    dropped = await admin.post(PATH, params={"drop": "1"}, json=document("a"))

    assert (answer.status_code, dropped.status_code) == (202, 202)
    assert [*store.snapshot.toggles] == ["a"]
    assert (await read(admin, "a"))["description"] is None


@pytest.mark.parametrize("value", ["yes", "0", "", "on"])
@begins_with(live_and_archived)
async def test_other_strings_do_not_switch_drop_on(
    store: Store, admin: httpx.AsyncClient, value: str
) -> None:
    before = store.snapshot

    await admin.post(PATH, params={"drop": value}, json={"version": 1, "features": []})

    assert store.snapshot is before


async def test_a_document_may_be_as_large_as_a_body(store: Store, make_client: MakeClient) -> None:
    app = rest_app(store, RestConfig(max_import_bytes=2 * MAX_BYTES), elsewhere)
    admin = make_client(SECRETS[ApiTokenType.ADMIN, None], app=app)
    content = b" " * MAX_BYTES + json.dumps(document("a")).encode()

    answer = await admin.post(PATH, content=content, headers=JSON)

    assert answer.status_code == 202
    assert "a" in store.snapshot.toggles


@pytest.mark.parametrize("body", [b"", b"{}", b'{"version": 3}'])
async def test_nothing_to_import_is_no_error(
    store: Store, admin: httpx.AsyncClient, body: bytes
) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, content=body, headers=JSON)

    assert (answer.status_code, answer.text) == (202, "Accepted")
    assert store.snapshot is before


async def test_what_was_left_out_is_reported_in_a_header(admin: httpx.AsyncClient) -> None:
    tags = [{"featureName": "größe", "tagType": "simple", "tagValue": f"v{at}"} for at in range(99)]

    answer = await admin.post(PATH, json={"tagTypes": [], "tags": [], "featureTags": tags})

    assert (answer.status_code, answer.text) == (202, "Accepted")
    warnings = json.loads(answer.headers["x-flagstaff-warnings"])
    assert warnings[0] == (
        "\"featureTags[0]\": No toggle here or in the document is named 'größe', so its "
        "tag 'simple:v0' is left out."
    )
    assert 10 < len(warnings) < 99


async def test_unknown_keys_are_reported_in_the_header_and_the_log(
    store: Store, admin: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"features": [feature("a"), feature("b", foo=1, variants=None, lastSeenAt=None)]}

    answer = await admin.post(PATH, json=body)

    assert (answer.status_code, answer.text) == (202, "Accepted")
    warning = '"features[1].foo": The key is unknown and has no effect.'
    assert json.loads(answer.headers["x-flagstaff-warnings"]) == [warning]
    assert [record.getMessage() for record in caplog.records] == [
        f"Warnings of an import (1): {warning}"
    ]
    assert "were left out" not in (await last_event(store)).summary


async def test_the_header_is_bounded_and_says_how_many_more_there_are(
    admin: httpx.AsyncClient,
) -> None:
    features = [feature(f"a{at}", **{f"größe{key}": 1 for key in range(9)}) for at in range(50)]

    answer = await admin.post(PATH, json={"features": features})

    *warnings, more = json.loads(answer.headers["x-flagstaff-warnings"])
    assert len(answer.headers["x-flagstaff-warnings"]) < 4_200
    assert more == f"There are {450 - len(warnings)} more warnings."


@pytest.mark.parametrize("version", [0, 5, "new"])
async def test_an_unknown_version_is_refused_in_one_sentence(
    store: Store, admin: httpx.AsyncClient, version: Any
) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, json={"version": version, "features": [{}], "x": []})

    assert answer.status_code == 400
    (detail,) = answer.json()["details"]
    assert detail["message"] == (
        f'"version": The version {json.dumps(version)} of the document is unknown; the versions 1, '
        "2, 3 and 4 are accepted."
    )
    assert store.snapshot is before


async def test_a_state_of_4x_is_imported_from_yaml(store: Store, admin: httpx.AsyncClient) -> None:
    file = DATA / "unleash-4.19.5-state-export.yml"

    answer = await admin.post(PATH, files={"file": (file.name, file.read_bytes())})
    before = store.snapshot
    again = await admin.post(PATH, files={"file": (file.name, file.read_bytes())})

    assert (answer.status_code, again.status_code) == (202, 202)
    assert store.snapshot is before
    assert len(before.live_toggles) == 22
    warnings = json.loads(answer.headers["x-flagstaff-warnings"])
    assert [warning.partition(":")[0] for warning in warnings] == [
        '"environments[0].enabled"',
        *(f'"strategies[{at}]"' for at in (1, 2, 3)),
    ]
    several = before.toggles["several"]
    assert [*several.environments] == ["development", "production", "staging"]
    assert (several.project, several.impression_data) == ("shop", True)
    assert [len(environment.strategies) for environment in several.environments.values()] == [
        4,
        4,
        4,
    ]
    variants = before.toggles["varied"].in_environment("production").variants
    assert [variant.weight for variant in variants or ()] == [334, 333, 333]


async def test_a_document_without_loose_ends_has_no_warnings(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json=document("a"))

    assert "x-flagstaff-warnings" not in answer.headers


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("", "object.base")]),
        ({"colours": []}, [("colours", "object.unknown")]),
        ({"features": {}}, [("features", "array.base")]),
        ({"features": [feature("two words")]}, [("features[0].name", "isUrlFriendly.base")]),
        ({"features": [feature("..")]}, [("features[0].name", "isUrlFriendly.base")]),
        (
            {"features": [feature("a"), {"name": "b", "strategies": [{"name": 1}]}]},
            [("features[1].strategies[0].name", "string.base")],
        ),
        (
            {"features": [feature("a", strategies=[{"name": "s", "segments": [7]}])]},
            [("features[0].strategies[0].segments[0]", "not_found")],
        ),
        (
            {"features": [feature("a", type="t" * 101)], "tags": 1},
            [("tags", "array.base")],
        ),
    ],
)
async def test_what_is_wrong_is_reported_with_its_path(
    store: Store, admin: httpx.AsyncClient, body: Any, expected: list[tuple[str, str]]
) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, json=body)

    assert violations_in(answer) == expected
    assert store.snapshot is before


async def test_sentences_begin_with_the_path(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json={"features": [feature("two words")]})

    assert answer.json()["details"][0] == {
        "message": "\"features[0].name\": The toggle name 'two words' may contain only letters A "
        "to Z, digits and -_.~!*'().",
        "path": ["features", 0, "name"],
        "type": "isUrlFriendly.base",
    }


@pytest.mark.parametrize("drop", ["", "true"])
@begins_with(live_and_archived)
async def test_one_bad_toggle_among_500_rejects_everything(
    store: Store, admin: httpx.AsyncClient, drop: str
) -> None:
    before, events = store.snapshot, len(await log(store))
    body = document(*(f"t{at}" for at in range(500)))
    body["features"][321]["variants"] = [{"name": "v", "weight": -1}]

    answer = await admin.post(PATH, params={"drop": drop}, json=body)

    assert violations_in(answer) == [("features[321].variants[0].weight", "weight-range")]
    assert store.snapshot is before
    assert len(await log(store)) == events


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "image/png", "nonsense"])
async def test_other_media_types_are_415(admin: httpx.AsyncClient, media_type: str) -> None:
    answer = await admin.post(PATH, content=b"{}", headers={"content-type": media_type})

    assert answer.status_code == 415
    assert media_type in answer.json()["message"]


async def test_a_viewer_cannot_import(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    viewer = make_client(await make_token(ApiTokenType.VIEWER))

    answer = await viewer.post(PATH, json=document("a"))

    assert answer.status_code == 403
    assert "a" not in store.snapshot.toggles


@pytest.mark.parametrize(("ending", "way"), [("json", "body"), ("yml", "file")])
async def test_what_a_real_server_exported_is_imported(
    store: Store, admin: httpx.AsyncClient, ending: str, way: str
) -> None:
    file = DATA / f"unleash-3.17.6-export.{ending}"

    if way == "file":
        answer = await admin.post(PATH, files={"file": (file.name, file.read_bytes())})
    else:
        media_type = "application/json" if ending == "json" else "application/yaml"
        answer = await admin.post(
            PATH, content=file.read_bytes(), headers={"content-type": media_type}
        )

    assert (answer.status_code, answer.text) == (202, "Accepted")
    # The warnings concern tags of archived toggles, which the export of 3.17.6 omits.
    assert len(json.loads(answer.headers["x-flagstaff-warnings"])) == 4
    sent = json.loads((DATA / "unleash-3.17.6-export.json").read_text())
    exported = (await admin.get("/api/admin/state/export")).json()
    for part in ("features", "strategies", "tags"):
        key = str if part == "tags" else lambda entry: entry["name"]
        assert sorted(exported[part], key=key) == sorted(sent[part], key=key)
    names = {item["name"] for item in sent["features"]}
    assert sorted(map(str, exported["featureTags"])) == sorted(
        str(tag) for tag in sent["featureTags"] if tag["featureName"] in names
    )
