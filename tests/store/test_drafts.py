"""A draft lists its live toggles correctly after any changes."""

from datetime import UTC, datetime
from random import Random

import pytest
from msgspec import structs

from store.model import Toggle
from store.snapshot import Configuration, Draft, Snapshot
from store.toggle_order import MAX_SPLICED, sort_toggles

TIME = datetime(2026, 1, 1, tzinfo=UTC)


def toggle_of(number: int, *, id: str = "") -> Toggle:
    return Toggle(
        id=id or str(number),
        name=f"toggle-{number}",
        created_at=TIME,
        updated_at=TIME,
        revision=1,
    )


@pytest.mark.sample(2)
@pytest.mark.parametrize("seed", range(10))
def test_a_draft_sorts_its_live_toggles_after_each_change(seed: int) -> None:
    random = Random(seed)
    toggles = [toggle_of(number) for number in range(0, 2 * MAX_SPLICED, 2)]
    snapshot = Snapshot(
        1,
        Configuration(
            toggles={toggle.name: toggle for toggle in toggles},
            toggles_by_id={toggle.id: toggle for toggle in toggles},
        ),
    )
    before = snapshot.live_toggles
    draft = Draft(snapshot, 2)

    for step in range(2 * MAX_SPLICED):
        toggle = draft.toggles.get(f"toggle-{random.randrange(2 * MAX_SPLICED)}")
        if toggle is None:
            draft.put(toggle_of(random.randrange(3 * MAX_SPLICED), id=f"new-{step}"))
        elif random.random() < 0.3:
            draft.remove(toggle)
        else:
            archived_at = random.choice([None, TIME])
            draft.put(structs.replace(toggle, archived_at=archived_at, revision=2))
        if step % 3 == 0:
            draft = Draft(draft, 2)
        assert draft.live_toggles == sort_toggles(draft.toggles.values(), archived=False)

    assert snapshot.live_toggles is before
