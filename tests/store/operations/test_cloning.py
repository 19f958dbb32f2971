"""Create toggles as copies of others."""

import pytest

from store import Store
from store.operations.cloning import clone_toggle
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Dependency, Tag, Variant
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, error_paths, log, number_of_events

ROLLOUT = StrategySpec(
    name="flexibleRollout",
    title="Half",
    parameters={"rollout": "50", "stickiness": "default", "groupId": "shared"},
)
PLAIN = StrategySpec(name="odd", parameters={"n": 1}, disabled=True)


async def furnish(store: Store) -> None:
    """A toggle with a value in every field that is on in staging, and one that is archived."""
    await carry_out(store, create_environment, name="staging")
    for name in ("parent", "gone"):
        await carry_out(store, create_toggle, name=name)
    await carry_out(store, archive_toggle, "gone")
    await carry_out(
        store,
        create_toggle,
        name="a",
        description="Sells.",
        type="experiment",
        impression_data=True,
        tags=[Tag("simple", "red")],
        enabled=True,
    )
    await carry_out(
        store,
        configure_toggle,
        "a",
        environment="staging",
        enabled=True,
        strategies=[ROLLOUT, PLAIN],
        variants=[Variant("red", 1000)],
        allow_unknown=True,
    )
    await carry_out(store, set_dependencies, "a", [Dependency("parent", True, ())])


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the objects of `furnish`."""
    return filled(beginning, furnish)


async def test_a_copy_has_everything_but_the_tags_and_is_off(store: Store):
    origin = store.snapshot.toggles["a"]

    copy = await carry_out(store, clone_toggle, "a", new_name="b")

    assert (copy.description, copy.type, copy.impression_data) == ("Sells.", "experiment", True)
    assert (copy.project, copy.dependencies) == (origin.project, origin.dependencies)
    assert (copy.tags, copy.stale) == ((), False)
    assert not any(configured.enabled for configured in copy.environments.values())
    old, new = origin.in_environment("staging"), copy.in_environment("staging")
    assert new.variants == old.variants
    assert [(each.name, each.title, each.disabled) for each in new.strategies] == [
        ("flexibleRollout", "Half", False),
        ("odd", "", True),
    ]
    assert not {each.id for each in new.strategies} & {each.id for each in old.strategies}
    assert store.snapshot.toggles["a"] is origin


@pytest.mark.parametrize(("replace_groups", "group"), [(True, "b"), (False, "shared")])
async def test_a_copy_gets_its_own_group_of_rollouts(
    store: Store, replace_groups: bool, group: str
):
    copy = await carry_out(store, clone_toggle, "a", new_name="b", replace_groups=replace_groups)

    rollout, plain = copy.in_environment("staging").strategies
    assert rollout.parameters == {"rollout": "50", "stickiness": "default", "groupId": group}
    assert plain.parameters == {"n": 1}


async def test_a_copy_records_its_creation_configuration_and_dependencies(store: Store):
    before = len(await log(store))

    await carry_out(store, clone_toggle, "a", new_name="b")

    events = (await log(store))[before:]
    assert {event.toggle_name for event in events} == {"b"}
    assert [event.wire_type for event in events] == [
        "feature-created",
        "feature-configured",
        "feature-configured",
        "feature-dependencies-updated",
    ]


@pytest.mark.parametrize(
    ("name", "new_name", "problem"),
    [
        ("nobody", "b", ("NOT_FOUND", ("toggle",))),
        ("gone", "b", ("WRONG_STATE", ("toggle",))),
        ("a", "parent", ("ALREADY_EXISTS", ("name",))),
        ("a", "gone", ("ALREADY_EXISTS", ("name",))),
        ("a", "not a name", ("name-pattern", ("name",))),
    ],
)
async def test_copies_that_are_refused_leave_nothing(
    store: Store, name: str, new_name: str, problem: tuple[str, tuple[str, ...]]
):
    assert await error_paths(store, clone_toggle, name, new_name=new_name) == [problem]
    assert await number_of_events(store, since=store.snapshot.revision) == 0
