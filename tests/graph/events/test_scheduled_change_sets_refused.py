"""A scheduled change set is refused if its objects changed or its creator may no longer write."""

from functools import partial
from typing import Any

import pytest

from graph.events.stored_changes import changes_from_json
from graph.ids import encode_id
from graph.schema import schema
from store.change_sets import ChangeSetFilter, list_change_sets
from store.operations.applications import put_application
from store.operations.segments import create_segment
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import archive_toggle, delete_toggle
from store.operations.tokens import revoke_token
from store.paging import Window
from tests.graph.gateway import SECRETS
from tests.graph.scheduling import TimedGateway, is_on, switching_on
from tests.store.operations.doing import carry_out


async def test_one_whose_object_was_changed_is_refused_unless_forced(timed: TimedGateway) -> None:
    changes = {"toggleConfigure": {"name": "a", "variants": [{"name": "v"}]}}
    careful = await timed.schedule(changes)
    forced = await timed.schedule(changes, force=True)
    await carry_out(timed.store, set_enabled, "a", enabled=True)

    handled = await timed.pass_time(minutes=10)
    refused, applied = await timed.read(careful), await timed.read(forced)

    message = "The toggle 'a' was changed in default after the change set was scheduled."
    assert handled == 2
    assert (refused["state"], refused["appliedAt"]) == ("REFUSED", None)
    assert refused["refusal"] == {"code": "REVISION_CONFLICT", "message": message}
    assert refused["events"]["nodes"][0] == {
        "type": "CHANGE_SET_REFUSED",
        "summary": f"Refused scheduled changes: {message}",
        "actor": {"name": "flagstaff", "kind": "SYSTEM"},
    }
    assert (applied["state"], applied["refusal"]) == ("APPLIED", None)
    assert [change["type"] for change in refused["changes"]] == ["TOGGLE_VARIANTS_UPDATED"]


async def test_changes_elsewhere_do_not_matter(timed: TimedGateway) -> None:
    scheduled = await timed.schedule(switching_on("a"))
    for input in ({"name": "b", "description": "new"}, {"name": "a", "description": "new"}):
        await timed.gateway.change("toggleUpdate", input)

    await timed.pass_time(minutes=10)

    assert (await timed.read(scheduled))["state"] == "APPLIED"


async def test_changes_of_a_toggle_do_not_matter_to_an_application_of_the_same_name(
    timed: TimedGateway,
) -> None:
    await carry_out(timed.store, put_application, "a")
    applied, refused = [
        await timed.schedule({"applicationUpdate": {"name": "a", "description": text}}, applyAt=at)
        for text, at in (
            ("first", timed.clock.later(minutes=10)),
            ("then", timed.clock.later(minutes=20)),
        )
    ]
    await timed.gateway.change("toggleUpdate", {"name": "a", "description": "new"})

    await timed.pass_time(minutes=20)

    assert (await timed.read(applied))["state"] == "APPLIED"
    # The first change set has changed the application.
    assert (await timed.read(refused))["refusal"]["code"] == "REVISION_CONFLICT"


async def test_of_two_over_one_strategy_the_later_is_refused(timed: TimedGateway) -> None:
    strategies = [{"name": "flexibleRollout"}]
    first = await timed.schedule({"toggleConfigure": {"name": "a", "strategies": strategies}})
    second = await timed.schedule(
        {"toggleConfigure": {"name": "a", "strategies": []}}, applyAt=timed.clock.later(minutes=11)
    )

    await timed.pass_time(minutes=11)

    assert (await timed.read(first))["state"] == "APPLIED"
    assert (await timed.read(second))["refusal"]["code"] == "REVISION_CONFLICT"


async def test_a_change_without_an_effect_is_refused_if_its_object_was_changed(
    timed: TimedGateway,
) -> None:
    off = {"toggleSetEnabled": {"name": "a", "enabled": False}}
    kept, refused = await timed.schedule(off), await timed.schedule(off)

    await timed.gateway.change("toggleSetEnabled", {"name": "a", "enabled": True})
    await timed.gateway.change("changeSetCancel", {"id": kept["id"]})
    unchanged = await timed.schedule({"toggleSetEnabled": {"name": "a", "enabled": True}})
    await timed.pass_time(minutes=10)

    assert (await timed.read(refused))["refusal"]["code"] == "REVISION_CONFLICT"
    assert await timed.events_of(unchanged) == ["CHANGE_SET_SCHEDULED", "CHANGE_SET_APPLIED"]


@pytest.mark.thorough
async def test_changes_of_any_kind_are_refused_after_changes_of_their_object(
    timed: TimedGateway,
) -> None:
    await carry_out(timed.store, create_segment, name="testers")
    await carry_out(timed.store, put_application, "web")
    segment = encode_id("Segment", timed.store.snapshot.segments_by_name["testers"].id)
    inputs: dict[str, Any] = {
        "segmentUpdate": {"id": segment},
        "strategyUpdate": {"name": "userWithId"},
        "applicationUpdate": {"name": "web"},
        "projectUpdate": {"name": "default"},
        "tagTypeUpdate": {"name": "simple"},
    }
    text = {"strategyUpdate": "deprecated"}
    scheduled: dict[str, Any] = {}
    for mutation, input in inputs.items():
        field = text.get(mutation, "description")
        later = {field: True if field == "deprecated" else "later"}
        scheduled[mutation] = await timed.schedule({mutation: {**input, **later}})
    untouched = await timed.schedule({"contextFieldCreate": {"name": "tenant"}})
    for mutation, input in inputs.items():
        field = text.get(mutation, "description")
        now = {field: True if field == "deprecated" else "now"}
        assert (await timed.gateway.change(mutation, {**input, **now}))["errors"] == []

    await timed.pass_time(minutes=10)

    for mutation, item in scheduled.items():
        refusal = (await timed.read(item))["refusal"]
        assert (mutation, refusal["code"]) == (mutation, "REVISION_CONFLICT")
    assert (await timed.read(untouched))["state"] == "APPLIED"


async def test_one_whose_environment_was_changed_is_refused(timed: TimedGateway) -> None:
    await timed.gateway.change("environmentCreate", {"name": "staging"})
    scheduled = await timed.schedule({"environmentUpdate": {"name": "staging", "enabled": False}})
    await timed.gateway.change("environmentUpdate", {"name": "staging", "sortOrder": 7})

    await timed.pass_time(minutes=10)

    assert (await timed.read(scheduled))["refusal"] == {
        "code": "REVISION_CONFLICT",
        "message": "The environment 'staging' was changed after the change set was scheduled.",
    }


async def test_one_over_a_deleted_toggle_is_refused(timed: TimedGateway) -> None:
    scheduled = [
        await timed.schedule(switching_on("a")),
        await timed.schedule(switching_on("a"), force=True),
    ]
    await carry_out(timed.store, archive_toggle, "a")
    await carry_out(timed.store, delete_toggle, "a")

    await timed.pass_time(minutes=10)

    assert [(await timed.read(item))["refusal"] for item in scheduled] == [
        {"code": "NOT_FOUND", "message": "The toggle 'a' no longer exists."},
        {"code": "NOT_FOUND", "message": "No toggle is named 'a'."},
    ]


async def test_one_whose_creator_lost_the_token_is_refused(timed: TimedGateway) -> None:
    scheduled = await timed.schedule(switching_on("a"), force=True)
    token = timed.store.snapshot.token_of(SECRETS["admin"])
    assert token is not None
    await carry_out(timed.store, revoke_token, token.id)

    await timed.pass_time(minutes=10)

    async with timed.store.read() as session:
        (refused,) = (await list_change_sets(session, ChangeSetFilter(), Window(1))).items
    assert refused.state == "refused"
    assert (refused.refusal_code, refused.refusal_message) == (
        "UNAUTHENTICATED",
        "The token of its creator no longer exists or has expired.",
    )
    assert not is_on(timed, "a")
    assert scheduled["state"] == "SCHEDULED"


async def test_a_fault_refuses_one_and_not_those_after_it(
    timed: TimedGateway,
) -> None:
    broken = await timed.schedule(switching_on("a"))
    after = await timed.schedule(switching_on("b"), applyAt=timed.clock.later(minutes=11))

    def fail_once(document: Any, snapshot: Any) -> Any:
        timed.store.scheduler.use(partial(changes_from_json, schema))
        raise RuntimeError("a fault")

    timed.store.scheduler.use(fail_once)
    await timed.pass_time(minutes=11)

    assert (await timed.read(broken))["refusal"]["code"] == "FAULT"
    assert (await timed.read(after))["state"] == "APPLIED"
