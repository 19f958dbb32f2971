"""Refused change sets, and dry runs."""

from datetime import timedelta
from typing import Any

import pytest

from graph.ids import encode_id
from store import Store
from store.model import SYSTEM
from store.operations.change_sets import MAX_CHANGES
from store.operations.context_fields import create_context_field
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.fields import ContextFieldFields
from store.operations.rollouts import MAX_STEPS
from store.operations.scheduling import MAX_SCHEDULED
from store.operations.strategies import create_strategy
from store.operations.toggles import create_toggle
from store.values import Dependency, LegalValue
from tests.graph.changing import apply, describing
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESCRIBE = describing("t")


async def fill(store: Store) -> None:
    """Create toggles, among them a toggle that depends on another toggle, and a toggle in use.

    Also create a strategy, a context field with legal values, and an environment in which toggles
    have the same configuration as in `default`.
    """
    async with store.write(SYSTEM) as work:
        for name in ("t", "u", "parent", "child", "to-archive"):
            await create_toggle(work, name=name)
        await set_dependencies(work, "child", (Dependency("parent"),))
        await create_strategy(work, name="s")
        await create_context_field(
            work, name="country", fields=ContextFieldFields(legal_values=(LegalValue("de"),))
        )
        await create_environment(work, name="same", copy_from="default")
    installation = Installation(store)
    await installation.register("web", "default")
    await installation.use("web", "parent")
    await installation.use("old", "child", ago=timedelta(days=3))
    await installation.aggregate()


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the objects that the change sets of this module change."""
    return filled(gateway_database, fill)


async def refusals(shared_gateway: Gateway, *changes: Any) -> list[tuple[str, list[str]]]:
    """The codes and paths of the errors of a refused change set."""
    errors = await shared_gateway.refusals("changeSetApply", {"changes": changes})
    return [(error["code"], error["path"]) for error in errors]


async def test_one_refusal_prevents_all_of_them(shared_gateway: Gateway) -> None:
    refused = await refusals(shared_gateway, DESCRIBE, {"toggleArchive": {"name": "missing"}})

    assert refused == [("NOT_FOUND", ["changes", "1", "toggleArchive", "name"])]
    assert shared_gateway.store.snapshot.toggles["t"].description is None


async def test_all_errors_of_all_changes_come_at_once_with_their_paths(
    shared_gateway: Gateway,
) -> None:
    fixed = {"weightType": "FIX", "weight": 700}

    refused = await refusals(
        shared_gateway,
        {
            "toggleCreate": {
                "name": "a b",
                "variants": [{"name": "v", **fixed}, {"name": "w", **fixed}],
            }
        },
        {"toggleUpdate": {"name": "t", "description": None, "project": "nowhere"}},
        {"toggleStrategyUpdate": {"id": "nonsense", "title": "x"}},
        {"segmentDelete": {"id": encode_id("Segment", 99)}},
        {"strategyDelete": {"name": "default"}},
    )

    assert refused == [
        ("INVALID", ["changes", "0", "toggleCreate", "variants"]),
        ("INVALID", ["changes", "0", "toggleCreate", "name"]),
        ("INVALID", ["changes", "1", "toggleUpdate", "description"]),
        ("NOT_FOUND", ["changes", "1", "toggleUpdate", "project"]),
        ("INVALID", ["changes", "2", "toggleStrategyUpdate", "id"]),
        ("NOT_FOUND", ["changes", "3", "segmentDelete", "id"]),
        ("BUILT_IN", ["changes", "4", "strategyDelete", "name"]),
    ]


async def test_a_name_is_taken_only_once_inside_a_change_set(shared_gateway: Gateway) -> None:
    changes = [{"toggleCreate": {"name": "new"}}, {"toggleCreate": {"name": "new"}}]

    data = await shared_gateway.run(
        """
        mutation Twice($changes: [ChangeInput!]!) {
          changeSetApply(input: { changes: $changes }) {
            changeSet { id }
            errors { code path ... on AlreadyExistsError { archived existing { ... on Toggle {
              name type { name } environments { enabled toggle { name } strategies {
                toggleEnvironment { toggle { name } }
              } }
            } } } }
          }
        }
        """,
        {"changes": changes},
    )

    (error,) = data["changeSetApply"]["errors"]
    assert data["changeSetApply"]["changeSet"] is None
    assert error["code"] == "ALREADY_EXISTS"
    assert error["path"] == ["changes", "1", "toggleCreate", "name"]
    assert error["existing"]["environments"][0]["toggle"] == {"name": "new"}
    assert "new" not in shared_gateway.store.snapshot.toggles


async def test_more_changes_than_allowed_are_refused(shared_gateway: Gateway) -> None:
    refused = await refusals(shared_gateway, *([DESCRIBE] * (MAX_CHANGES + 1)))

    assert refused == [("LIMIT_EXCEEDED", ["changes"])]


async def test_how_many_changes_are_allowed_is_reported(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        "{ serverInfo { limits { maxChanges maxScheduled maxSteps } } }"
    )

    assert data["serverInfo"]["limits"] == {
        "maxChanges": MAX_CHANGES,
        "maxScheduled": MAX_SCHEDULED,
        "maxSteps": MAX_STEPS,
    }


async def test_dependency_cycles_across_changes_are_refused(shared_gateway: Gateway) -> None:
    refused = await refusals(
        shared_gateway,
        {"toggleSetDependencies": {"name": "t", "dependencies": [{"toggle": "u"}]}},
        {"toggleSetDependencies": {"name": "u", "dependencies": [{"toggle": "t"}]}},
    )

    path = ["changes", "1", "toggleSetDependencies", "dependencies"]
    assert ("INVALID", [*path, "0", "toggle"]) in refused


@pytest.mark.parametrize(
    "change", [{}, {"toggleArchive": None}, {**DESCRIBE, "toggleArchive": {"name": "t"}}]
)
async def test_a_change_is_exactly_one_thing(shared_gateway: Gateway, change: Any) -> None:
    literal = ", ".join(
        f"{name}: null" if value is None else f'{name}: {{ name: "t" }}'
        for name, value in change.items()
    )

    by_variable = await shared_gateway.post(
        "mutation M($c: ChangeInput!) { changeSetApply(input: { changes: [$c] }) "
        "{ errors { code } } }",
        {"c": change},
    )
    by_literal = await shared_gateway.post(
        f"mutation {{ changeSetApply(input: {{ changes: [{{ {literal} }}] }}) "
        "{ errors { code } } }"
    )

    assert (by_variable.status_code, by_literal.status_code) == (400, 422)


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ("mutation {{ {} }}", 422),
        ("fragment F on Mutation {{ {} }} mutation M($c: ToggleArchiveInput!) {{ ...F }}", 200),
        ("mutation M($c: ToggleArchiveInput) {{ {} }}", 422),
    ],
)
async def test_variables_inside_a_change_are_checked(
    shared_gateway: Gateway, document: str, status: int
) -> None:
    field = "changeSetApply(input: { changes: [{ toggleArchive: $c }] }) { errors { code } }"

    response = await shared_gateway.post(document.format(field), {"c": {"name": "to-archive"}})

    assert response.status_code == status, response.text


@pytest.mark.parametrize(
    "option", [{"idempotencyKey": ""}, {"idempotencyKey": "k" * 256}, {"comment": "c" * 10_001}]
)
async def test_keys_and_comments_have_their_limits(shared_gateway: Gateway, option: Any) -> None:
    error = await shared_gateway.refusal("changeSetApply", {"changes": [DESCRIBE], **option})

    assert (error["code"], error["path"]) == ("INVALID", [*option])


@pytest.mark.parametrize(
    "change",
    [
        {"toggleUpdate": {"name": "t"}},
        {"toggleConfigure": {"name": "t"}},
        {"toggleCopyConfiguration": {"name": "t", "from": "default", "to": "same"}},
        {"toggleTags": {"name": "t"}},
        {"toggleSetDependencies": {"name": "t", "dependencies": []}},
        {"strategyUpdate": {"name": "s"}},
    ],
)
async def test_a_change_set_without_any_effect_is_none(
    shared_gateway: Gateway, change: Any
) -> None:
    before = shared_gateway.store.snapshot

    payload = await apply(shared_gateway, change)

    assert payload["changeSet"] is None
    assert [warning["code"] for warning in payload["changes"][0]["warnings"]] == ["NO_EFFECT"]
    assert payload["changes"][0]["subject"] is not None
    assert shared_gateway.store.snapshot is before


async def test_a_dry_run_shows_what_would_happen_to_what_is_there(shared_gateway: Gateway) -> None:
    before = shared_gateway.store.snapshot

    payload = await apply(shared_gateway, {"toggleCreate": {"name": "new"}}, DESCRIBE, dryRun=True)

    created, described = payload["changes"]
    assert payload["changeSet"] is None
    assert (created["subject"], created["subjectName"]) == (None, "new")
    assert described["subject"]["description"] == ""
    assert described["changes"] == [
        {"path": "/description", "kind": "CHANGED", "before": None, "after": "after"}
    ]
    assert shared_gateway.store.snapshot is before


async def test_the_plan_of_a_change_is_in_the_present_tense(shared_gateway: Gateway) -> None:
    payload = await shared_gateway.change(
        "changeSetApply",
        {
            "changes": [
                {"toggleArchive": {"name": "t"}},
                {"toggleTags": {"name": "u", "add": [{"value": "Took"}]}},
                {"toggleUpdate": {"name": "u"}},
            ],
            "dryRun": True,
        },
        "changes { plan }",
    )

    assert [change["plan"] for change in payload["changes"]] == [
        "Archives toggle 't'.",
        "Puts the tag 'simple:Took' on toggle 'u'.",
        "Leaves toggle 'u' unchanged.",
    ]


async def test_warnings_name_the_objects_that_they_are_about(shared_gateway: Gateway) -> None:
    abroad = {"contextName": "country", "operator": "IN", "values": ["fr"]}
    rollout = {"name": "flexibleRollout", "constraints": [abroad]}

    payload = await shared_gateway.change(
        "changeSetApply",
        {
            "changes": [
                {"toggleStrategyAdd": {"toggle": "parent", "strategy": rollout}},
                {"toggleArchive": {"name": "parent"}},
                {"toggleUpdate": {"name": "u"}},
            ],
            "dryRun": True,
        },
        """changes { warnings { code subjects {
          __typename
          ... on Application { name } ... on Toggle { name } ... on ContextField { name }
        } } }""",
    )

    warned = [
        (warning["code"], [tuple(subject.values()) for subject in warning["subjects"]])
        for change in payload["changes"]
        for warning in change["warnings"]
    ]
    assert warned == [
        ("STRATEGY_NOT_IMPLEMENTED", [("Application", "web")]),
        ("ILLEGAL_VALUE", [("ContextField", "country")]),
        ("STILL_IN_USE", [("Application", "web")]),
        ("HAS_DEPENDENTS", [("Toggle", "child")]),
        ("NO_EFFECT", []),
    ]


async def test_warnings_say_what_to_think_about(shared_gateway: Gateway) -> None:
    abroad = {"contextName": "country", "operator": "IN", "values": ["fr"]}

    payload = await apply(
        shared_gateway,
        {
            "toggleStrategyAdd": {
                "toggle": "parent",
                "strategy": {"name": "flexibleRollout", "constraints": [abroad]},
            }
        },
        {"toggleArchive": {"name": "parent"}},
        {"toggleArchive": {"name": "child"}},
        dryRun=True,
    )

    warnings = [
        [warning["code"] for warning in change["warnings"]] for change in payload["changes"]
    ]
    assert warnings[0] == ["STRATEGY_NOT_IMPLEMENTED", "ILLEGAL_VALUE"]
    assert "STILL_IN_USE" in warnings[1]
    assert warnings[2] == []
