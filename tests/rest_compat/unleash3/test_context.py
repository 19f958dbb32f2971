"""Context fields in the 3.x admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from store.operations.context_fields import create_context_field, update_context_field
from store.operations.inputs import StrategySpec
from store.operations.toggles import create_toggle
from store.values import Constraint, LegalValue
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.store.operations.doing import carry_out, log

PATH = "/api/admin/context"
TENANT = {
    "name": "tenant",
    "description": "The tenant",
    "legalValues": ["one", "two"],
    "stickiness": True,
}


async def tenant(store: Store) -> None:
    """The field `tenant`."""
    await admin_of(store).post(PATH, json=TENANT)


pytestmark = begins_with(tenant)


@begins_with()
async def test_the_list_holds_ones_own_fields_and_the_built_in_ones_of_3x(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_context_field, name="Region")
    await carry_out(
        store, update_context_field, "appName", legal_values=[LegalValue("shop", "The shop.")]
    )

    answer = await admin.get(PATH)

    assert answer.status_code == 200
    assert [{**item, "createdAt": None} for item in answer.json()] == [
        {
            "name": "Region",
            "description": None,
            "stickiness": False,
            "sortOrder": 10,
            "createdAt": None,
        },
        {
            "name": "appName",
            "description": "The name of the application.",
            "stickiness": False,
            "sortOrder": 2,
            "legalValues": [{"value": "shop", "description": "The shop."}],
            "createdAt": None,
        },
        {
            "name": "environment",
            "description": "The environment the application runs in.",
            "stickiness": False,
            "sortOrder": 0,
            "createdAt": None,
        },
        {
            "name": "userId",
            "description": "The id of the user.",
            "stickiness": False,
            "sortOrder": 1,
            "createdAt": None,
        },
    ]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_the_younger_built_in_fields_are_there_by_name(
    admin: httpx.AsyncClient, method: str
) -> None:
    answer = await admin.request(method, f"{PATH}/sessionId", json={})

    assert answer.status_code == 200


async def test_reading_an_unknown_field_is_404_with_a_sentence(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{PATH}/nothing")

    assert answer.status_code == 404
    assert answer.json() == {"error": "No context field is named 'nothing'."}


@begins_with()
async def test_a_field_is_created_with_its_event(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json={**TENANT, "sortOrder": 3, "color": "red"})

    assert answer.status_code == 201
    assert answer.headers["location"] == "context/tenant"
    assert answer.json() == (await admin.get(f"{PATH}/tenant")).json()
    assert await newest_event(store) == ("context-field-created", TENANT)
    created_at = store.snapshot.context_fields["tenant"].created_at
    assert (await admin.get(f"{PATH}/tenant")).json() == {
        **TENANT,
        "sortOrder": 3,
        "createdAt": created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


@pytest.mark.parametrize("sort_order", [-1, 1.5, "first"])
async def test_a_position_in_lists_that_is_none_is_400(
    admin: httpx.AsyncClient, sort_order: object
) -> None:
    answer = await admin.post(PATH, json={"name": "fresh", "sortOrder": sort_order})

    assert answer.status_code == 400


@pytest.mark.parametrize("sort_order", ["10", 10.0, True, None])
async def test_a_position_in_lists_is_not_converted(
    store: Store, admin: httpx.AsyncClient, sort_order: object
) -> None:
    answer = await admin.post(PATH, json={"name": "fresh", "sortOrder": sort_order})

    assert violations_in(answer) == [("sortOrder", "number.base")]
    assert "fresh" not in store.snapshot.context_fields


@pytest.mark.parametrize("name", ["userId", ["userId"]])
async def test_a_taken_name_is_reported_before_what_else_is_wrong(
    admin: httpx.AsyncClient, name: object
) -> None:
    answer = await admin.post(PATH, json={"name": name, "legalValues": ["a", "a"]})

    assert answer.status_code == (409 if isinstance(name, str) else 400)


async def test_an_update_leaves_the_position_in_lists(admin: httpx.AsyncClient) -> None:
    await admin.post(PATH, json={"name": "region", "sortOrder": 3})

    await admin.put(f"{PATH}/region", json={"sortOrder": 5})

    assert (await admin.get(f"{PATH}/region")).json()["sortOrder"] == 3


@begins_with()
async def test_the_event_of_a_new_field_holds_the_default_of_its_stickiness(
    store: Store, admin: httpx.AsyncClient
) -> None:
    answer = await admin.post(PATH, json={"name": "tenant", "legalValues": None})

    assert answer.status_code == 201
    assert await newest_event(store) == (
        "context-field-created",
        {"name": "tenant", "legalValues": None, "stickiness": False},
    )


@pytest.mark.parametrize("name", ["tenant", "userId", "sessionId"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}/validate"])
async def test_a_taken_name_is_409(
    store: Store, admin: httpx.AsyncClient, path: str, name: str
) -> None:
    before = store.snapshot

    answer = await admin.post(path, json={"name": name})

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "NameExistsError",
        "details": [{"message": f"A context field named '{name}' already exists."}],
    }
    assert store.snapshot is before


async def test_a_free_name_is_valid_and_stays_free(store: Store, admin: httpx.AsyncClient) -> None:
    before = store.snapshot

    answer = await admin.post(f"{PATH}/validate", json={"name": "region"})

    assert (answer.status_code, answer.text) == (200, "")
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("name", "rule"),
    [(None, "string.base"), ("", "string.empty"), ("two words", "isUrlFriendly.base")],
)
async def test_a_name_against_the_rule_is_not_valid(
    admin: httpx.AsyncClient, name: str | None, rule: str
) -> None:
    answer = await admin.post(f"{PATH}/validate", json={"name": name})

    assert violations_in(answer) == [("name", rule)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("name", "any.required")]),
        (
            {"name": "n", "legalValues": "a"},
            [("name", "string.min"), ("legalValues", "array.base")],
        ),
        ({"name": "region", "legalValues": ["a", "a"]}, [("legalValues[1]", "array.unique")]),
        (
            {"name": "region", "legalValues": ["", "x" * 101, 5]},
            [
                ("legalValues[0]", "string.empty"),
                ("legalValues[1]", "string.max"),
                ("legalValues[2]", "string.base"),
            ],
        ),
        (
            {"name": "region", "legalValues": ["a\nb"]},
            [("legalValues[0].value", "text-characters")],
        ),
        ({"name": "region", "description": "x" * 251}, [("description", "string.max")]),
        ({"name": "region", "stickiness": "maybe"}, [("stickiness", "boolean.base")]),
        ({"name": "region", "stickiness": None}, [("stickiness", "boolean.base")]),
        (
            {"name": "region", "legalValues": [str(number) for number in range(10_001)]},
            [("legalValues", "array.max")],
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


async def test_an_update_resets_what_it_does_not_name_except_the_description(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, update_context_field, "tenant", sort_order=4)

    answer = await admin.put(f"{PATH}/tenant", json={"name": "ignored"})

    assert (answer.status_code, answer.text) == (200, "")
    field = store.snapshot.context_fields["tenant"]
    assert (field.description, field.legal_values, field.stickiness, field.sort_order) == (
        "The tenant",
        (),
        False,
        4,
    )
    assert await newest_event(store) == (
        "context-field-updated",
        {"name": "tenant", "stickiness": False},
    )


@begins_with()
async def test_an_update_keeps_what_is_said_of_the_values_that_stay(
    store: Store, admin: httpx.AsyncClient
) -> None:
    values = [LegalValue("one", "The first."), LegalValue("two", "The second.")]
    await carry_out(store, create_context_field, name="tenant", legal_values=values)

    await admin.put(f"{PATH}/tenant", json={"legalValues": ["two", "three"], "description": None})

    assert store.snapshot.context_fields["tenant"].legal_values == (
        LegalValue("two", "The second.", as_string=True),
        LegalValue("three", as_string=True),
    )


async def test_an_update_without_a_change_writes_an_event_nevertheless(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await admin.put(f"{PATH}/tenant", json=TENANT)

    assert [item.wire_type for item in (await log(store))[-2:]] == [
        "context-field-created",
        "context-field-updated",
    ]
    assert await newest_event(store) == ("context-field-updated", TENANT)


async def test_updating_an_unknown_field_is_404(admin: httpx.AsyncClient) -> None:
    answer = await admin.put(f"{PATH}/nothing", json={})

    assert (answer.status_code, answer.text) == (404, "")


async def test_the_body_of_an_update_is_checked_before_the_name_is_looked_up(
    admin: httpx.AsyncClient,
) -> None:
    answer = await admin.put(f"{PATH}/nothing", json={"legalValues": [1]})

    assert violations_in(answer) == [("legalValues[0]", "string.base")]


async def test_a_field_is_deleted_with_its_event(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{PATH}/tenant")

    assert (answer.status_code, answer.text) == (200, "")
    assert "tenant" not in store.snapshot.context_fields
    assert await newest_event(store) == ("context-field-deleted", {"name": "tenant"})


async def test_deleting_an_unknown_field_is_404(admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{PATH}/nothing")

    assert (answer.status_code, answer.text) == (404, "")


async def test_a_built_in_field_is_not_deleted(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{PATH}/userId")

    assert (answer.status_code, answer.text) == (403, "")
    assert "userId" in store.snapshot.context_fields


async def test_a_field_that_a_toggle_uses_is_not_deleted(
    store: Store, admin: httpx.AsyncClient
) -> None:
    spec = StrategySpec(name="default", constraints=(Constraint("tenant", "IN", ("one",)),))
    await carry_out(store, create_toggle, name="t", strategies=[spec])

    answer = await admin.delete(f"{PATH}/tenant")

    assert answer.status_code == 409
    assert answer.json()["details"] == [
        {"message": "Context field 'tenant' cannot be deleted: one toggle uses it."}
    ]
    assert "tenant" in store.snapshot.context_fields


@begins_with()
async def test_a_new_field_without_legal_values_is_answered_with_an_empty_list(
    admin: httpx.AsyncClient,
) -> None:
    answer = await admin.post(PATH, json={"name": "bare"})

    assert answer.json()["legalValues"] == []
    assert "legalValues" not in (await admin.get(f"{PATH}/bare")).json()
