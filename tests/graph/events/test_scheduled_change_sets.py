"""Exactly one process applies a change set at its scheduled time."""

from datetime import timedelta
from typing import Any

import pytest

from graph.events.stored_changes import inputs_from_json
from graph.scalars import format_datetime
from graph.schema import schema
from store.errors import Refusal
from store.operations import scheduling
from store.operations.applications import put_application
from store.operations.scheduling import MAX_SCHEDULED
from tests.graph.changing import describing
from tests.graph.scheduling import TimedGateway, is_on, switching_on
from tests.store.operations.doing import carry_out


async def test_a_scheduled_change_set_waits_for_its_time(timed: TimedGateway) -> None:
    apply_at = timed.clock.later(minutes=10)

    scheduled = await timed.schedule(switching_on("a"), describing("b"), comment="Launch.")
    logged = [event.type.name for event in await timed.gateway.events()]
    too_early = await timed.pass_time(minutes=9, seconds=59)
    before = (is_on(timed, "a"), await timed.read(scheduled))
    in_time = await timed.pass_time(seconds=1)
    applied = await timed.read(scheduled)

    assert (scheduled["state"], scheduled["applyAt"], scheduled["appliedAt"]) == (
        "SCHEDULED",
        apply_at,
        None,
    )
    assert [(change["type"], change["subjectName"]) for change in scheduled["changes"]] == [
        ("TOGGLE_ENABLED", "a"),
        ("TOGGLE_UPDATED", "b"),
    ]
    assert logged == ["CHANGE_SET_SCHEDULED"]
    assert (too_early, before) == (0, (False, scheduled))
    assert (in_time, is_on(timed, "a")) == (1, True)
    assert (applied["state"], applied["applyAt"], applied["appliedAt"]) == (
        "APPLIED",
        apply_at,
        apply_at,
    )
    assert applied["changes"] == scheduled["changes"]
    assert applied["createdBy"] == {"name": "a admin"}
    assert [
        (event["type"], event["summary"], event["actor"]["name"])
        for event in reversed(applied["events"]["nodes"])
    ] == [
        (
            "CHANGE_SET_SCHEDULED",
            f"Scheduled 2 changes for {timed.clock.now:%Y-%m-%d %H:%M:%S} UTC.",
            "a admin",
        ),
        ("TOGGLE_ENABLED", "Switched toggle 'a' on in default.", "a admin"),
        ("TOGGLE_UPDATED", "Changed the description of toggle 'b'.", "a admin"),
        ("CHANGE_SET_APPLIED", "Made 2 scheduled changes.", "a admin"),
    ]


async def test_an_applied_one_is_undone_like_any_other(timed: TimedGateway) -> None:
    scheduled = await timed.schedule(switching_on("a"))

    early = await timed.gateway.refusal("changeSetRevert", {"id": scheduled["id"]})
    await timed.pass_time(minutes=10)
    undone = await timed.gateway.change(
        "changeSetRevert", {"id": scheduled["id"]}, "changeSet { reverts { id } }"
    )

    assert (early["code"], early["path"]) == ("WRONG_STATE", ["id"])
    assert undone == {"changeSet": {"reverts": {"id": scheduled["id"]}}, "errors": []}
    assert not is_on(timed, "a")


async def test_changes_of_all_kinds_are_planned_applied_later_and_undone(
    timed: TimedGateway,
) -> None:
    await carry_out(timed.store, put_application, "shop")
    before = timed.store.snapshot
    await timed.gateway.change("toggleUpdate", {"name": "b", "description": "later"})
    changes = (
        {"toggleVariantAdd": {"toggle": "a", "variant": {"name": "red"}}},
        {"toggleRevertTo": {"name": "b", "revision": before.toggles["b"].revision}},
        {"applicationUpdate": {"name": "shop", "description": "The shop."}},
        {"projectCreate": {"name": "later"}},
        {"environmentCreate": {"name": "later"}},
        {"contextFieldCreate": {"name": "later"}},
        {"tagTypeCreate": {"name": "later"}},
        {"toggleTypeUpdate": {"name": "release", "lifetimeDays": 7}},
    )

    scheduled = await timed.schedule(*changes)
    plans = await timed.gateway.run(
        "query Plans($id: ID!) { node(id: $id) { ... on ChangeSet { changes { plan } } } }",
        {"id": scheduled["id"]},
    )
    handled = await timed.pass_time(minutes=10)
    applied = await timed.read(scheduled)
    shop = await timed.gateway.run('{ application(name: "shop") { description } }')
    after = timed.store.snapshot
    undone = await timed.gateway.change("changeSetRevert", {"id": scheduled["id"]})

    assert [change["plan"] for change in plans["node"]["changes"]] == [
        "Adds variant 'red' to toggle 'a' in default.",
        "Restores toggle 'b'.",
        "Changes application 'shop'.",
        "Creates project 'later'.",
        "Creates environment 'later'.",
        "Defines context field 'later'.",
        "Defines tag type 'later'.",
        "Changes the expected lifetime of toggle type 'release'.",
    ]
    assert (handled, applied["state"], applied["refusal"]) == (1, "APPLIED", None)
    variants = after.toggles["a"].in_environment("default").variants or ()
    assert [variant.name for variant in variants] == ["red"]
    assert after.toggles["b"].description is None
    assert shop["application"] == {"description": "The shop."}
    assert after.toggle_types["release"].lifetime_days == 7
    assert undone["errors"] == []
    now = timed.store.snapshot
    assert "later" in after.projects.keys() & after.environments.keys()
    assert "later" not in {*now.projects, *now.environments, *now.context_fields, *now.tag_types}
    assert now.toggles["b"].description == "later"


async def test_a_cancelled_one_is_never_applied(timed: TimedGateway) -> None:
    scheduled = await timed.schedule(switching_on("a"))

    cancelled = await timed.gateway.change(
        "changeSetCancel", {"id": scheduled["id"]}, "changeSet { state changes { type } }"
    )
    handled = await timed.pass_time(minutes=11)

    assert cancelled["changeSet"] == {
        "state": "CANCELLED",
        "changes": [{"type": "TOGGLE_ENABLED"}],
    }
    assert (handled, is_on(timed, "a")) == (0, False)
    assert await timed.events_of(scheduled) == ["CHANGE_SET_SCHEDULED", "CHANGE_SET_CANCELLED"]
    for mutation in ("changeSetCancel", "changeSetRevert"):
        error = await timed.gateway.refusal(mutation, {"id": scheduled["id"]})
        assert (error["code"], error["path"]) == ("WRONG_STATE", ["id"])


async def test_only_what_is_scheduled_can_be_cancelled(timed: TimedGateway) -> None:
    applied = await timed.gateway.change(
        "changeSetApply", {"changes": [switching_on("a")]}, "changeSet { id state applyAt }"
    )

    refused = [
        await timed.gateway.refusal("changeSetCancel", {"id": id})
        for id in (applied["changeSet"]["id"], "Q2hhbmdlU2V0Om5vbmU=", "none")
    ]

    assert applied["changeSet"]["state"] == "APPLIED"
    assert applied["changeSet"]["applyAt"] is None
    assert [error["code"] for error in refused] == ["WRONG_STATE", "NOT_FOUND", "INVALID"]


@pytest.mark.parametrize(
    "ahead", [-timedelta(days=1), timedelta(seconds=59), timedelta(days=365, seconds=1)]
)
async def test_times_are_from_one_minute_to_one_year_ahead(
    timed: TimedGateway, ahead: timedelta
) -> None:
    input = {"changes": [switching_on("a")], "applyAt": format_datetime(timed.clock.now + ahead)}

    error = await timed.gateway.refusal("changeSetApply", input)
    tried = await timed.gateway.refusal("changeSetApply", {**input, "dryRun": True})

    assert error == tried
    assert (error["rule"], error["path"]) == ("apply-at-range", ["applyAt"])


async def test_a_time_has_an_offset_and_is_stored_in_utc(timed: TimedGateway) -> None:
    local = (timed.clock.now + timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%S")

    refused = await timed.gateway.post(
        "mutation Later($input: ChangeSetApplyInput!) { changeSetApply(input: $input) {"
        " errors { code } } }",
        {"input": {"changes": [switching_on("a")], "applyAt": local}},
    )
    zoned = (timed.clock.now + timedelta(hours=2, minutes=10)).strftime("%Y-%m-%dT%H:%M:%S+02:00")
    scheduled = await timed.schedule(switching_on("a"), applyAt=zoned)

    assert "is not a date and time in RFC 3339 format with an offset" in refused.text
    assert scheduled["applyAt"] == timed.clock.later(minutes=10)


async def test_changes_are_tried_when_they_are_scheduled(timed: TimedGateway) -> None:
    input = {"changes": [switching_on("none")], "applyAt": timed.clock.later(minutes=2)}

    error = await timed.gateway.refusal("changeSetApply", input)
    tried = await timed.gateway.change(
        "changeSetApply",
        {**input, "changes": [switching_on("a")], "dryRun": True},
        "changeSet { id } changes { type warnings { code } }",
    )

    assert error["path"] == ["changes", "0", "toggleSetEnabled", "name"]
    assert tried["changeSet"] is None
    assert tried["changes"] == [{"type": "TOGGLE_ENABLED", "warnings": []}]
    assert await timed.pass_time(minutes=3) == 0


async def test_a_key_schedules_once(timed: TimedGateway) -> None:
    first = await timed.schedule(switching_on("a"), idempotencyKey="k")
    timed.clock.move(minutes=1)

    again = await timed.schedule(switching_on("a"), idempotencyKey="k")

    assert again == first


async def test_a_key_returns_a_change_set_whose_time_has_come(timed: TimedGateway) -> None:
    request = {"applyAt": timed.clock.later(minutes=1), "idempotencyKey": "k"}
    first = await timed.schedule(switching_on("a"), **request)

    await timed.pass_time(seconds=30)
    soon = await timed.schedule(switching_on("a"), **request)
    await timed.pass_time(seconds=30)
    applied = await timed.schedule(switching_on("a"), **request)

    assert soon == first
    assert (applied["id"], applied["state"]) == (first["id"], "APPLIED")


@pytest.mark.thorough
async def test_at_most_a_hundred_are_scheduled(timed: TimedGateway) -> None:
    first = await timed.schedule(switching_on("a"))
    for _ in range(MAX_SCHEDULED - 1):
        await timed.schedule(switching_on("a"))

    error = await timed.gateway.refusal(
        "changeSetApply",
        {"changes": [switching_on("a")], "applyAt": timed.clock.later(minutes=10)},
    )
    await timed.gateway.change("changeSetCancel", {"id": first["id"]})
    other = await timed.schedule(switching_on("b"))

    assert (error["code"], error["message"]) == (
        "LIMIT_EXCEEDED",
        "100 change sets are scheduled; at most 100 are allowed.",
    )
    assert other["state"] == "SCHEDULED"


async def test_a_scheduled_one_changes_a_limited_number_of_objects(
    timed: TimedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "MAX_PLANNED", 1)
    at = timed.clock.later(minutes=10)

    error = await timed.gateway.refusal(
        "changeSetApply", {"changes": [switching_on("a"), switching_on("b")], "applyAt": at}
    )
    scheduled = await timed.schedule(switching_on("a"))

    assert (error["code"], error["message"]) == (
        "LIMIT_EXCEEDED",
        "The change set would change 2 objects; a scheduled change set may change at most 1.",
    )
    assert scheduled["state"] == "SCHEDULED"


LIST = """query Some($filter: ChangeSetFilter) {
  changeSets(filter: $filter) { totalCount nodes { comment } }
}"""


async def test_lists_are_filtered_by_state(timed: TimedGateway) -> None:
    await timed.gateway.change("changeSetApply", {"changes": [describing("a")], "comment": "now"})
    await timed.schedule(
        switching_on("a"), comment="soon 100%", applyAt=timed.clock.later(minutes=2)
    )
    cancelled = await timed.schedule(switching_on("b"), comment="never")
    await timed.gateway.change("changeSetCancel", {"id": cancelled["id"]})
    await timed.schedule(switching_on("b"), comment="later")
    found: dict[str, list[str]] = {}
    filters: dict[str, Any] = {
        "scheduled": {"states": ["SCHEDULED"]},
        "cancelled": {"states": ["CANCELLED", "REFUSED"]},
        "applied": {"applied": True},
        "not applied": {"applied": False},
        "search": {"search": "SOON 100%"},
        "toggle": {"toggles": ["b"]},
        "environment": {"environments": ["default"], "states": ["SCHEDULED"]},
        "elsewhere": {"environments": ["production"]},
        "actor": {"actors": ["a admin"], "applied": False},
    }

    for name, filter in filters.items():
        data = await timed.gateway.run(LIST, {"filter": filter})
        found[name] = [node["comment"] for node in data["changeSets"]["nodes"]]
        assert data["changeSets"]["totalCount"] == len(found[name])

    assert found == {
        "scheduled": ["later", "soon 100%"],
        "cancelled": ["never"],
        "applied": ["now"],
        "not applied": ["later", "never", "soon 100%"],
        "search": ["soon 100%"],
        "toggle": ["later", "never"],
        "environment": ["later", "soon 100%"],
        "elsewhere": [],
        "actor": ["later", "never", "soon 100%"],
    }


def test_changes_of_an_unknown_form_are_refused() -> None:
    with pytest.raises(Refusal) as caught:
        inputs_from_json(schema, [{"toggleFly": {"name": "a"}}])

    assert [error.code for error in caught.value.errors] == ["INVALID"]
