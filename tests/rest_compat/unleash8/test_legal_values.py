"""Legal values of context fields, as strings and as objects."""

from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash3.responses import violations_in
from tests.rest_compat.unleash8.conftest import problems

CONTEXT = "/api/admin/context"
PLAN = f"{CONTEXT}/plan"
FREE = {"value": "free", "description": "Without a contract."}
PRO = {"value": "pro"}


async def plan(store: Store) -> None:
    """The context field `plan` with two legal values."""
    answer = await admin_of(store).post(CONTEXT, json={"name": "plan", "legalValues": [FREE, PRO]})
    assert answer.status_code == 201, answer.text


pytestmark = begins_with(plan)


async def values(admin: httpx.AsyncClient) -> Any:
    """The legal values of the field."""
    return (await admin.get(PLAN)).json().get("legalValues")


@pytest.mark.parametrize(
    "sent", [[FREE, PRO], ["free", "pro"], ["free", PRO], [{"value": "team", "description": "x"}]]
)
async def test_legal_values_are_answered_in_the_form_in_which_they_were_sent(
    admin: httpx.AsyncClient, sent: list[Any]
) -> None:
    put = await admin.put(PLAN, json={"legalValues": sent})
    created = await admin.post(CONTEXT, json={"name": "other", "legalValues": sent})

    assert put.status_code == 200
    assert await values(admin) == [
        value if isinstance(value, str) else {k: v for k, v in value.items() if v} for value in sent
    ]
    assert created.json()["legalValues"] == await values(admin)
    (event,) = (await admin.get("/api/admin/events/other")).json()["events"]
    assert event["data"]["legalValues"] == sent


async def test_strings_keep_the_descriptions_of_values(
    admin: httpx.AsyncClient, store: Store
) -> None:
    await admin.put(PLAN, json={"legalValues": ["free", "team"]})

    (free, team) = store.snapshot.context_fields["plan"].legal_values
    assert (free.description, team.description) == (FREE["description"], "")


async def test_a_value_can_be_added_described_and_removed(admin: httpx.AsyncClient) -> None:
    path = f"{PLAN}/legal-values"

    added = await admin.post(path, json={"value": "team", "description": "Groups."})
    changed = await admin.post(path, json={"value": "free"})
    removed = await admin.delete(f"{path}/pro")
    absent = await admin.delete(f"{path}/pro")

    assert [a.status_code for a in (added, changed, removed, absent)] == [200, 200, 200, 200]
    assert await values(admin) == [
        {"value": "free"},
        {"value": "team", "description": "Groups."},
    ]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_the_context_field_must_exist(admin: httpx.AsyncClient, method: str) -> None:
    end = "legal-values" if method == "POST" else "legal-values/x"

    answer = await admin.request(method, f"{CONTEXT}/none/{end}", json={"value": "x"})

    assert problems(answer, 404, "NotFoundError") == {"": "No context field is named 'none'."}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/body/value"),
        ({"value": ""}, "/body/value"),
        ({"value": ["a"]}, "/body/value"),
        ({"value": "a\nb"}, "/body/value"),
        ({"value": "x" * 101}, "/body/value"),
        ({"value": "a", "description": {}}, "/body/description"),
    ],
)
async def test_what_is_wrong_with_a_single_value_is_reported(
    admin: httpx.AsyncClient, body: dict[str, Any], path: str
) -> None:
    before = await values(admin)

    answer = await admin.post(f"{PLAN}/legal-values", json=body)

    assert list(problems(answer, 400)) == [path]
    assert await values(admin) == before


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (7, "legalValues[0]"),
        (None, "legalValues[0]"),
        (["a"], "legalValues[0]"),
        ("", "legalValues[0]"),
        ({}, "legalValues[0].value"),
        ({"value": 7}, "legalValues[0].value"),
        ({"value": ""}, "legalValues[0].value"),
        ({"value": "x" * 101}, "legalValues[0].value"),
        ({"value": "a", "description": 7}, "legalValues[0].description"),
        ({"value": "twice"}, "legalValues[1]"),
    ],
)
async def test_what_is_wrong_with_legal_values_is_reported(
    admin: httpx.AsyncClient, sent: Any, path: str
) -> None:
    before = await values(admin)

    answer = await admin.put(PLAN, json={"legalValues": [sent, "twice"]})

    assert [at for at, _ in violations_in(answer)] == [path]
    assert await values(admin) == before
