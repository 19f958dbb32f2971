"""Find the objects to which toggles refer."""

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from store.model import Toggle, ToggleStrategy
from store.snapshot import Snapshot
from store.values import DEFAULT_STICKINESS, Constraint, Tag, Variant


class References(Struct):
    """The keys of referenced objects. There is one field for each kind of object."""

    environments: set[str] = set()
    projects: set[str] = set()
    toggle_types: set[str] = set()
    context_fields: set[str] = set()
    tag_types: set[str] = set()
    tags: set[Tag] = set()
    segments: set[int] = set()


def references_of(
    snapshot: Snapshot, toggles: Iterable[Toggle], environments: Collection[str]
) -> References:
    """Return the objects to which toggles and their segments refer in the given environments."""
    found = References()
    for toggle in toggles:
        found.projects.add(toggle.project)
        found.toggle_types.add(toggle.type)
        found.tags.update(toggle.tags)
        for environment in toggle.environments.keys() & environments:
            configured = toggle.environments[environment]
            found.environments.add(environment)
            found.context_fields.update(_fields_of_variants(configured.variants or ()))
            for strategy in configured.strategies:
                found.segments.update(strategy.segments)
                found.context_fields.update(_fields_of_strategy(strategy))
    found.tag_types.update(tag.type for tag in found.tags)
    for key in found.segments:
        found.context_fields.update(_fields_of_constraints(snapshot.segments[key].constraints))
    return found


def with_parents(snapshot: Snapshot, toggles: Iterable[Toggle]) -> list[Toggle]:
    """Return toggles and all their direct and indirect parents, sorted by name."""
    found: dict[str, Toggle] = {}
    waiting = [*toggles]
    while waiting:
        toggle = waiting.pop()
        if toggle.name not in found:
            found[toggle.name] = toggle
            waiting.extend(
                snapshot.toggles[dependency.toggle] for dependency in toggle.dependencies
            )
    return [toggle for _, toggle in sorted(found.items())]


def _fields_of_strategy(strategy: ToggleStrategy) -> Iterator[str]:
    yield from _fields_of_constraints(strategy.constraints or ())
    yield from _fields_of_variants(strategy.variants or ())
    stickiness = (strategy.parameters or {}).get("stickiness")
    if isinstance(stickiness, str):
        yield stickiness


def _fields_of_constraints(constraints: Iterable[Constraint]) -> Iterator[str]:
    return (constraint.context_name for constraint in constraints)


def _fields_of_variants(variants: Iterable[Variant]) -> Iterator[str]:
    for variant in variants:
        yield variant.stickiness or DEFAULT_STICKINESS
        yield from (override.context_name for override in variant.overrides or ())
