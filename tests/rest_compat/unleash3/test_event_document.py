"""The events of the 3.x admin API for changes that were made through other APIs."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest

from rest_compat.unleash3.event_document import event_document
from store import Store
from store.model import ANONYMOUS, SYSTEM, Actor, ActorKind
from store.operations.context_fields import (
    create_context_field,
    delete_context_field,
    update_context_field,
)
from store.operations.fields import (
    ContextFieldFields,
    ProjectFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project, delete_project, update_project
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.tag_types import create_tag_type, delete_tag_type, update_tag_type
from store.operations.tags import change_tags, create_tag, delete_tag
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    remove_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    revive_toggle,
    update_toggle,
)
from store.unit_of_work import UnitOfWork
from store.values import LegalValue, StrategyParameter, Tag, Variant
from tests.rest_compat.conftest import begins_with
from tests.rest_compat.unleash3.toggles import stored
from tests.store.operations.doing import carry_out, last_event

Change: TypeAlias = Callable[[UnitOfWork], Awaitable[Any]]

RED, BLUE = Tag("simple", "red"), Tag("simple", "blue")
STRATEGY = {
    "name": "mine",
    "description": None,
    "parameters": [{"name": "p", "type": "list", "description": "", "required": True}],
    "editable": True,
    "deprecated": False,
}
TENANT = {
    "name": "tenant",
    "description": None,
    "legalValues": [{"value": "a", "description": "The first"}],
    "stickiness": False,
}


async def newest_event(store: Store, *changes: Change) -> tuple[str, dict[str, Any]]:
    """Make changes; return the type and data of the 3.x event of the last change."""
    for change in changes:
        await carry_out(store, change)
    document = event_document(await last_event(store))
    return document.type, document.data


async def make_cart(work: UnitOfWork) -> None:
    strategy = StrategySpec(name="userWithId", parameters={"userIds": "7"})
    await create_toggle(work, name="cart", tags=[RED], strategies=[strategy])


async def cart(store: Store) -> None:
    """The toggle `cart`."""
    await carry_out(store, make_cart)


with_cart = begins_with(cart)


async def add_strategy(work: UnitOfWork) -> None:
    await add_toggle_strategy(work, "cart", strategy=StrategySpec(name="default"))


async def change_strategy(work: UnitOfWork) -> None:
    (strategy,) = work.snapshot.toggles["cart"].in_environment("default").strategies
    await update_toggle_strategy(
        work,
        toggle_id=strategy.toggle_id,
        environment="default",
        strategy_id=strategy.id,
        title="Everybody",
    )


async def move_strategy(work: UnitOfWork) -> None:
    last = work.snapshot.toggles["cart"].in_environment("default").strategies[-1]
    await update_toggle_strategy(
        work,
        toggle_id=last.toggle_id,
        environment="default",
        strategy_id=last.id,
        position=0,
    )


async def remove_strategy(work: UnitOfWork) -> None:
    (strategy,) = work.snapshot.toggles["cart"].in_environment("default").strategies
    await remove_toggle_strategy(
        work, toggle_id=strategy.toggle_id, environment="default", strategy_id=strategy.id
    )


@pytest.mark.parametrize(
    ("changes", "type"),
    [
        ([lambda work: set_enabled(work, "cart", enabled=True)], "feature-environment-enabled"),
        (
            [
                lambda work: set_enabled(work, "cart", enabled=True),
                lambda work: set_enabled(work, "cart", enabled=False),
            ],
            "feature-environment-disabled",
        ),
        ([add_strategy], "feature-strategy-add"),
        ([change_strategy], "feature-strategy-update"),
        ([add_strategy, move_strategy], "strategy-order-changed"),
        ([remove_strategy], "feature-strategy-remove"),
        (
            [lambda work: configure_toggle(work, "cart", variants=[Variant("a", 1000)])],
            "feature-environment-variants-updated",
        ),
        (
            [lambda work: configure_toggle(work, "cart", enabled=True, strategies=[])],
            "feature-configured",
        ),
        (
            [lambda work: update_toggle(work, "cart", ToggleFields(description="New"))],
            "feature-updated",
        ),
    ],
)
@with_cart
async def test_any_change_of_the_configuration_is_an_update_with_the_toggle_as_it_was_then(
    store: Store, changes: list[Change], type: str
) -> None:
    document = await newest_event(store, *changes)

    assert (await last_event(store)).wire_type == type
    assert document == ("feature-updated", stored(store, "cart"))


@with_cart
async def test_an_event_shows_the_same_whatever_happens_to_the_toggle_later(
    store: Store, admin: httpx.AsyncClient
) -> None:
    _, data = await newest_event(store, add_strategy)
    await carry_out(store, update_toggle, "cart", description="Later")

    later, earlier, *_ = (await admin.get("/api/admin/events")).json()["events"]

    assert (earlier["type"], earlier["data"]) == ("feature-updated", data)
    assert (later["type"], later["data"]["description"]) == ("feature-updated", "Later")


@pytest.mark.parametrize(
    ("stale", "type"), [(True, "feature-stale-on"), (False, "feature-stale-off")]
)
async def test_marks_come_with_the_toggle(store: Store, stale: bool, type: str) -> None:
    await carry_out(store, create_toggle, name="cart", stale=not stale)

    document = await newest_event(store, lambda work: update_toggle(work, "cart", stale=stale))

    assert document == (type, stored(store, "cart"))
    assert document[1]["stale"] is stale


async def test_a_new_toggle_comes_with_its_settings(store: Store) -> None:
    document = await newest_event(store, make_cart)

    assert document == (
        "feature-created",
        {
            "name": "cart",
            "description": None,
            "type": "release",
            "project": "default",
            "enabled": False,
            "stale": False,
            "strategies": [{"name": "userWithId", "parameters": {"userIds": "7"}}],
            "variants": None,
        },
    )


@pytest.mark.parametrize(
    "life",
    [
        pytest.param(
            [
                (
                    lambda work: change_tags(work, "cart", add=[BLUE]),
                    "feature-tagged",
                    {"featureName": "cart", "tag": {"type": "simple", "value": "blue"}},
                ),
                (
                    lambda work: change_tags(work, "cart", remove=[RED]),
                    "feature-untagged",
                    {"featureName": "cart", "tag": {"type": "simple", "value": "red"}},
                ),
                (
                    lambda work: archive_toggle(work, "cart"),
                    "feature-archived",
                    {"name": "cart"},
                ),
                (lambda work: revive_toggle(work, "cart"), "feature-revived", {"name": "cart"}),
            ],
            id="toggle",
        ),
        pytest.param(
            [
                (
                    lambda work: create_strategy(
                        work,
                        name="mine",
                        fields=StrategyFields(
                            parameters=(StrategyParameter("p", "list", "", True),)
                        ),
                    ),
                    "strategy-created",
                    STRATEGY,
                ),
                (
                    lambda work: update_strategy(
                        work, "mine", StrategyFields(description="x", parameters=())
                    ),
                    "strategy-updated",
                    STRATEGY | {"description": "x", "parameters": []},
                ),
                (lambda work: delete_strategy(work, "mine"), "strategy-deleted", {"name": "mine"}),
            ],
            id="strategy",
        ),
        pytest.param(
            [
                (
                    lambda work: update_strategy(
                        work, "userWithId", StrategyFields(deprecated=True)
                    ),
                    "strategy-deprecated",
                    {"name": "userWithId"},
                ),
                (
                    lambda work: update_strategy(
                        work, "userWithId", StrategyFields(deprecated=False)
                    ),
                    "strategy-reactivated",
                    {"name": "userWithId"},
                ),
            ],
            id="built-in strategy",
        ),
        pytest.param(
            [
                (
                    lambda work: create_context_field(
                        work,
                        name="tenant",
                        fields=ContextFieldFields(legal_values=(LegalValue("a", "The first"),)),
                    ),
                    "context-field-created",
                    TENANT,
                ),
                (
                    lambda work: update_context_field(
                        work, "tenant", ContextFieldFields(stickiness=True, legal_values=())
                    ),
                    "context-field-updated",
                    TENANT | {"legalValues": [], "stickiness": True},
                ),
                (
                    lambda work: delete_context_field(work, "tenant"),
                    "context-field-deleted",
                    {"name": "tenant"},
                ),
            ],
            id="context field",
        ),
        pytest.param(
            [
                (
                    lambda work: create_project(
                        work, name="web", fields=ProjectFields(title="Web")
                    ),
                    "project-created",
                    {"id": "web", "name": "Web", "description": ""},
                ),
                (
                    lambda work: update_project(
                        work, "web", ProjectFields(title="Shop", description="All")
                    ),
                    "project-updated",
                    {"id": "web", "name": "Shop", "description": "All"},
                ),
                (
                    lambda work: delete_project(work, "web"),
                    "project-deleted",
                    {"id": "web", "name": "Shop", "description": "All"},
                ),
            ],
            id="project",
        ),
        pytest.param(
            [
                (
                    lambda work: create_tag(work, BLUE),
                    "tag-created",
                    {"type": "simple", "value": "blue"},
                ),
                (
                    lambda work: delete_tag(work, BLUE),
                    "tag-deleted",
                    {"type": "simple", "value": "blue"},
                ),
            ],
            id="tag",
        ),
        pytest.param(
            [
                (
                    lambda work: create_tag_type(
                        work, name="squad", fields=TagTypeFields(icon="S")
                    ),
                    "tag-type-created",
                    {"name": "squad", "description": None, "icon": "S"},
                ),
                (
                    lambda work: update_tag_type(
                        work, "squad", TagTypeFields(description="Who", icon=None)
                    ),
                    "tag-type-updated",
                    {"name": "squad", "description": "Who", "icon": None},
                ),
                (
                    lambda work: delete_tag_type(work, "squad"),
                    "tag-type-deleted",
                    {"name": "squad"},
                ),
            ],
            id="tag type",
        ),
    ],
)
@with_cart
async def test_other_changes_are_reported_in_the_words_of_3x(
    store: Store, life: list[tuple[Change, str, dict[str, Any]]]
) -> None:
    for change, type, data in life:
        assert await newest_event(store, change) == (type, data)


@with_cart
async def test_several_tags_at_once_show_as_an_update(store: Store) -> None:
    await carry_out(store, change_tags, "cart", add=[BLUE], remove=[RED])

    document = event_document(await last_event(store))

    assert document.type == "feature-updated"
    assert document.data == stored(store, "cart")
    assert document.tags == [{"type": "simple", "value": "blue"}]


@with_cart
async def test_what_changes_a_toggle_comes_with_its_tags(store: Store) -> None:
    changes: list[tuple[Change, list[Tag]]] = [
        (lambda work: set_enabled(work, "cart", enabled=True), [RED]),
        (lambda work: update_toggle(work, "cart", stale=True), [RED]),
        (lambda work: archive_toggle(work, "cart"), [RED]),
        (lambda work: revive_toggle(work, "cart"), [RED]),
        (lambda work: change_tags(work, "cart", add=[BLUE]), []),
        (lambda work: create_toggle(work, name="other", tags=[RED]), []),
    ]

    for change, tags in changes:
        await carry_out(store, change)
        document = event_document(await last_event(store))
        assert document.tags == [{"type": tag.type, "value": tag.value} for tag in tags]


@with_cart
async def test_the_actor_is_reported_by_name(store: Store) -> None:
    actors = {
        ANONYMOUS: "unknown",
        Actor("ada", ActorKind.ANONYMOUS): "ada",
        Actor("ci", ActorKind.TOKEN): "ci",
        SYSTEM: "flagstaff",
    }

    for number, (actor, created_by) in enumerate(actors.items()):
        await carry_out(store, update_toggle, "cart", description=str(number), actor=actor)
        assert event_document(await last_event(store)).created_by == created_by


@pytest.mark.parametrize(
    ("stored_text", "displayed_text"),
    [
        ("2026-01-01T00:00:07Z", "2026-01-01T00:00:07.000Z"),
        ("2026-01-01T00:00:07.123456Z", "2026-01-01T00:00:07.123Z"),
        ("2026-01-01T00:00:07.123Z", "2026-01-01T00:00:07.123Z"),
        ("yesterday", "yesterday"),
    ],
)
async def test_times_that_earlier_versions_stored_have_three_decimals(
    store: Store, stored_text: str, displayed_text: str
) -> None:
    async def change(work: UnitOfWork) -> None:
        await create_toggle(work, name="a")
        data = {"name": "a", "createdAt": stored_text, "lastSeenAt": None, "x": stored_text}
        work.show_as("feature-updated", data)

    type, data = await newest_event(store, change)

    assert type == "feature-updated"
    assert data == {"name": "a", "createdAt": displayed_text, "lastSeenAt": None, "x": stored_text}
