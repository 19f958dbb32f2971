"""Objects of all kinds of reference data are created, changed and deleted. Bad input is refused."""

from itertools import count
from typing import Any

import pytest
from msgspec import Struct

from graph.ids import encode_id
from store.operations.limits import MAX_DESCRIPTION_LENGTH
from tests.graph.gateway import Gateway
from tests.operations import operations

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database. Each test creates separate objects."""
    return shared_url_on_each


class Form(Struct, frozen=True, kw_only=True):
    """The inputs of the three mutations of one kind of object, without IDs.

    `wrong` contains values that are refused, with the paths of their errors.
    """

    kind: str
    create: dict[str, Any]
    update: dict[str, Any]
    wrong: dict[str, Any]
    paths: list[list[str]]
    by_id: bool = False

    @property
    def field(self) -> str:
        """The name of the object in payloads."""
        return self.kind[0].lower() + self.kind[1:]

    def reference(self, found: dict[str, Any]) -> dict[str, Any]:
        """The part of the input that identifies the object."""
        key = "id" if self.by_id else "name"
        return {key: found[key]}


_TOO_LONG = "x" * (MAX_DESCRIPTION_LENGTH + 1)
FORMS = [
    Form(
        kind="Segment",
        create={
            "name": "beta testers",
            "constraints": [{"contextName": "userId", "operator": "IN", "values": ["7"]}],
        },
        update={"description": "Whoever asked for it."},
        wrong={
            "name": "",
            "constraints": [
                {"contextName": "userId", "operator": "IN", "values": ["7"]},
                {"contextName": "age", "operator": "NUM_GT", "values": ["young"]},
            ],
        },
        paths=[["name"], ["constraints", "1", "values", "0"]],
        by_id=True,
    ),
    Form(
        kind="ContextField",
        create={"name": "country", "legalValues": [{"value": "de", "description": "Germany"}]},
        update={"stickiness": True},
        wrong={"name": "a b", "legalValues": [{"value": "de"}, {"value": "de"}]},
        paths=[["name"], ["legalValues", "1", "value"]],
    ),
    Form(
        kind="TagType",
        create={"name": "team", "color": "#00ff00"},
        update={"icon": "people"},
        wrong={"name": "a/b", "color": "green"},
        paths=[["name"], ["color"]],
    ),
    Form(
        kind="Project",
        create={"name": "shop", "title": "The shop"},
        update={"description": "What people buy in."},
        wrong={"name": "..", "description": _TOO_LONG},
        paths=[["name"], ["description"]],
    ),
    Form(
        kind="Environment",
        create={"name": "staging", "type": "PRE_PRODUCTION"},
        update={"enabled": False},
        wrong={"name": "", "copyFrom": "nowhere"},
        paths=[["name"], ["copyFrom"]],
    ),
]
_numbers = count(1)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)


async def run(gateway: Gateway, operation: str, **input: Any) -> Any:
    """Run one of the operations and return the payload."""
    (payload,) = (await gateway.run(operations()[operation].text, {"input": input})).values()
    return payload


def filled_in(form: Form) -> dict[str, Any]:
    """Create an object with a unique name."""
    return {**form.create, "name": f"{form.create['name']}-{next(_numbers)}"}


async def created(gateway: Gateway, form: Form, **input: Any) -> dict[str, Any]:
    payload = await run(gateway, f"Create{form.kind}", **(input or filled_in(form)))
    assert payload["errors"] == []
    return payload[form.field]


@every_form
async def test_creating_returns_the_row_of_the_list(shared_gateway: Gateway, form: Form):
    input = filled_in(form)

    found = await created(shared_gateway, form, **input)

    history = await shared_gateway.run(operations()["HistoryOfSubject"].text, {"id": found["id"]})
    assert {name: found[name] for name in input if name != "constraints"} == {
        name: value for name, value in input.items() if name != "constraints"
    }
    assert found["revision"] == shared_gateway.store.snapshot.revision
    assert [node["subjectName"] for node in history["events"]["nodes"]] == [found["name"]]


@every_form
async def test_changing_returns_the_current_row(shared_gateway: Gateway, form: Form):
    before = await created(shared_gateway, form)

    payload = await run(
        shared_gateway,
        f"Update{form.kind}",
        **form.reference(before),
        **form.update,
        expectedRevision=before["revision"],
    )

    after = payload[form.field]
    assert payload["errors"] == []
    assert after == {**before, **form.update, "revision": shared_gateway.store.snapshot.revision}


@every_form
async def test_a_row_changed_meanwhile_is_not_changed_again(shared_gateway: Gateway, form: Form):
    before = await created(shared_gateway, form)

    payload = await run(
        shared_gateway,
        f"Update{form.kind}",
        **form.reference(before),
        **form.update,
        expectedRevision=before["revision"] - 1,
    )

    (error,) = payload["errors"]
    assert payload[form.field] is None
    assert error["code"] == "REVISION_CONFLICT"
    assert error["actualRevision"] == before["revision"]
    assert error["current"] == {"id": before["id"]}


@every_form
async def test_a_name_is_taken_only_once(shared_gateway: Gateway, form: Form):
    before = await created(shared_gateway, form)

    payload = await run(
        shared_gateway, f"Create{form.kind}", **{**form.create, "name": before["name"]}
    )

    (error,) = payload["errors"]
    assert payload[form.field] is None
    assert (error["code"], error["path"]) == ("ALREADY_EXISTS", ["name"])
    assert error["existing"] == {"id": before["id"]}


@every_form
async def test_all_that_is_wrong_in_a_form_is_said_at_once(shared_gateway: Gateway, form: Form):
    before = shared_gateway.store.snapshot

    payload = await run(shared_gateway, f"Create{form.kind}", **{**form.create, **form.wrong})

    assert shared_gateway.store.snapshot is before
    assert [error["path"] for error in payload["errors"]] == form.paths


@every_form
async def test_deleting_returns_the_id_to_drop_from_a_cache(shared_gateway: Gateway, form: Form):
    before = await created(shared_gateway, form)

    payload = await run(shared_gateway, f"Delete{form.kind}", **form.reference(before))
    again = await run(shared_gateway, f"Delete{form.kind}", **form.reference(before))

    assert payload == {"deletedId": before["id"], "errors": []}
    assert [error["code"] for error in again["errors"]] == ["NOT_FOUND"]


async def test_what_a_toggle_uses_is_not_deleted_and_the_toggle_is_named(shared_gateway: Gateway):
    by_kind = {form.kind: await created(shared_gateway, form) for form in FORMS}
    toggle = await shared_gateway.change(
        "toggleCreate",
        {
            "name": "t",
            "project": by_kind["Project"]["name"],
            "tags": [{"type": by_kind["TagType"]["name"], "value": "blue"}],
            "strategies": [
                {
                    "name": "default",
                    "segments": [by_kind["Segment"]["id"]],
                    "constraints": [
                        {
                            "contextName": by_kind["ContextField"]["name"],
                            "operator": "IN",
                            "values": ["de"],
                        }
                    ],
                }
            ],
        },
        "toggle { id name }",
    )
    assert toggle["errors"] == []

    for form in FORMS[:-1]:
        payload = await run(
            shared_gateway, f"Delete{form.kind}", **form.reference(by_kind[form.kind])
        )

        (error,) = payload["errors"]
        assert (error["code"], error["usedByCount"]) == ("IN_USE", 1)
        assert error["usedBy"] == [toggle["toggle"]]
        assert payload["deletedId"] is None


async def test_an_environment_that_a_token_names_is_not_deleted(shared_gateway: Gateway):
    environment = await created(shared_gateway, FORMS[-1])
    token = await shared_gateway.change(
        "apiTokenCreate",
        {"name": "stage", "type": "CLIENT", "environment": environment["name"]},
        "apiToken { id }",
    )

    payload = await run(shared_gateway, "DeleteEnvironment", name=environment["name"])

    (error,) = payload["errors"]
    assert error["code"] == "IN_USE"
    assert error["usedBy"] == [token["apiToken"]]


@pytest.mark.parametrize(
    ("operation", "input"),
    [
        ("DeleteProject", {"name": "default"}),
        ("DeleteEnvironment", {"name": "default"}),
        ("DeleteContextField", {"name": "userId"}),
    ],
)
async def test_what_is_built_in_stays(shared_gateway: Gateway, operation: str, input: Any):
    payload = await run(shared_gateway, operation, **input)

    assert [error["code"] for error in payload["errors"]] == ["BUILT_IN"]


async def test_a_segment_is_found_by_its_name(shared_gateway: Gateway):
    found = await created(shared_gateway, FORMS[0])
    page = operations()["SegmentDetailPage"].text

    data = await shared_gateway.run(page, {"name": found["name"]})
    nothing = await shared_gateway.run(page, {"name": found["name"].upper()})

    assert data["segment"]["id"] == found["id"]
    assert data["segment"]["toggles"]["totalCount"] == 0
    assert nothing["segment"] is None


async def test_the_lifetime_of_a_toggle_type_is_changed_and_taken_away(shared_gateway: Gateway):
    longer = await run(shared_gateway, "UpdateToggleType", name="release", lifetimeDays=90)
    endless = await run(shared_gateway, "UpdateToggleType", name="release", lifetimeDays=None)
    refused = await run(shared_gateway, "UpdateToggleType", name="release", lifetimeDays=0)

    assert longer["toggleType"]["lifetimeDays"] == 90
    assert endless["toggleType"]["lifetimeDays"] is None
    assert endless["toggleType"]["id"] == encode_id("ToggleType", "release")
    assert [error["path"] for error in refused["errors"]] == [["lifetimeDays"]]
