"""Strategy definitions in the 3.x admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.operations.toggles import create_toggle
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.store.operations.doing import carry_out, last_event, log

PATH = "/api/admin/strategies"
COUNTRIES = {
    "name": "byCountry",
    "description": "Some countries.",
    "parameters": [{"name": "countries", "type": "list", "description": "", "required": True}],
}


async def by_country(store: Store) -> None:
    """The strategy `byCountry`."""
    await admin_of(store).post(PATH, json=COUNTRIES)


pytestmark = begins_with(by_country)


@begins_with()
async def test_the_list_is_in_the_order_of_the_names(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_strategy, name="Zebra")
    await carry_out(store, create_strategy, name="aardvark", description="Ants.")

    answer = await admin.get(PATH)

    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert [strategy["name"] for strategy in answer.json()["strategies"]] == [
        "Zebra",
        "aardvark",
        "applicationHostname",
        "default",
        "flexibleRollout",
        "gradualRolloutRandom",
        "gradualRolloutSessionId",
        "gradualRolloutUserId",
        "remoteAddress",
        "userWithId",
    ]
    assert answer.json()["strategies"][1] == {
        "name": "aardvark",
        "editable": True,
        "description": "Ants.",
        "parameters": [],
        "deprecated": False,
    }


async def test_a_built_in_strategy_cannot_be_edited(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{PATH}/userWithId")

    assert answer.status_code == 200
    assert answer.json() == {
        "name": "userWithId",
        "editable": False,
        "description": "On for a list of users.",
        "parameters": [{"name": "userIds", "type": "list", "description": "", "required": False}],
        "deprecated": False,
    }


async def test_reading_an_unknown_strategy_is_404_with_a_sentence(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{PATH}/nobody")

    assert answer.status_code == 404
    assert answer.json() == {"error": "No strategy is named 'nobody'."}


@begins_with()
async def test_a_strategy_is_created_with_its_event(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json=COUNTRIES)

    assert answer.status_code == 201
    assert answer.headers["location"] == "strategies/byCountry"
    assert answer.json() == {**COUNTRIES, "editable": True, "deprecated": False}
    assert (await admin.get(f"{PATH}/byCountry")).json() == answer.json()
    assert await newest_event(store) == (
        "strategy-created",
        {**COUNTRIES, "editable": True, "deprecated": False},
    )
    assert (await last_event(store)).actor.name == "ada"


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "p", "type": "whatever"},
        {"name": "p", "type": "list", "description": None},
        {"name": "p", "type": "list", "description": "", "required": False},
    ],
)
async def test_what_a_parameter_leaves_out_stays_out(
    store: Store, admin: httpx.AsyncClient, parameter: dict[str, Any]
) -> None:
    answer = await admin.post(PATH, json={"name": "mine", "parameters": [parameter]})

    assert answer.status_code == 201
    assert (await admin.get(f"{PATH}/mine")).json() == {
        "name": "mine",
        "editable": True,
        "description": None,
        "parameters": [parameter],
        "deprecated": False,
    }
    assert await newest_event(store) == (
        "strategy-created",
        {"name": "mine", "parameters": [parameter], "editable": True, "deprecated": False},
    )


async def test_keys_without_a_meaning_are_dropped(store: Store, admin: httpx.AsyncClient) -> None:
    body = {"name": "mine", "editable": False, "deprecated": True, "builtIn": 1, "color": "red"}

    answer = await admin.post(
        PATH, json={**body, "parameters": [{"name": "p", "type": "list", "unit": "m"}]}
    )

    assert answer.status_code == 201
    assert (await admin.get(f"{PATH}/mine")).json() == {
        "name": "mine",
        "editable": True,
        "description": None,
        "parameters": [{"name": "p", "type": "list"}],
        "deprecated": False,
    }


@begins_with()
async def test_events_repeat_whether_a_body_says_editable_and_deprecated(
    store: Store, admin: httpx.AsyncClient
) -> None:
    body = {"name": "mine", "parameters": [], "editable": False, "deprecated": "true"}

    await admin.post(PATH, json=body)
    created = await newest_event(store)
    await admin.put(f"{PATH}/mine", json=body)

    assert created == ("strategy-created", {**body, "deprecated": False})
    assert await newest_event(store) == ("strategy-updated", {**body, "deprecated": True})


@pytest.mark.parametrize("key", ["editable", "deprecated"])
async def test_editable_and_deprecated_must_be_booleans(admin: httpx.AsyncClient, key: str) -> None:
    answer = await admin.post(PATH, json={"name": "mine", "parameters": [], key: "?"})

    assert violations_in(answer) == [(key, "boolean.base")]


async def test_required_may_be_text(admin: httpx.AsyncClient) -> None:
    parameters = [{"name": "p", "type": "list", "required": "TRUE"}]

    await admin.post(PATH, json={"name": "mine", "parameters": parameters})

    assert (await admin.get(f"{PATH}/mine")).json()["parameters"] == [
        {"name": "p", "type": "list", "required": True}
    ]


@pytest.mark.parametrize("name", ["byCountry", "default"])
async def test_a_taken_name_is_409(store: Store, admin: httpx.AsyncClient, name: str) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, json={"name": name, "parameters": []})

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "NameExistsError",
        "details": [{"message": f"A strategy named '{name}' already exists."}],
    }
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"name": "x", "description": 5, "parameters": [{"type": "list"}]},
            [
                ("name", "string.min"),
                ("description", "string.base"),
                ("parameters[0].name", "any.required"),
            ],
        ),
        ({"name": "by country", "parameters": []}, [("name", "isUrlFriendly.base")]),
        ({"name": "..", "parameters": []}, [("name", "isUrlFriendly.base")]),
        ({"name": "s" * 101, "parameters": []}, [("name", "string.max")]),
        ({"name": "mine"}, [("parameters", "any.required")]),
        ({"name": "mine", "parameters": None}, [("parameters", "array.base")]),
        (
            {"name": "mine", "parameters": [{"name": "", "type": 1, "required": None}]},
            [
                ("parameters[0].name", "string.empty"),
                ("parameters[0].type", "string.base"),
                ("parameters[0].required", "boolean.base"),
            ],
        ),
        ({"name": "mine", "parameters": ["p"]}, [("parameters[0]", "object.base")]),
        (
            {"name": "mine", "parameters": [{"name": "p", "type": "list"}] * 501},
            [("parameters", "array.max")],
        ),
        (
            {"name": "mine", "parameters": [], "description": "a\x07b"},
            [("description", "text-characters")],
        ),
        (
            {"name": "mine", "parameters": [{"name": "a\nb", "type": "t" * 101}]},
            [("parameters[0].name", "text-characters"), ("parameters[0].type", "text-length")],
        ),
    ],
)
async def test_all_violations_of_a_body_are_reported_and_nothing_is_stored(
    store: Store, admin: httpx.AsyncClient, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, json=body)

    assert violations_in(answer) == expected
    assert store.snapshot is before


async def test_an_update_replaces_the_parameters_and_writes_an_event(
    store: Store, admin: httpx.AsyncClient
) -> None:
    body = {
        "name": "byCountry",
        "description": "Others.",
        "parameters": [{"name": "p", "type": "list"}],
    }

    answer = await admin.put(f"{PATH}/byCountry", json=body)

    assert (answer.status_code, answer.text) == (200, "")
    expected = {**body, "editable": True, "deprecated": False}
    assert (await admin.get(f"{PATH}/byCountry")).json() == expected
    assert await newest_event(store) == ("strategy-updated", expected)


async def test_an_update_leaves_what_it_does_not_name_unchanged(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_strategy, name="mine", title="Mine", description="Kept.")
    await admin.post(f"{PATH}/mine/deprecate")

    await admin.put(f"{PATH}/mine", json={"name": "mine", "parameters": []})

    strategy = store.snapshot.strategies["mine"]
    assert (strategy.title, strategy.description, strategy.deprecated) == ("Mine", "Kept.", True)


async def test_an_update_without_a_change_writes_an_event_nevertheless(
    store: Store, admin: httpx.AsyncClient
) -> None:
    known = store.snapshot.strategies["byCountry"]

    await admin.put(f"{PATH}/byCountry", json=COUNTRIES)

    assert [event.wire_type for event in (await log(store))[-2:]] == [
        "strategy-created",
        "strategy-updated",
    ]
    assert store.snapshot.strategies["byCountry"] is known


@pytest.mark.parametrize(
    ("path", "name"), [("nobody", "nobody"), ("byCountry", "other"), ("byCountry", "default")]
)
async def test_updating_what_the_path_does_not_name_is_404(
    store: Store, admin: httpx.AsyncClient, path: str, name: str
) -> None:
    before = store.snapshot

    answer = await admin.put(f"{PATH}/{path}", json={"name": name, "parameters": []})

    assert (answer.status_code, answer.text) == (404, "")
    assert store.snapshot is before


async def test_the_body_of_an_update_is_checked_before_anything_else(
    admin: httpx.AsyncClient,
) -> None:
    answer = await admin.put(f"{PATH}/nobody", json={"name": "nobody", "parameters": "none"})

    assert violations_in(answer) == [("parameters", "array.base")]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "default", {"name": "default", "parameters": []}),
        ("PUT", "userWithId", {"name": "userWithId", "description": "!", "parameters": []}),
        ("DELETE", "userWithId", None),
        ("DELETE", "default", None),
        ("POST", "default/deprecate", None),
    ],
)
async def test_built_in_strategies_refuse_changes_with_403(
    store: Store, admin: httpx.AsyncClient, method: str, path: str, body: Any
) -> None:
    before = store.snapshot

    answer = await admin.request(method, f"{PATH}/{path}", json=body)

    assert (answer.status_code, answer.text) == (403, "")
    assert store.snapshot is before


@pytest.mark.parametrize("name", ["byCountry", "userWithId"])
async def test_strategies_are_deprecated_and_reactivated_as_often_as_one_likes(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    events = len(await log(store))
    states: list[bool] = []

    for verb in ("deprecate", "deprecate", "reactivate", "reactivate"):
        answer = await admin.post(f"{PATH}/{name}/{verb}")
        assert (answer.status_code, answer.text) == (200, "")
        states.append((await admin.get(f"{PATH}/{name}")).json()["deprecated"])

    assert states == [True, True, False, False]
    assert [(event.wire_type, event.wire_data) for event in (await log(store))[events:]] == [
        ("strategy-deprecated", {"name": name}),
        ("strategy-deprecated", {"name": name}),
        ("strategy-reactivated", {"name": name}),
        ("strategy-reactivated", {"name": name}),
    ]


async def test_reactivating_default_is_harmless(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(f"{PATH}/default/reactivate")

    assert (answer.status_code, answer.text) == (200, "")
    assert await newest_event(store) == ("strategy-reactivated", {"name": "default"})


@pytest.mark.parametrize("verb", ["deprecate", "reactivate"])
async def test_marking_an_unknown_strategy_is_404(admin: httpx.AsyncClient, verb: str) -> None:
    answer = await admin.post(f"{PATH}/nobody/{verb}")

    assert (answer.status_code, answer.text) == (404, "")


async def test_a_strategy_is_deleted_with_its_event(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{PATH}/byCountry")

    assert (answer.status_code, answer.text) == (200, "")
    assert (await admin.get(f"{PATH}/byCountry")).status_code == 404
    assert await newest_event(store) == ("strategy-deleted", {"name": "byCountry"})


async def test_deleting_an_unknown_strategy_is_404(admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{PATH}/nobody")

    assert (answer.status_code, answer.text) == (404, "")


async def test_a_strategy_that_a_toggle_uses_is_not_deleted(
    store: Store, admin: httpx.AsyncClient
) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="t", strategies=[StrategySpec(name="byCountry")])

    answer = await admin.delete(f"{PATH}/byCountry")

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "ConflictError",
        "details": [
            {"message": "Strategy 'byCountry' cannot be deleted: one toggle uses it."},
        ],
    }
    assert "byCountry" in store.snapshot.strategies


@begins_with()
async def test_a_change_may_leave_out_the_name(admin: httpx.AsyncClient) -> None:
    await admin.post(PATH, json=COUNTRIES)

    answer = await admin.put(f"{PATH}/byCountry", json={"description": "x", "parameters": []})

    assert (answer.status_code, answer.text) == (200, "")
    assert (await admin.get(f"{PATH}/byCountry")).json()["description"] == "x"
