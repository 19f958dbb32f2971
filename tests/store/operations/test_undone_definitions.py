"""The creation of strategies and context fields that toggles named before can be undone."""

from typing import Any

import pytest

from store import Store
from store.operations.change_sets import revert_change_set
from store.operations.toggles import update_toggle
from tests.store.operations.doing import carry_out, error_paths
from tests.store.transfer.documents import state, take

# Toggles can name strategies and context fields that do not exist.
CONSTRAINT = {"contextName": "plan", "operator": "IN", "values": ["free"]}
USER: dict[str, Any] = {
    "name": "user",
    "environments": [
        {
            "environment": "default",
            "strategies": [{"name": "by-plan", "parameters": {}, "constraints": [CONSTRAINT]}],
        }
    ],
}
DEFINITIONS: dict[str, Any] = {
    "strategies": [{"name": "by-plan"}],
    "contextFields": [{"name": "plan"}],
}


async def import_and_return_id(store: Store, **sections: Any) -> str:
    made = await take(store, state(**sections))
    assert made.change_set is not None
    return made.change_set.id


async def test_definitions_of_used_names_are_removed_again(store: Store):
    segment = {"name": "free", "constraints": [CONSTRAINT]}
    await import_and_return_id(store, toggles=[USER], segments=[segment])
    defined = await import_and_return_id(store, **DEFINITIONS)

    await carry_out(store, revert_change_set, defined)

    assert "by-plan" not in store.snapshot.strategies
    assert "plan" not in store.snapshot.context_fields


@pytest.mark.parametrize("name", ["by-plan", "plan"])
async def test_definitions_that_are_used_later_are_kept(store: Store, name: str):
    only = {
        "by-plan": {"strategies": DEFINITIONS["strategies"]},
        "plan": {"contextFields": DEFINITIONS["contextFields"]},
    }[name]
    defined = await import_and_return_id(store, **only)
    await import_and_return_id(store, toggles=[USER])
    await carry_out(store, update_toggle, "user", description="Changed.")

    errors = await error_paths(store, revert_change_set, defined)

    assert errors == [("IN_USE", ("id",))]


async def test_a_configuration_that_did_not_exist_before_is_removed(store: Store):
    await import_and_return_id(store, toggles=[{"name": "user"}])
    configured = await import_and_return_id(store, toggles=[USER])

    await carry_out(store, revert_change_set, configured)

    assert store.snapshot.toggles["user"].environments == {}
