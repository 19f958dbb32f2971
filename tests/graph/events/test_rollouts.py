"""A rollout is one change set whose steps are applied, paused, cancelled and refused in order."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph.ids import toggle_strategy_id
from rest_compat.app import RestConfig, rest_app
from store.operations.inputs import StrategySpec
from store.operations.toggles import create_toggle
from tests.graph.gateway import SECRETS
from tests.graph.scheduling import SCHEDULED, TimedGateway, timed_gateway_over
from tests.store.operations.doing import carry_out

STEPS = [
    {"after": 1, "rollout": 5},
    {"after": 60, "rollout": 25},
    {"after": 60, "rollout": 50},
    {"after": 60, "rollout": 75},
    {"after": 60, "rollout": 100},
]


class Rolling:
    """A gateway with the toggle `a`, which a strategy rolls out."""

    def __init__(self, timed: TimedGateway) -> None:
        self.timed = timed
        self.gateway = timed.gateway
        self.clock = timed.clock

    @property
    def strategy_id(self) -> str:
        toggle = self.timed.store.snapshot.toggles["a"]
        (strategy,) = toggle.in_environment("default").strategies
        return toggle_strategy_id(toggle.id, "default", strategy.id)

    @property
    def percentage(self) -> str:
        toggle = self.timed.store.snapshot.toggles["a"]
        (strategy,) = toggle.in_environment("default").strategies
        assert strategy.parameters
        return strategy.parameters["rollout"]

    async def start(self, steps: Any = None, **options: Any) -> Any:
        input = {"strategy": self.strategy_id, "steps": steps or STEPS, **options}
        payload = await self.gateway.change("rolloutSchedule", input, SCHEDULED)
        assert payload["errors"] == []
        return payload["changeSet"]

    async def pass_time(self, **time: float) -> str:
        await self.timed.pass_time(**time)
        return self.percentage

    async def states(self, rollout: Any) -> list[str]:
        found = await self.timed.read(rollout)
        return [found["state"], *(step["state"] for step in found["rollout"]["steps"])]

    async def edit(self) -> None:
        """Change the strategy independently of the rollout."""
        parameters = [{"name": "rollout", "value": "33"}]
        input = {"id": self.strategy_id, "parameters": parameters}
        await self.gateway.change("toggleStrategyUpdate", input)


@pytest.fixture
async def rolling(prepared_url: str) -> AsyncIterator[Rolling]:
    """A gateway whose toggle `a` is on for nobody."""
    async with timed_gateway_over(prepared_url) as timed:
        parameters = {"rollout": "0", "stickiness": "userId"}
        spec = StrategySpec(name="flexibleRollout", parameters=parameters)
        await carry_out(timed.store, create_toggle, name="a", enabled=True, strategies=(spec,))
        yield Rolling(timed)


async def test_steps_are_applied_one_after_another(rolling: Rolling) -> None:
    rollout = await rolling.start(comment="Slowly.")
    percentages = [
        await rolling.pass_time(seconds=59),
        await rolling.pass_time(seconds=1),
        await rolling.pass_time(minutes=59),
        await rolling.pass_time(minutes=1),
        await rolling.pass_time(minutes=60),
    ]
    midway = await rolling.timed.read(rollout)
    percentages += [await rolling.pass_time(minutes=60), await rolling.pass_time(minutes=60)]
    completed = await rolling.timed.read(rollout)

    assert percentages == ["0", "5", "5", "25", "50", "75", "100"]
    assert (midway["state"], completed["state"]) == ("SCHEDULED", "APPLIED")
    assert [step["state"] for step in midway["rollout"]["steps"]] == [
        "APPLIED",
        "APPLIED",
        "APPLIED",
        "SCHEDULED",
        "SCHEDULED",
    ]
    assert midway["rollout"]["steps"][3]["at"] == midway["applyAt"] != midway["appliedAt"]
    assert midway["rollout"]["steps"][4]["at"] is None
    assert [step["at"] == step["appliedAt"] for step in completed["rollout"]["steps"]] == [True] * 5
    assert [
        (event["type"], event["summary"]) for event in reversed(completed["events"]["nodes"])
    ] == [
        (
            "CHANGE_SET_SCHEDULED",
            f"Scheduled a rollout in 5 steps from {rollout['applyAt'][:19].replace('T', ' ')} UTC.",
        ),
        *(
            event
            for index, step in enumerate(STEPS, 1)
            for event in (
                (
                    "TOGGLE_STRATEGY_UPDATED",
                    "Changed strategy 'Gradual rollout' on toggle 'a' in default.",
                ),
                (
                    "CHANGE_SET_STEP_APPLIED",
                    f"Applied step {index} of 5 of a rollout: {step['rollout']} %.",
                ),
            )
        ),
        ("CHANGE_SET_APPLIED", "Completed a rollout at 100 %."),
    ]


async def test_an_edit_in_between_refuses_the_next_step(rolling: Rolling) -> None:
    rollout = await rolling.start()
    await rolling.pass_time(minutes=1)
    await rolling.pass_time(minutes=60)
    await rolling.edit()

    percentage = await rolling.pass_time(minutes=60)
    later = await rolling.pass_time(days=1)
    ended = await rolling.timed.read(rollout)

    assert (percentage, later) == ("33", "33")
    assert await rolling.states(rollout) == [
        "REFUSED",
        "APPLIED",
        "APPLIED",
        "REFUSED",
        "CANCELLED",
        "CANCELLED",
    ]
    assert ended["refusal"]["code"] == "REVISION_CONFLICT"
    assert await rolling.timed.events_of(rollout) == [
        "CHANGE_SET_SCHEDULED",
        *["TOGGLE_STRATEGY_UPDATED", "CHANGE_SET_STEP_APPLIED"] * 2,
        "CHANGE_SET_REFUSED",
    ]


async def test_with_force_steps_go_on_and_leave_other_parameters(rolling: Rolling) -> None:
    rollout = await rolling.start(force=True)
    parameters = [{"name": "rollout", "value": "33"}, {"name": "groupId", "value": "other"}]
    await rolling.gateway.change(
        "toggleStrategyUpdate", {"id": rolling.strategy_id, "parameters": parameters}
    )

    percentage = await rolling.pass_time(minutes=1)

    (strategy,) = rolling.timed.store.snapshot.toggles["a"].in_environment("default").strategies
    assert (percentage, (await rolling.states(rollout))[:2]) == ("5", ["SCHEDULED", "APPLIED"])
    assert strategy.parameters == {"rollout": "5", "groupId": "other"}


async def test_changes_elsewhere_do_not_stop_it(rolling: Rolling) -> None:
    rollout = await rolling.start()
    await rolling.gateway.change("toggleUpdate", {"name": "a", "description": "other"})

    assert await rolling.pass_time(minutes=1) == "5"
    assert (await rolling.states(rollout))[0] == "SCHEDULED"


async def test_a_paused_one_waits_and_keeps_its_distances(rolling: Rolling) -> None:
    rollout = await rolling.start()
    await rolling.pass_time(minutes=1)
    await rolling.pass_time(minutes=20)

    paused = await rolling.gateway.change("rolloutPause", {"id": rollout["id"]}, SCHEDULED)
    again = await rolling.gateway.refusal("rolloutPause", {"id": rollout["id"]})
    while_paused = await rolling.pass_time(days=1)
    resumed = await rolling.gateway.change("rolloutResume", {"id": rollout["id"]}, SCHEDULED)
    twice = await rolling.gateway.refusal("rolloutResume", {"id": rollout["id"]})
    percentages = [await rolling.pass_time(minutes=39), await rolling.pass_time(minutes=1)]

    assert paused["changeSet"]["rollout"]["pausedAt"] is not None
    assert (again["code"], twice["code"]) == ("WRONG_STATE", "WRONG_STATE")
    assert while_paused == "5"
    assert resumed["changeSet"]["rollout"]["pausedAt"] is None
    assert resumed["changeSet"]["rollout"]["steps"][1]["at"] == resumed["changeSet"]["applyAt"]
    assert percentages == ["5", "25"]
    assert (await rolling.timed.events_of(rollout))[3:5] == [
        "CHANGE_SET_PAUSED",
        "CHANGE_SET_RESUMED",
    ]


async def test_a_fixed_time_that_passes_in_a_pause_is_made_up_for(rolling: Rolling) -> None:
    steps = [
        {"at": rolling.clock.later(hours=1), "rollout": 10},
        {"at": rolling.clock.later(hours=2), "rollout": 20},
        {"after": 10, "rollout": 30},
    ]
    rollout = await rolling.start(steps)
    await rolling.gateway.change("rolloutPause", {"id": rollout["id"]})
    while_paused = await rolling.pass_time(hours=3)
    await rolling.gateway.change("rolloutResume", {"id": rollout["id"]})

    assert (while_paused, await rolling.pass_time()) == ("0", "20")
    assert await rolling.pass_time(minutes=10) == "30"
    assert await rolling.states(rollout) == ["APPLIED"] * 4


async def test_cancelling_ends_it_as_a_whole(rolling: Rolling) -> None:
    rollout = await rolling.start()
    await rolling.pass_time(minutes=1)

    await rolling.gateway.change("changeSetCancel", {"id": rollout["id"]})

    assert await rolling.pass_time(days=1) == "5"
    assert await rolling.states(rollout) == ["CANCELLED", "APPLIED", *["CANCELLED"] * 4]
    for mutation in ("rolloutPause", "rolloutResume", "changeSetCancel"):
        error = await rolling.gateway.refusal(mutation, {"id": rollout["id"]})
        assert (error["code"], error["path"]) == ("WRONG_STATE", ["id"])


async def test_undoing_a_rollout_undoes_all_of_its_steps(rolling: Rolling) -> None:
    rollout = await rolling.start()
    await rolling.pass_time(minutes=1)
    early = await rolling.gateway.refusal("changeSetRevert", {"id": rollout["id"]})
    await rolling.pass_time(minutes=60)
    await rolling.gateway.change("changeSetCancel", {"id": rollout["id"]})

    undone = await rolling.gateway.change("changeSetRevert", {"id": rollout["id"]})

    assert early["code"] == "WRONG_STATE"
    assert (undone["errors"], rolling.percentage) == ([], "0")


async def test_undoing_keeps_what_others_changed_between_the_steps(rolling: Rolling) -> None:
    rollout = await rolling.start()
    await rolling.pass_time(minutes=1)
    await rolling.gateway.change("toggleUpdate", {"name": "a", "description": "other"})
    await rolling.pass_time(minutes=60)
    await rolling.gateway.change("changeSetCancel", {"id": rollout["id"]})

    undone = await rolling.gateway.change("changeSetRevert", {"id": rollout["id"]})

    assert (undone["errors"], rolling.percentage) == ([], "0")
    assert rolling.timed.store.snapshot.toggles["a"].description == "other"


async def test_only_rollouts_can_be_paused(rolling: Rolling) -> None:
    change = {"toggleUpdate": {"name": "a", "description": "later"}}
    scheduled = await rolling.timed.schedule(change)

    error = await rolling.gateway.refusal("rolloutPause", {"id": scheduled["id"]})

    assert error["message"] == "The change set is no rollout; it can only be cancelled."


async def test_a_dry_run_reports_each_step(rolling: Rolling) -> None:
    payload = await rolling.gateway.change(
        "rolloutSchedule",
        {"strategy": rolling.strategy_id, "steps": STEPS, "dryRun": True},
        "changeSet { id } changes { index changes { before after } }",
    )

    assert payload["changeSet"] is None
    assert [change["index"] for change in payload["changes"]] == [0, 1, 2, 3, 4]
    assert payload["changes"][1]["changes"] == [{"before": "5", "after": "25"}]


async def test_bad_steps_are_refused_with_their_paths(rolling: Rolling) -> None:
    at = rolling.clock.later
    bad: dict[str, Any] = {
        "none": [],
        "too many": [{"after": 1, "rollout": 1}] * 51,
        "no time": [{"rollout": 1}],
        "two times": [{"at": at(minutes=5), "after": 5, "rollout": 1}],
        "past": [{"at": at(minutes=-5), "rollout": 1}],
        "no delay": [{"after": 0, "rollout": 1}],
        "beyond a year": [{"after": 1, "rollout": 1}, {"after": 365 * 24 * 60, "rollout": 2}],
        "out of order": [{"at": at(hours=2), "rollout": 1}, {"at": at(hours=1), "rollout": 2}],
        "percentage": [{"after": 1, "rollout": 101}],
    }

    errors = {
        name: await rolling.gateway.refusal(
            "rolloutSchedule", {"strategy": rolling.strategy_id, "steps": steps}
        )
        for name, steps in bad.items()
    }

    assert {
        name: (error.get("rule", error["code"]), ".".join(error["path"]))
        for name, error in errors.items()
    } == {
        "none": ("steps", "steps"),
        "too many": ("LIMIT_EXCEEDED", "steps"),
        "no time": ("step-time", "steps.0"),
        "two times": ("step-time", "steps.0"),
        "past": ("apply-at-range", "steps.0.at"),
        "no delay": ("step-after-range", "steps.0.after"),
        "beyond a year": ("apply-at-range", "steps.1.after"),
        "out of order": ("step-order", "steps.1.at"),
        "percentage": ("rollout-range", "steps.0.rollout"),
    }


async def test_the_errors_of_all_steps_come_at_once(rolling: Rolling) -> None:
    steps = [
        {"at": "9999-12-31T23:59:59Z", "rollout": -1},
        {"after": 365 * 24 * 60, "rollout": 2},
        {"at": "0001-01-01T00:00:00Z", "rollout": 3},
    ]

    errors = await rolling.gateway.refusals(
        "rolloutSchedule", {"strategy": rolling.strategy_id, "steps": steps}
    )

    assert [(error["rule"], ".".join(error["path"])) for error in errors] == [
        ("rollout-range", "steps.0.rollout"),
        ("apply-at-range", "steps.0.at"),
        ("apply-at-range", "steps.1.after"),
        ("step-order", "steps.2.at"),
    ]


async def test_a_strategy_without_a_percentage_cannot_be_rolled_out(rolling: Rolling) -> None:
    await carry_out(rolling.timed.store, create_toggle, name="b")
    toggle = rolling.timed.store.snapshot.toggles["b"]
    (strategy,) = toggle.in_environment("default").strategies
    ids = {
        "rollout-parameter": toggle_strategy_id(toggle.id, "default", strategy.id),
        "NOT_FOUND": toggle_strategy_id(toggle.id, "default", "none"),
        "id": "none",
    }

    for expected, id in ids.items():
        error = await rolling.gateway.refusal("rolloutSchedule", {"strategy": id, "steps": STEPS})
        assert (error.get("rule", error["code"]), error["path"]) == (expected, ["strategy"])


async def test_an_expected_revision_and_a_key_work_as_elsewhere(rolling: Rolling) -> None:
    input = {"strategy": rolling.strategy_id, "steps": STEPS, "expectedRevision": 1}

    error = await rolling.gateway.refusal("rolloutSchedule", input)
    first = await rolling.start(idempotencyKey="k")
    again = await rolling.start(idempotencyKey="k")

    assert (error["code"], error["path"]) == ("REVISION_CONFLICT", ["expectedRevision"])
    assert again["id"] == first["id"]


async def test_a_key_returns_a_rollout_whose_first_step_has_come(rolling: Rolling) -> None:
    steps = [{"at": rolling.clock.later(minutes=1), "rollout": 5}, {"after": 60, "rollout": 25}]
    first = await rolling.start(steps, idempotencyKey="k")

    await rolling.pass_time(seconds=30)
    soon = await rolling.start(steps, idempotencyKey="k")
    await rolling.pass_time(seconds=30)
    started = await rolling.start(steps, idempotencyKey="k")

    assert soon == first
    assert started["id"] == first["id"]
    assert [step["state"] for step in started["rollout"]["steps"]] == ["APPLIED", "SCHEDULED"]


async def test_sdks_get_each_step(rolling: Rolling) -> None:
    async def nothing(*_: Any) -> None:
        raise AssertionError

    transport = httpx.ASGITransport(rest_app(rolling.timed.store, RestConfig(), nothing))
    served: list[tuple[str, str]] = []
    await rolling.start()

    async with httpx.AsyncClient(transport=transport, base_url="http://flagstaff") as sdk:
        for minutes in (0, 1, 60):
            await rolling.pass_time(minutes=minutes)
            answer = await sdk.get(
                "/api/client/features", headers={"Authorization": SECRETS["client"]}
            )
            (feature,) = answer.json()["features"]
            parameters = feature["strategies"][0]["parameters"]
            served.append((parameters["rollout"], answer.headers["etag"]))

    assert [percentage for percentage, _ in served] == ["0", "5", "25"]
    assert len({etag for _, etag in served}) == 3
