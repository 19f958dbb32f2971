"""The results of an import: its change set, its events, its dry run, and its undo."""

import pytest

from store import Store
from store.events import EventType, SubjectKind
from store.model import SYSTEM
from store.operations.change_sets import revert_change_set
from store.operations.toggles import create_toggle
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from tests.statements import counted_statements
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.documents import configured, state, take

REPLACE_ALL = ImportMode.REPLACE_ALL


async def test_an_import_is_one_change_set_that_says_so_at_its_end(store: Store):
    await carry_out(store, create_toggle, name="old")
    await carry_out(store, create_toggle, name="changed")
    after = len(await log(store))

    made = await take(
        store,
        state(
            tags=[{"type": "simple", "value": "x"}],
            toggles=[{"name": "new"}, configured(enabled=True) | {"name": "changed"}],
        ),
        mode=REPLACE_ALL,
        comment="From the lab",
    )

    events = (await log(store))[after:]
    assert made.change_set is not None
    assert made.change_set.comment == "From the lab"
    assert [event.type for event in events] == [
        EventType.TAG_CREATED,
        EventType.TOGGLE_CREATED,
        EventType.TOGGLE_CONFIGURED,
        EventType.TOGGLE_DELETED,
        EventType.CHANGE_SET_APPLIED,
        EventType.STATE_IMPORTED,
    ]
    assert {event.change_set_id for event in events} == {made.change_set.id}
    assert events[-1].subject_kind is SubjectKind.STATE
    assert events[-1].summary == "Imported a state document: 2 created, 1 changed, 1 removed."
    assert [
        (change.index, change.event.type if change.event else None) for change in made.changes
    ] == [*enumerate(event.type for event in events[:4])]


async def test_a_dry_run_answers_the_same_and_stores_nothing(store: Store):
    await carry_out(store, create_toggle, name="old")
    snapshot, events = store.snapshot, await log(store)
    document = state(segments=[{"name": "s"}], toggles=[{"name": "new"}])

    async with store.write(SYSTEM, dry_run=True) as work:
        tried = await import_state(work, document, mode=REPLACE_ALL)

    assert (store.snapshot, await log(store)) == (snapshot, events)
    made = await take(store, document, mode=REPLACE_ALL)
    assert [change.event.summary for change in tried.changes if change.event] == [
        change.event.summary for change in made.changes if change.event
    ]


@pytest.mark.parametrize("mode", ImportMode)
async def test_what_was_imported_can_be_undone(store: Store, mode: ImportMode):
    await carry_out(store, create_toggle, name="a")
    before = export_document(store.snapshot, archived=True)

    made = await take(
        store,
        state(
            environments=[{"name": "prod"}],
            projects=[{"name": "shop"}],
            toggleTypes=[{"name": "own", "lifetimeDays": 3}],
            contextFields=[{"name": "plan"}],
            tagTypes=[{"name": "team"}],
            tags=[{"type": "team", "value": "free"}, {"type": "simple", "value": "free"}],
            segments=[{"name": "beta"}],
            strategies=[{"name": "mine", "deprecated": True}],
            toggles=[
                {
                    "name": "child",
                    "project": "shop",
                    "type": "own",
                    "tags": [{"type": "team", "value": "x"}, {"type": "simple", "value": "x"}],
                    "dependencies": [{"toggle": "parent"}],
                    "environments": [
                        {
                            "environment": "prod",
                            "strategies": [{"name": "mine", "segments": ["beta"]}],
                        }
                    ],
                },
                {"name": "parent"},
            ],
        ),
        mode=mode,
    )

    assert made.change_set is not None
    await carry_out(store, revert_change_set, made.change_set.id)
    assert export_document(store.snapshot, archived=True) == before


async def test_many_toggles_take_no_more_statements_than_few(store: Store):
    entry = configured(
        enabled=True, strategies=[{"name": "userWithId", "parameters": {"userIds": "a,b"}}]
    )
    counts: list[int] = []
    for count in (3, 200):
        toggles = [entry | {"name": f"t{count}-{at}"} for at in range(count)]
        with counted_statements() as statements:
            await take(store, state(toggles=toggles))
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert len(store.snapshot.live_toggles) == 203
