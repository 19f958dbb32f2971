"""Random installations, which hypothesis generates and operations create."""

from datetime import UTC
from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET, Struct, structs

from store.constraints.operators import OPERATORS
from store.events import EventType
from store.model import EnvironmentType
from store.operations.context_fields import create_context_field, update_context_field
from store.operations.environments import create_environment, update_environment
from store.operations.fields import ContextFieldFields, StrategyFields, ToggleTypeFields
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy, update_strategy
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import configure_toggle
from store.operations.toggle_types import update_toggle_type
from store.operations.toggles import create_toggle
from store.unit_of_work import UnitOfWork
from store.values import (
    Constraint,
    Dependency,
    LegalValue,
    StrategyParameter,
    Tag,
    Variant,
    VariantOverride,
    VariantPayload,
)
from tests.store.operations.doing import call

# These include names that YAML, JSON or a database may parse as other values.
NAMES = st.sampled_from(["no", "1e3", "007", "null", "2030-01-31", "constructor", "~", "a"]) | (
    st.text("abcXYZ019-_.!~*'()", min_size=1, max_size=12).filter(
        lambda item: item not in (".", "..")
    )
)
LINES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"), max_size=20
)
WORDS = LINES.filter(bool)
TEXTS = LINES | st.text(
    st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\r\t"), max_size=30
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e15, 1e15) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LINES, inner, max_size=3),
    max_leaves=5,
)
DATETIMES = st.datetimes(timezones=st.just(UTC))


def some(values: st.SearchStrategy[Any], maximum: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=maximum).map(tuple)


def named(values: st.SearchStrategy[Any], maximum: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=maximum, unique_by=lambda item: item.name).map(tuple)


UNSET_OR_BOOL = st.sampled_from([UNSET, True, False])
CONSTRAINTS = st.builds(
    Constraint,
    context_name=WORDS,
    operator=st.sampled_from(sorted(OPERATORS)) | WORDS,
    values=st.just(UNSET) | some(LINES),
    value=st.just(UNSET) | LINES,
    inverted=UNSET_OR_BOOL,
    case_insensitive=UNSET_OR_BOOL,
)
VARIANTS = named(
    st.builds(
        Variant,
        name=NAMES,
        weight=st.integers(0, 1000) | st.floats(0, 1000),
        weight_type=st.sampled_from([UNSET, "variable", "fix"]),
        stickiness=st.just(UNSET) | WORDS,
        payload=st.just(UNSET) | st.builds(VariantPayload, type=WORDS, value=TEXTS.filter(bool)),
        overrides=st.just(UNSET)
        | some(st.builds(VariantOverride, context_name=WORDS, values=st.just(UNSET) | some(WORDS))),
    )
)


class ToggleDraft(Struct):
    """A toggle to create. `segments` and `parents` are indexes of objects created before."""

    name: str
    fields: dict[str, Any]
    configurations: dict[int, dict[str, Any]]
    parents: tuple[int, ...]
    segments: tuple[int, ...]
    datetimes: dict[str, Any]


class Installation(Struct):
    """The objects to create, as arguments of the operations."""

    environments: tuple[tuple[str, dict[str, Any]], ...]
    projects: tuple[tuple[str, dict[str, Any]], ...]
    lifetimes: dict[str, int | None]
    context_fields: tuple[tuple[str, dict[str, Any]], ...]
    tag_types: tuple[tuple[str, dict[str, Any]], ...]
    tags: tuple[str, ...]
    segments: tuple[tuple[str, dict[str, Any]], ...]
    strategies: tuple[tuple[str, dict[str, Any], bool], ...]
    toggles: tuple[ToggleDraft, ...]


def described(names: st.SearchStrategy[str], **fields: Any) -> st.SearchStrategy[Any]:
    one = st.tuples(names, st.fixed_dictionaries({}, optional=fields))
    return st.lists(one, max_size=2, unique_by=lambda item: item[0]).map(tuple)


SPECS = st.builds(
    StrategySpec,
    name=NAMES,
    title=LINES,
    disabled=st.booleans(),
    parameters=st.just(UNSET) | st.dictionaries(LINES, JSON, max_size=2),
    constraints=st.sampled_from([UNSET, None]) | some(CONSTRAINTS),
    variants=st.just(UNSET) | VARIANTS,
)
TOGGLES = st.builds(
    ToggleDraft,
    name=NAMES,
    fields=st.fixed_dictionaries(
        {},
        optional={
            "description": st.none() | TEXTS,
            "type": st.sampled_from(["release", "kill-switch"]) | WORDS,
            "project": WORDS,
            "impression_data": st.booleans(),
            "tags": some(st.builds(Tag, st.just("simple"), WORDS)),
        },
    ),
    configurations=st.dictionaries(
        st.integers(0, 2),
        st.fixed_dictionaries(
            {"enabled": st.booleans(), "strategies": some(SPECS)},
            optional={"variants": st.none() | VARIANTS},
        ),
        max_size=2,
    ),
    parents=some(st.integers(0, 4)),
    segments=some(st.integers(0, 1)),
    datetimes=st.fixed_dictionaries(
        {"created_at": DATETIMES},
        optional={"stale_at": DATETIMES, "archived_at": DATETIMES},
    ),
)
INSTALLATIONS = st.builds(
    Installation,
    environments=described(
        NAMES,
        type=st.sampled_from(EnvironmentType),
        enabled=st.booleans(),
        sort_order=st.integers(0, 2**31 - 1),
    ),
    projects=described(NAMES, title=LINES, description=TEXTS),
    lifetimes=st.dictionaries(
        st.sampled_from(["release", "permission"]), st.none() | st.integers(1, 36_500)
    ),
    context_fields=described(
        NAMES,
        description=st.none() | TEXTS,
        legal_values=st.lists(
            st.builds(LegalValue, WORDS, TEXTS), max_size=2, unique_by=lambda item: item.value
        ).map(tuple),
        stickiness=st.booleans(),
        sort_order=st.integers(0, 20),
    ),
    tag_types=described(
        NAMES, description=st.none() | TEXTS, icon=st.none() | LINES, color=st.just("#00ff7f")
    ),
    tags=some(WORDS),
    segments=described(WORDS, description=st.none() | TEXTS, constraints=some(CONSTRAINTS)),
    strategies=st.lists(
        st.tuples(
            NAMES,
            st.fixed_dictionaries(
                {},
                optional={
                    "title": LINES,
                    "description": st.none() | TEXTS,
                    "parameters": some(
                        st.builds(
                            StrategyParameter,
                            WORDS,
                            LINES,
                            st.sampled_from([UNSET, None]) | TEXTS,
                            UNSET_OR_BOOL,
                        )
                    ),
                },
            ),
            st.booleans(),
        ),
        max_size=2,
        unique_by=lambda item: item[0],
    ).map(tuple),
    toggles=named(TOGGLES, 5),
)


async def build(work: UnitOfWork, installation: Installation) -> None:
    """Create the installation, and change a built-in object."""
    for name, fields in installation.environments:
        await create_environment(work, name=name)
        await call(update_environment, work, name, **fields)
    for name, fields in installation.projects:
        await call(create_project, work, name=name, **fields)
    for name, days in installation.lifetimes.items():
        await update_toggle_type(work, name, ToggleTypeFields(lifetime_days=days))
    for name, fields in installation.context_fields:
        sort_order = fields.pop("sort_order", UNSET)
        await call(create_context_field, work, name=name, **fields)
        await update_context_field(work, name, ContextFieldFields(sort_order=sort_order))
    for name, fields in installation.tag_types:
        await call(create_tag_type, work, name=name, **fields)
    for value in installation.tags:
        tag = Tag("simple", value)
        work.put(tag)
        work.record(EventType.TAG_CREATED, subject=tag, after=tag, summary=".")
    for name, fields in installation.segments:
        await call(create_segment, work, name=name, **fields, allow_unknown=True)
    for name, fields, deprecated in installation.strategies:
        await call(create_strategy, work, name=name, **fields, allow_unknown=True)
        await update_strategy(work, name, StrategyFields(deprecated=deprecated))
    await update_strategy(work, "remoteAddress", StrategyFields(deprecated=True))
    for index, draft in enumerate(installation.toggles):
        await _create(work, installation, draft, index)


async def _create(
    work: UnitOfWork, installation: Installation, draft: ToggleDraft, index: int
) -> None:
    environments = sorted(work.snapshot.environments)
    segments = sorted(work.snapshot.segments)
    await call(
        create_toggle, work, name=draft.name, **draft.fields, strategies=(), allow_unknown=True
    )
    for at, configuration in draft.configurations.items():
        specs = [
            structs.replace(
                spec,
                segments=tuple(
                    segments[segment] for segment in draft.segments if segment < len(segments)
                ),
            )
            for spec in configuration["strategies"]
        ]
        await configure_toggle(
            work,
            draft.name,
            environment=environments[at % len(environments)],
            **{**configuration, "strategies": specs},
            allow_unknown=True,
        )
    names = [toggle.name for toggle in installation.toggles[:index]]
    parents = dict.fromkeys(names[parent] for parent in draft.parents if parent < len(names))
    toggle = structs.replace(
        work.snapshot.toggles[draft.name],
        **draft.datetimes,
        dependencies=tuple(Dependency(name, enabled=name < "b") for name in parents),
    )
    work.put(toggle)
