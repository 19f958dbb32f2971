"""Several changes are made together or not at all, looked at beforehand, and undone."""

from datetime import timedelta
from typing import Any

import pytest

from graph.ids import encode_id
from store.operations.change_sets import MAX_CHANGES
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

CHANGES = """
  changeSet { id comment revision appliedAt createdBy { name } }
  changes {
    index summary type subjectName environment { name }
    subject { id ... on Toggle { description } }
    changes { path kind before after } warnings { code message }
  }
"""


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


@pytest.fixture(autouse=True)
async def toggle(gateway: Gateway) -> None:
    """A toggle `t`, off, with the strategy `default`."""
    await gateway.change("toggleCreate", {"name": "t"})


async def apply(gateway: Gateway, *changes: Any, **options: Any) -> Any:
    """The payload of a change set that is applied."""
    payload = await gateway.change("changeSetApply", {"changes": changes, **options}, CHANGES)
    assert payload["errors"] == []
    return payload


async def revert(gateway: Gateway, applied: Any, **options: Any) -> Any:
    """The payload of a change set that is undone."""
    input = {"id": applied["changeSet"]["id"], **options}
    payload = await gateway.change("changeSetRevert", input, CHANGES)
    assert payload["errors"] == []
    return payload


async def refusals(gateway: Gateway, *changes: Any) -> list[tuple[str, list[str]]]:
    """Codes and paths of the errors of a change set that is refused."""
    errors = await gateway.refusals("changeSetApply", {"changes": changes})
    return [(error["code"], error["path"]) for error in errors]


DESCRIBE = {"toggleUpdate": {"name": "t", "description": "after"}}


# ------------------------------------------------------------------ applying


async def test_changes_build_on_those_before_them(gateway: Gateway) -> None:
    payload = await apply(
        gateway,
        {"toggleCreate": {"name": "new"}},
        {"toggleSetEnabled": {"name": "new", "enabled": True}},
        {"toggleTags": {"name": "new", "add": [{"value": "x"}]}},
        comment="All of it.",
    )

    created = gateway.store.snapshot.toggles["new"]
    assert created.in_environment("default").enabled
    assert payload["changeSet"]["comment"] == "All of it."
    assert payload["changeSet"]["revision"] == created.revision == gateway.store.snapshot.revision
    assert payload["changeSet"]["createdBy"] == {"name": "a admin"}
    assert [(it["index"], it["type"], it["subjectName"]) for it in payload["changes"]] == [
        (0, "TOGGLE_CREATED", "new"),
        (1, "TOGGLE_ENABLED", "new"),
        (2, "TOGGLE_TAGGED", "new"),
    ]
    assert payload["changes"][1]["environment"] == {"name": "default"}
    assert {it["subject"]["id"] for it in payload["changes"]} == {encode_id("Toggle", created.id)}


async def test_one_refusal_keeps_all_from_being_made(gateway: Gateway) -> None:
    refused = await refusals(gateway, DESCRIBE, {"toggleArchive": {"name": "missing"}})

    assert refused == [("NOT_FOUND", ["changes", "1", "toggleArchive", "name"])]
    assert gateway.store.snapshot.toggles["t"].description is None


async def test_all_errors_of_all_changes_come_at_once_with_their_places(gateway: Gateway) -> None:
    fixed = {"weightType": "FIX", "weight": 700}

    refused = await refusals(
        gateway,
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


async def test_a_name_is_taken_only_once_inside_a_change_set(gateway: Gateway) -> None:
    changes = [{"toggleCreate": {"name": "new"}}, {"toggleCreate": {"name": "new"}}]

    data = await gateway.run(
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
    assert "new" not in gateway.store.snapshot.toggles


async def test_errors_show_objects_as_they_are_stored(gateway: Gateway) -> None:
    await gateway.change("strategyCreate", {"name": "s"})
    await gateway.change("toggleConfigure", {"name": "t", "strategies": [{"name": "s"}]})

    data = await gateway.run(
        """
        mutation Refused($changes: [ChangeInput!]!) {
          changeSetApply(input: { changes: $changes }) {
            errors { ... on InUseError { usedBy { ... on Toggle { description revision } } } }
          }
        }
        """,
        {"changes": [DESCRIBE, {"strategyDelete": {"name": "s"}}]},
    )

    (error,) = data["changeSetApply"]["errors"]
    stored = gateway.store.snapshot.toggles["t"]
    assert error["usedBy"] == [{"description": "", "revision": stored.revision}]


async def test_expected_revisions_are_those_before_the_change_set(gateway: Gateway) -> None:
    known = gateway.store.snapshot.toggles["t"].revision
    expected = {"name": "t", "expectedRevision": known}

    await apply(
        gateway,
        {"toggleSetEnabled": {**expected, "enabled": True}},
        {"toggleConfigure": {**expected, "variants": [{"name": "v"}]}},
        {"toggleUpdate": {**expected, "stale": True}},
        {"toggleArchive": expected},
    )
    refused = await gateway.refusal(
        "changeSetApply",
        {
            "changes": [
                {"toggleRevive": {"name": "t"}},
                {"toggleUpdate": {**expected, "stale": False}},
            ]
        },
    )

    assert gateway.store.snapshot.toggles["t"].archived
    assert refused["path"] == ["changes", "1", "toggleUpdate", "expectedRevision"]
    assert (refused["expectedRevision"], refused["actualRevision"]) == (known, known + 1)
    assert refused["lastEvent"]["type"] == "TOGGLE_ARCHIVED"


async def test_more_changes_than_allowed_are_refused(gateway: Gateway) -> None:
    refused = await refusals(gateway, *([DESCRIBE] * (MAX_CHANGES + 1)))

    assert refused == [("LIMIT_EXCEEDED", ["changes"])]


async def test_how_many_changes_are_allowed_is_told(gateway: Gateway) -> None:
    data = await gateway.run("{ serverInfo { limits { maxChanges } } }")

    assert data["serverInfo"]["limits"] == {"maxChanges": MAX_CHANGES}


async def test_dependency_cycles_across_changes_are_refused(gateway: Gateway) -> None:
    await gateway.change("toggleCreate", {"name": "u"})

    refused = await refusals(
        gateway,
        {"toggleSetDependencies": {"name": "t", "dependencies": [{"toggle": "u"}]}},
        {"toggleSetDependencies": {"name": "u", "dependencies": [{"toggle": "t"}]}},
    )

    path = ["changes", "1", "toggleSetDependencies", "dependencies"]
    assert ("INVALID", [*path, "0", "toggle"]) in refused


@pytest.mark.parametrize(
    "change", [{}, {"toggleArchive": None}, {**DESCRIBE, "toggleArchive": {"name": "t"}}]
)
async def test_a_change_is_exactly_one_thing(gateway: Gateway, change: Any) -> None:
    literal = ", ".join(
        f"{name}: null" if value is None else f'{name}: {{ name: "t" }}'
        for name, value in change.items()
    )

    by_variable = await gateway.post(
        "mutation M($c: ChangeInput!) { changeSetApply(input: { changes: [$c] }) "
        "{ errors { code } } }",
        {"c": change},
    )
    by_literal = await gateway.post(
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
    gateway: Gateway, document: str, status: int
) -> None:
    field = "changeSetApply(input: { changes: [{ toggleArchive: $c }] }) { errors { code } }"

    response = await gateway.post(document.format(field), {"c": {"name": "t"}})

    assert response.status_code == status, response.text


async def test_a_change_without_an_effect_says_so(gateway: Gateway) -> None:
    payload = await apply(gateway, {"toggleSetEnabled": {"name": "t", "enabled": False}}, DESCRIBE)

    unchanged, changed = payload["changes"]
    assert (unchanged["index"], unchanged["type"]) == (0, "TOGGLE_DISABLED")
    assert unchanged["summary"] == "Leaves toggle 't' as it is."
    assert unchanged["subject"]["id"] == changed["subject"]["id"]
    assert unchanged["environment"] == {"name": "default"}
    assert unchanged["changes"] == []
    assert [it["code"] for it in unchanged["warnings"]] == ["NO_EFFECT"]
    assert changed["warnings"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"toggleUpdate": {"name": "t"}},
        {"toggleConfigure": {"name": "t"}},
        {"toggleCopyConfiguration": {"name": "t", "from": "default", "to": "empty"}},
        {"toggleTags": {"name": "t"}},
        {"toggleSetDependencies": {"name": "t", "dependencies": []}},
        {"strategyUpdate": {"name": "s"}},
    ],
)
async def test_a_change_set_without_any_effect_is_none(gateway: Gateway, change: Any) -> None:
    await gateway.change("strategyCreate", {"name": "s"})
    await gateway.change("environmentCreate", {"name": "empty", "copyFrom": "default"})
    before = gateway.store.snapshot

    payload = await apply(gateway, change)

    assert payload["changeSet"] is None
    assert [it["code"] for it in payload["changes"][0]["warnings"]] == ["NO_EFFECT"]
    assert payload["changes"][0]["subject"] is not None
    assert gateway.store.snapshot is before


# ------------------------------------------------------------------ looking beforehand


async def test_a_dry_run_shows_what_would_happen_to_what_is_there(gateway: Gateway) -> None:
    before = gateway.store.snapshot

    payload = await apply(gateway, {"toggleCreate": {"name": "new"}}, DESCRIBE, dryRun=True)

    created, described = payload["changes"]
    assert payload["changeSet"] is None
    assert (created["subject"], created["subjectName"]) == (None, "new")
    assert described["subject"]["description"] == ""
    assert described["changes"] == [
        {"path": "/description", "kind": "CHANGED", "before": None, "after": "after"}
    ]
    assert gateway.store.snapshot is before


async def test_warnings_say_what_to_think_about(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await gateway.change("toggleCreate", {"name": "child"})
    await gateway.change(
        "toggleSetDependencies", {"name": "child", "dependencies": [{"toggle": "t"}]}
    )
    await gateway.change(
        "contextFieldCreate", {"name": "country", "legalValues": [{"value": "de"}]}
    )
    await installation.register("web", "default")
    await installation.use("web", "t")
    await installation.use("old", "child", ago=timedelta(days=3))
    await installation.fold()
    abroad = {"contextName": "country", "operator": "IN", "values": ["fr"]}

    payload = await apply(
        gateway,
        {
            "toggleStrategyAdd": {
                "toggle": "t",
                "strategy": {"name": "flexibleRollout", "constraints": [abroad]},
            }
        },
        {"toggleArchive": {"name": "t"}},
        {"toggleArchive": {"name": "child"}},
        dryRun=True,
    )

    warnings = [[it["code"] for it in change["warnings"]] for change in payload["changes"]]
    assert warnings[0] == ["STRATEGY_NOT_IMPLEMENTED", "ILLEGAL_VALUE"]
    assert "STILL_IN_USE" in warnings[1]
    assert warnings[2] == []


# ------------------------------------------------------------------ keys against doing it twice


async def test_a_key_makes_the_same_changes_only_once(gateway: Gateway) -> None:
    first = await apply(gateway, {"toggleCreate": {"name": "new"}}, idempotencyKey="k")
    before = gateway.store.snapshot

    again = await apply(gateway, {"toggleCreate": {"name": "new"}}, idempotencyKey="k")
    other = await apply(gateway, DESCRIBE, idempotencyKey="l")

    assert again["changeSet"] == first["changeSet"]
    assert again["changes"] == first["changes"]
    assert other["changeSet"]["id"] != first["changeSet"]["id"]
    assert gateway.store.snapshot.revision == before.revision + 1


async def test_a_dry_run_and_a_refusal_do_not_use_up_a_key(gateway: Gateway) -> None:
    await apply(gateway, DESCRIBE, idempotencyKey="k", dryRun=True)
    await gateway.refusal(
        "changeSetApply",
        {"changes": [{"toggleArchive": {"name": "none"}}], "idempotencyKey": "k"},
    )

    payload = await apply(gateway, DESCRIBE, idempotencyKey="k")

    assert payload["changeSet"] is not None
    assert gateway.store.snapshot.toggles["t"].description == "after"


@pytest.mark.parametrize(
    "option", [{"idempotencyKey": ""}, {"idempotencyKey": "k" * 256}, {"comment": "c" * 10_001}]
)
async def test_keys_and_comments_have_their_limits(gateway: Gateway, option: Any) -> None:
    error = await gateway.refusal("changeSetApply", {"changes": [DESCRIBE], **option})

    assert (error["code"], error["path"]) == ("INVALID", [*option])


# ------------------------------------------------------------------ undoing


async def test_undoing_is_a_change_set_that_knows_what_it_undoes(gateway: Gateway) -> None:
    applied = await apply(gateway, DESCRIBE, {"toggleCreate": {"name": "new"}})

    undone = await revert(gateway, applied, comment="Back.")

    assert [it["type"] for it in undone["changes"]] == ["TOGGLE_DELETED", "TOGGLE_UPDATED"]
    assert [it["subject"] is None for it in undone["changes"]] == [True, False]
    assert "new" not in gateway.store.snapshot.toggles
    data = await gateway.run(
        "query Both($ids: [ID!]!) { nodes(ids: $ids) { ... on ChangeSet { "
        "comment reverts { id } revertedBy { id comment } } } }",
        {"ids": [applied["changeSet"]["id"], undone["changeSet"]["id"]]},
    )
    first, second = data["nodes"]
    assert first["revertedBy"] == {"id": undone["changeSet"]["id"], "comment": "Back."}
    assert second["reverts"] == {"id": applied["changeSet"]["id"]}
    assert (first["reverts"], second["revertedBy"]) == (None, None)


async def test_undoing_can_be_looked_at_beforehand(gateway: Gateway) -> None:
    applied = await apply(gateway, DESCRIBE)
    before = gateway.store.snapshot

    undone = await revert(gateway, applied, dryRun=True)

    assert undone["changeSet"] is None
    assert undone["changes"][0]["changes"] == [
        {"path": "/description", "kind": "CHANGED", "before": "after", "after": None}
    ]
    assert gateway.store.snapshot is before


async def test_what_others_changed_since_is_undone_only_by_force(gateway: Gateway) -> None:
    applied = await apply(gateway, DESCRIBE)
    await gateway.change("toggleUpdate", {"name": "t", "description": "by somebody else"})
    id = applied["changeSet"]["id"]

    error = await gateway.refusal("changeSetRevert", {"id": id})
    await revert(gateway, applied, force=True)

    assert (error["code"], error["path"]) == ("REVISION_CONFLICT", ["id"])
    assert "description" in error["message"]
    assert error["current"]["__typename"] == "Toggle"
    assert error["expectedRevision"] == applied["changeSet"]["revision"]
    assert error["lastEvent"]["summary"] == "Changed the description of toggle 't'."
    assert gateway.store.snapshot.toggles["t"].description is None


async def test_what_somebody_put_back_already_is_no_conflict(gateway: Gateway) -> None:
    applied = await apply(gateway, {"toggleSetEnabled": {"name": "t", "enabled": True}}, DESCRIBE)
    await gateway.change("toggleSetEnabled", {"name": "t", "enabled": False})

    partly = await revert(gateway, applied)
    again = await apply(gateway, {"toggleSetEnabled": {"name": "t", "enabled": True}})
    await gateway.change("toggleSetEnabled", {"name": "t", "enabled": False})
    nothing = await revert(gateway, again)

    assert [it["summary"] for it in partly["changes"]] == ["Put toggle 't' back as it was."]
    assert gateway.store.snapshot.toggles["t"].description is None
    assert (nothing["changeSet"], nothing["changes"]) == (None, [])


async def test_objects_that_refer_to_each_other_are_undone_in_an_order_that_works(
    gateway: Gateway,
) -> None:
    segment = await gateway.change(
        "segmentCreate", {"name": "s", "constraints": []}, "segment {id}"
    )
    id = segment["segment"]["id"]
    using = {"name": "t", "strategies": [{"name": "default", "segments": [id]}]}
    await gateway.change("toggleConfigure", using)
    # The toggle is the first and the last to be touched.
    removed = await apply(
        gateway,
        {"toggleConfigure": {"name": "t", "strategies": [{"name": "default"}]}},
        {"segmentDelete": {"id": id}},
        DESCRIBE,
    )

    brought_back = await revert(gateway, removed)
    await revert(gateway, brought_back)

    assert gateway.store.snapshot.segments == {}
    assert gateway.store.snapshot.toggles["t"].description == "after"


async def test_undoing_what_others_use_by_now_is_refused(gateway: Gateway) -> None:
    applied = await apply(gateway, {"strategyCreate": {"name": "s"}})
    await gateway.change("toggleConfigure", {"name": "t", "strategies": [{"name": "s"}]})

    error = await gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})

    assert (error["code"], error["path"]) == ("IN_USE", ["id"])
    assert error["usedBy"][0]["__typename"] == "Toggle"


async def test_undoing_cannot_close_a_circle_of_dependencies(gateway: Gateway) -> None:
    await gateway.change("toggleCreate", {"name": "u"})
    await gateway.change("toggleSetDependencies", {"name": "t", "dependencies": [{"toggle": "u"}]})
    applied = await apply(gateway, {"toggleSetDependencies": {"name": "t", "dependencies": []}})
    await gateway.change("toggleSetDependencies", {"name": "u", "dependencies": [{"toggle": "t"}]})

    error = await gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})

    assert (error["rule"], error["path"]) == ("dependency-cycle", ["id"])


async def test_a_change_set_is_undone_once(gateway: Gateway) -> None:
    applied = await apply(gateway, DESCRIBE)
    undone = await revert(gateway, applied)

    error = await gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})
    await revert(gateway, undone)

    assert (error["code"], error["path"]) == ("WRONG_STATE", ["id"])
    assert gateway.store.snapshot.toggles["t"].description == "after"


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("nonsense", "INVALID"),
        (encode_id("Toggle", "x"), "INVALID"),
        (encode_id("ChangeSet", "x"), "NOT_FOUND"),
    ],
)
async def test_only_change_sets_are_undone(gateway: Gateway, id: str, code: str) -> None:
    error = await gateway.refusal("changeSetRevert", {"id": id})

    assert (error["code"], error["path"]) == (code, ["id"])


# ------------------------------------------------------------------ reading


async def test_a_change_set_shows_its_changes_and_events(gateway: Gateway) -> None:
    applied = await apply(gateway, DESCRIBE, {"toggleArchive": {"name": "t"}}, comment="Both.")

    data = await gateway.run(
        """
        query One($id: ID!) { node(id: $id) { ... on ChangeSet {
          comment createdAt appliedAt createdBy { name kind }
          changes { index type summary subjectName changes { path } warnings { code } }
          events(first: 2) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes { type subject { __typename } changeSet { id } }
          }
        } } }
        """,
        {"id": applied["changeSet"]["id"]},
    )

    found = data["node"]
    assert found["comment"] == "Both."
    assert found["createdAt"] == found["appliedAt"]
    assert found["createdBy"] == {"name": "a admin", "kind": "TOKEN"}
    assert [(it["index"], it["type"]) for it in found["changes"]] == [
        (0, "TOGGLE_UPDATED"),
        (1, "TOGGLE_ARCHIVED"),
    ]
    assert found["changes"][0]["changes"] == [{"path": "/description"}]
    assert found["changes"][0]["warnings"] == []
    assert found["events"]["totalCount"] == 3
    assert found["events"]["pageInfo"]["hasNextPage"] is True
    assert [it["type"] for it in found["events"]["nodes"]] == [
        "CHANGE_SET_APPLIED",
        "TOGGLE_ARCHIVED",
    ]
    assert found["events"]["nodes"][0]["subject"] == {"__typename": "ChangeSet"}
    assert found["events"]["nodes"][1]["changeSet"] == {"id": applied["changeSet"]["id"]}


async def test_changes_read_the_same_while_they_are_made_and_from_the_log(gateway: Gateway) -> None:
    await gateway.change("toggleTags", {"name": "t", "add": [{"value": "a"}]})

    applied = await apply(gateway, {"toggleTags": {"name": "t", "add": [{"value": "b"}]}})

    data = await gateway.run(
        "query One($id: ID!) { node(id: $id) { ... on ChangeSet {"
        " changes { changes { path kind before after } } } } }",
        {"id": applied["changeSet"]["id"]},
    )
    difference = {"path": "/tags/1", "kind": "ADDED", "before": None}
    tag = {"type": "simple", "value": "b"}
    assert applied["changes"][0]["changes"] == [{**difference, "after": tag}]
    assert data["node"]["changes"][0]["changes"] == [{**difference, "after": tag}]


async def test_change_sets_are_listed_newest_first_page_by_page(gateway: Gateway) -> None:
    for number in range(3):
        described = {"name": "t", "description": f"{number}"}
        await apply(gateway, {"toggleUpdate": described}, comment=f"{number}")
    query = (
        "query Page($first: Int, $after: String) { changeSets(first: $first, after: $after) { "
        "totalCount nodes { comment } pageInfo { hasNextPage endCursor } } }"
    )

    first = (await gateway.run(query, {"first": 2}))["changeSets"]
    after = first["pageInfo"]["endCursor"]
    second = (await gateway.run(query, {"first": 2, "after": after}))["changeSets"]

    assert [it["comment"] for it in first["nodes"]] == ["2", "1"]
    assert [it["comment"] for it in second["nodes"]] == ["0"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert second["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ({}, ["second", "first"]),
        ({"toggles": ["t"]}, ["first"]),
        ({"environments": ["default"]}, ["second"]),
        ({"actors": ["a admin"]}, ["second", "first"]),
        ({"actors": ["nobody"]}, []),
        ({"createdAt": {"to": "2000-01-01T00:00:00Z"}}, []),
        ({"createdAt": {"from": "2000-01-01T00:00:00Z"}}, ["second", "first"]),
        ({"toggles": ["t"], "environments": ["default"]}, []),
    ],
)
async def test_change_sets_are_filtered(gateway: Gateway, filter: Any, found: list[str]) -> None:
    await gateway.change("toggleCreate", {"name": "u"})
    await apply(gateway, DESCRIBE, comment="first")
    await apply(gateway, {"toggleSetEnabled": {"name": "u", "enabled": True}}, comment="second")

    data = await gateway.run(
        "query Some($filter: ChangeSetFilter) { changeSets(filter: $filter) { "
        "totalCount nodes { comment } } }",
        {"filter": filter},
    )

    assert [it["comment"] for it in data["changeSets"]["nodes"]] == found
    assert data["changeSets"]["totalCount"] == len(found)


async def test_events_are_found_by_change_set(gateway: Gateway) -> None:
    applied = await apply(gateway, DESCRIBE)
    query = "query Some($ids: [ID!]) { events(filter: { changeSets: $ids }) { nodes { type } } }"

    found = await gateway.run(query, {"ids": [applied["changeSet"]["id"]]})
    refused = await gateway.post(query, {"ids": [encode_id("Toggle", "x")]})

    assert [it["type"] for it in found["events"]["nodes"]] == [
        "CHANGE_SET_APPLIED",
        "TOGGLE_UPDATED",
    ]
    assert refused.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_single_changes_belong_to_no_change_set(gateway: Gateway) -> None:
    data = await gateway.run("{ events(first: 1) { nodes { type changeSet { id } } } }")

    assert data["events"]["nodes"] == [{"type": "TOGGLE_CREATED", "changeSet": None}]
