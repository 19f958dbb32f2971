"""Random changes of all kinds of objects, for tests that compare states."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, TypeAlias, TypeVar

from store import Store
from store.change_sets import ChangeSetFilter, list_change_sets
from store.clock_skew import utc_now
from store.errors import Refusal
from store.events import EventType, SubjectKind
from store.model import SYSTEM, ApiTokenType
from store.operations.change_sets import RequestedChange, apply_changes, revert_change_set
from store.operations.context_fields import (
    create_context_field,
    delete_context_field,
    update_context_field,
)
from store.operations.dependencies import set_dependencies
from store.operations.environments import (
    create_environment,
    delete_environment,
    update_environment,
)
from store.operations.fields import (
    ContextFieldFields,
    EnvironmentFields,
    ProjectFields,
    SegmentFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
    ToggleTypeFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project, delete_project, update_project
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.tag_types import create_tag_type, delete_tag_type, update_tag_type
from store.operations.tags import change_tags, create_tag, delete_tag
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggle_types import update_toggle_type
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    revive_toggle,
    update_toggle,
)
from store.operations.tokens import create_token, revoke_token, update_token
from store.paging import Window
from store.transfer.importing import import_state
from store.unit_of_work import UnitOfWork
from store.values import Constraint, Dependency, LegalValue, StrategyParameter, Tag, Variant
from tests.store.transfer.documents import state

T = TypeVar("T")
Change: TypeAlias = Callable[[Random, UnitOfWork], Awaitable[object]]
# There are few names, so that objects are often deleted, created again, and used by other objects.
NAMES = ("a", "b", "c", "d")


def _any(random: Random, items: Mapping[T, object]) -> T:
    return random.choice(sorted(items, key=str))


def _tags(random: Random) -> list[Tag]:
    return [Tag("simple", random.choice(NAMES)) for _ in range(random.randrange(3))]


def _constraints(random: Random) -> tuple[Constraint, ...]:
    values = tuple(random.sample(NAMES, 2))
    return random.choice(
        [(), (Constraint("userId", "IN", values=values),), (Constraint("x", "IN", values=()),)]
    )


def _variants(random: Random) -> tuple[Variant, ...]:
    return tuple(Variant(name, 500) for name in NAMES[: random.choice((0, 2))])


def _strategies(random: Random, work: UnitOfWork) -> list[StrategySpec]:
    segments = list(work.snapshot.segments)
    return [
        StrategySpec(
            name="flexibleRollout",
            title=random.choice(("", "x")),
            parameters={"rollout": str(random.randrange(100)), "stickiness": "default"},
            constraints=_constraints(random),
            segments=tuple(random.sample(segments, min(len(segments), random.randrange(2)))),
        )
        for _ in range(random.randrange(3))
    ]


def _fields(random: Random, work: UnitOfWork) -> ToggleFields:
    return ToggleFields(
        description=random.choice((None, "", "x")),
        type=_any(random, work.snapshot.toggle_types),
        project=_any(random, work.snapshot.projects),
        impression_data=random.choice((True, False)),
    )


async def _create_toggle(random: Random, work: UnitOfWork) -> object:
    return await create_toggle(
        work,
        name=random.choice(NAMES),
        fields=_fields(random, work),
        stale=random.choice((True, False)),
        tags=_tags(random),
        environment=_any(random, work.snapshot.environments),
        enabled=random.choice((True, False)),
        strategies=_strategies(random, work),
        variants=_variants(random),
    )


async def _create_toggle_that_names_others(random: Random, work: UnitOfWork) -> object:
    """Create a toggle whose type and project do not exist. REST clients can create such toggles."""
    fields = ToggleFields(type=random.choice(NAMES), project=random.choice(NAMES))
    return await create_toggle(
        work, name=f"{random.choice(NAMES)}.named", fields=fields, allow_unknown=True
    )


async def _configure(random: Random, work: UnitOfWork) -> object:
    return await configure_toggle(
        work,
        _any(random, work.snapshot.toggles),
        environment=_any(random, work.snapshot.environments),
        strategies=_strategies(random, work),
        variants=random.choice((None, _variants(random))),
        allow_unknown=True,
    )


async def _create_environment(random: Random, work: UnitOfWork) -> object:
    copied = random.choice((None, _any(random, work.snapshot.environments)))
    return await create_environment(work, name=random.choice(NAMES), copy_from=copied)


async def _set_dependencies(random: Random, work: UnitOfWork) -> object:
    parents = random.sample(NAMES, random.randrange(2))
    return await set_dependencies(
        work, _any(random, work.snapshot.toggles), [Dependency(parent) for parent in parents]
    )


async def _import(random: Random, work: UnitOfWork) -> object:
    name = random.choice(NAMES)
    return await import_state(
        work,
        state(
            projects=[{"name": f"{name} {name}"}],
            tags=[{"type": "simple", "value": f"{name}{name}"}],
            toggles=[{"name": name, "tags": [{"type": "simple", "value": "imported"}]}],
        ),
    )


async def _revert(random: Random, work: UnitOfWork) -> object:
    page = await list_change_sets(work.connection, ChangeSetFilter(), Window(10))
    return await revert_change_set(work, random.choice(page.items).id, force=True)


async def _apply(random: Random, work: UnitOfWork) -> object:
    requested = [
        RequestedChange(
            make=partial(change, random),
            path=("changes", str(index)),
            type=EventType.TOGGLE_UPDATED,
            subject_kind=SubjectKind.TOGGLE,
            subject_name="any",
        )
        for index, change in enumerate(random.choices([*PARTS.values()], k=3))
    ]
    return await apply_changes(work, requested)


def _simple(
    operation: Callable[..., Awaitable[object]],
    mapping: str,
    options: Callable[[Random, UnitOfWork], dict[str, Any]] = lambda _random, _work: {},
) -> Change:
    """A change of an existing object, given by its key."""

    async def change(random: Random, work: UnitOfWork) -> object:
        key = _any(random, getattr(work.snapshot, mapping))
        return await operation(work, key, **options(random, work))

    return change


def _new(
    operation: Callable[..., Awaitable[object]],
    options: Callable[[Random], dict[str, Any]] = lambda _: {},
) -> Change:
    """A change that creates an object with one of the names."""

    async def change(random: Random, work: UnitOfWork) -> object:
        return await operation(work, **({"name": random.choice(NAMES)} | options(random)))

    return change


def _described(kind: Callable[..., Any]) -> Callable[[Random, UnitOfWork], dict[str, Any]]:
    return lambda random, _: {"fields": kind(description=random.choice(("", "x", "y")))}


def _expiry(random: Random, _: UnitOfWork) -> dict[str, Any]:
    return {"expires_at": utc_now() + timedelta(days=random.randrange(1, 9))}


PARTS: dict[str, Change] = {
    "create toggle": _create_toggle,
    "create toggle that names others": _create_toggle_that_names_others,
    "update toggle": _simple(
        update_toggle,
        "toggles",
        lambda random, work: {
            "fields": _fields(random, work),
            "stale": random.choice((True, False)),
        },
    ),
    "switch toggle": _simple(
        set_enabled,
        "toggles",
        lambda random, work: {
            "enabled": random.choice((True, False)),
            "environment": _any(random, work.snapshot.environments),
            "record_always": random.choice((True, False)),
        },
    ),
    "configure toggle": _configure,
    "archive toggle": _simple(archive_toggle, "toggles"),
    "revive toggle": _simple(revive_toggle, "toggles"),
    "delete toggle": _simple(delete_toggle, "toggles"),
    "tag toggle": _simple(
        change_tags, "toggles", lambda random, _: {"add": [Tag("simple", random.choice(NAMES))]}
    ),
    "set dependencies": _set_dependencies,
    "create tag": lambda random, work: create_tag(work, Tag("simple", random.choice(NAMES))),
    "delete tag": lambda random, work: delete_tag(
        work, work.snapshot.tags[_any(random, work.snapshot.tags)]
    ),
    "create tag type": _new(create_tag_type),
    "tag with new type": lambda random, work: create_tag(
        work, Tag(_any(random, work.snapshot.tag_types), "x")
    ),
    "update tag type": _simple(update_tag_type, "tag_types", _described(TagTypeFields)),
    "delete tag type": _simple(delete_tag_type, "tag_types"),
    "create environment": _create_environment,
    "update environment": _simple(
        update_environment,
        "environments",
        lambda random, _: {
            "fields": EnvironmentFields(
                enabled=random.choice((True, False)), sort_order=random.randrange(5)
            )
        },
    ),
    "delete environment": _simple(delete_environment, "environments"),
    "create project": _new(create_project),
    "update project": _simple(update_project, "projects", _described(ProjectFields)),
    "delete project": _simple(delete_project, "projects"),
    "create segment": _new(
        create_segment, lambda random: {"fields": SegmentFields(constraints=_constraints(random))}
    ),
    "update segment": _simple(update_segment, "segments", _described(SegmentFields)),
    "rename segment": _simple(
        update_segment, "segments", lambda random, _: {"name": random.choice(NAMES)}
    ),
    "delete segment": _simple(delete_segment, "segments"),
    "create strategy": _new(
        create_strategy,
        lambda _: {"fields": StrategyFields(parameters=(StrategyParameter("x"),))},
    ),
    "update strategy": _simple(update_strategy, "strategies", _described(StrategyFields)),
    "deprecate strategy": _simple(
        update_strategy,
        "strategies",
        lambda random, _: {"fields": StrategyFields(deprecated=random.choice((True, False)))},
    ),
    "delete strategy": _simple(delete_strategy, "strategies"),
    "create context field": _new(
        create_context_field,
        lambda _: {"fields": ContextFieldFields(legal_values=(LegalValue("x"),))},
    ),
    "update context field": _simple(
        update_context_field, "context_fields", _described(ContextFieldFields)
    ),
    "delete context field": _simple(delete_context_field, "context_fields"),
    "update toggle type": _simple(
        update_toggle_type,
        "toggle_types",
        lambda random, _: {
            "fields": ToggleTypeFields(lifetime_days=random.choice((None, *range(1, 5))))
        },
    ),
}
CHANGES: dict[str, Change] = PARTS | {
    "create token": _new(create_token, lambda random: {"type": random.choice([*ApiTokenType])}),
    "update token": _simple(update_token, "tokens", _expiry),
    "revoke token": _simple(revoke_token, "tokens"),
    "apply change set": _apply,
    "revert change set": _revert,
    "import": _import,
}


async def change_anything(random: Random, store: Store) -> str | None:
    """Commit one random change. Return its name, or None if the change was refused."""
    name = random.choice([*CHANGES])
    try:
        async with store.write(SYSTEM) as work:
            await CHANGES[name](random, work)
    except (Refusal, IndexError):  # there may be no object to change
        return None
    return name
