"""Every mutation: access, recorded events, affected SDKs and undo."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import uvloop

from graph.events.stored_changes import changes_to_json, inputs_from_json
from graph.schema import schema
from store import Snapshot
from store.clock_skew import utc_now
from store.events import document_of
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.every_mutation import EXAMPLES, Example
from tests.graph.outcomes import (
    Instant,
    Sent,
    Served,
    Undone,
    make_and_undo,
    prepare_with_sdks,
    send,
    send_and_undo,
)
from tests.graph.prepared_store import Prepared, prepared
from tests.rewinding import RewoundStore
from tests.store.stored import assert_same_configuration

MUTATIONS = schema._schema.mutation_type
CHANGE_INPUT: Any = schema._schema.type_map["ChangeInput"]
# Some mutations can be part of a change set, and other mutations make a change set.
PARTS = [item for item in EXAMPLES if item.mutation in CHANGE_INPUT.fields]
WHOLES = [item for item in EXAMPLES if "CHANGE_SET_APPLIED" in item.events]


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """The installation that the examples need."""
    return filled(gateway_database, prepare_with_sdks)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """Runs functions on the event loop of the store."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as running:
        yield running


@pytest.fixture(scope="module")
def rewound(runner: asyncio.Runner, shared_url: str) -> Iterator[RewoundStore]:
    """Only SQLite, because other tests check the data that operations write to each database."""
    opened = runner.run(RewoundStore.open(shared_url, utc_now))
    yield opened
    runner.run(opened.close())


@pytest.fixture(scope="module")
def known(runner: asyncio.Runner, rewound: RewoundStore) -> Prepared:
    """The prepared objects that examples refer to."""
    return runner.run(prepared(rewound.store))


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda it: it.mutation)
def sent(
    request: pytest.FixtureRequest, runner: asyncio.Runner, rewound: RewoundStore, known: Prepared
) -> Sent:
    """The results of all examples. Each example is sent only once for all tests."""
    return runner.run(send(rewound, request.param, known))


@pytest.fixture(scope="module", params=PARTS, ids=lambda it: it.mutation)
def undone(
    request: pytest.FixtureRequest, runner: asyncio.Runner, rewound: RewoundStore, known: Prepared
) -> Undone:
    """The results of applying and undoing each example that a change set can contain."""
    return runner.run(make_and_undo(rewound, request.param, known))


def configuration(instant: Instant) -> Any:
    """Return all documents without actors and times, and the fields of applications.

    Tags are excluded, because a tag remains after its removal from all toggles. A toggle without a
    configuration in an environment equals a toggle that is off and has an empty configuration.
    """
    snapshot = instant.snapshot
    return {"applications": instant.applications} | {
        name: {
            str(key): _plain(document_of(subject), snapshot)
            for key, subject in getattr(snapshot, name).items()
        }
        for name in (
            "toggles",
            "strategies",
            "segments",
            "environments",
            "projects",
            "toggle_types",
            "context_fields",
            "tag_types",
        )
    }


def _plain(document: Any, snapshot: Snapshot) -> Any:
    bookkeeping = {"revision", "updatedAt", "servedRevision", "variants"}
    if "environments" in document:
        document["environments"] = {
            name: {
                **{key: value for key, value in environment.items() if key not in bookkeeping},
                "variants": environment.get("variants") or [],
            }
            for name, environment in document["environments"].items()
            if environment["enabled"] or environment["strategies"] or environment.get("variants")
        }
    return {key: value for key, value in document.items() if key not in bookkeeping}


def reached(before: Served, after: Served) -> set[str]:
    """Return the environments whose SDKs get different data."""
    return {name for name in before if before[name] != after[name]}


def content(served: Served) -> dict[str, Any]:
    """The data served to SDKs, without its revision."""
    return {name: {**json.loads(body), "meta": None} for name, (_, body) in served.items()}


def test_every_mutation_has_an_example():
    assert MUTATIONS is not None

    assert sorted(example.mutation for example in EXAMPLES) == sorted(MUTATIONS.fields)
    assert {part.mutation for part in PARTS} == set(CHANGE_INPUT.fields)


def test_only_an_admin_token_lets_it_pass(sent: Sent):
    assert {token: item.status_code for token, item in sent.refused.items()} == {
        None: 401,
        "client": 403,
        "frontend": 403,
        "viewer": 200,
    }
    answer = sent.refused["viewer"].json()
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert sent.still is sent.before.snapshot
    assert sent.payload["errors"] == []


def test_it_leaves_its_events_and_answers_in_full(sent: Sent):
    revision = sent.before.snapshot.revision + 1

    assert [event.type.name for event in sent.events] == sent.example.events
    assert {event.revision for event in sent.events} == {revision}
    assert all(event.summary.endswith(".") for event in sent.events)
    assert sent.after.snapshot.revision == revision
    assert {name for name, value in sent.payload.items() if not value} == sent.example.empty


def test_it_reaches_the_sdks_of_its_environments_and_no_others(sent: Sent):
    before, after = sent.before.served, sent.after.served

    assert reached(before, after) == sent.example.serves
    # An ETag changes if and only if the body changes.
    for name in before:
        old, new = before[name], after[name]
        assert (old[0] == new[0]) is (old[1] == new[1]), name


def test_another_process_follows_it_from_its_events(sent: Sent):
    if "STATE_IMPORTED" in sent.example.events:
        assert sent.followed is None
        return
    assert sent.followed is not None
    assert sent.followed is not sent.after.snapshot
    assert_same_configuration(sent.followed, sent.after.snapshot)


def test_it_does_the_same_in_a_change_set(undone: Undone):
    changes, events = undone.made["changes"], undone.events

    assert undone.made["errors"] == []
    assert [change["type"] for change in changes] == undone.example.changes
    assert [event.type.name for event in events] == [*undone.example.changes, "CHANGE_SET_APPLIED"]
    assert len({event.change_set_id for event in events}) == 1
    assert reached(undone.before.served, undone.between.served) == undone.example.serves


def test_a_dry_run_reports_the_same_and_changes_nothing(undone: Undone):
    changes = undone.tried["changes"]

    assert undone.tried["errors"] == []
    assert undone.tried["changeSet"] is None
    assert [change["type"] for change in changes] == undone.example.changes
    assert all(change["changes"] for change in changes)
    assert undone.still is undone.before.snapshot
    assert undone.events_of_trial == []


def test_undoing_a_change_set_brings_the_configuration_back(undone: Undone):
    before, after = undone.before, undone.after

    assert undone.undone["errors"] == []
    assert configuration(undone.between) != configuration(before)
    assert configuration(after) == configuration(before)
    assert content(after.served) == content(before.served)


@pytest.mark.parametrize("example", PARTS, ids=lambda it: it.mutation)
def test_it_can_be_stored_in_a_scheduled_change_set(example: Example, known: Prepared):
    document = [{example.mutation: example.input(known)}]

    inputs = inputs_from_json(schema, document)
    stored = json.loads(json.dumps(changes_to_json(inputs)))

    assert inputs_from_json(schema, stored) == inputs
    assert set(document[0][example.mutation]) <= set(stored[0][example.mutation])


@pytest.mark.parametrize("example", WHOLES, ids=lambda it: it.mutation)
def test_what_is_a_change_set_of_itself_is_undone_as_well(
    example: Example, runner: asyncio.Runner, rewound: RewoundStore, known: Prepared
):
    before, between, after = runner.run(send_and_undo(rewound, example, known))

    assert configuration(between) != configuration(before)
    assert configuration(after) == configuration(before)
    assert content(after.served) == content(before.served)
