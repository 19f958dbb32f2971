"""Export all toggles, or some toggles with the objects to which they refer, as a document."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from msgspec import UNSET, Struct, structs

from store.errors import Problems
from store.model import Toggle, ToggleEnvironment, ToggleStrategy
from store.operations.existing import check_known
from store.snapshot import Snapshot
from store.transfer.document import (
    FORMAT,
    VERSION,
    ActivationEntry,
    ConfigurationEntry,
    ContextFieldEntry,
    Document,
    EnvironmentEntry,
    ProjectEntry,
    SegmentEntry,
    StrategyEntry,
    TagTypeEntry,
    ToggleEntry,
    ToggleTypeEntry,
)
from store.transfer.references import References, references_of, with_parents

StructT = TypeVar("StructT", bound=Struct)


def export_document(
    snapshot: Snapshot,
    *,
    exported_at: datetime | None = None,
    selection: Iterable[Toggle] | None = None,
    archived: bool = False,
    environments: Collection[str] | None = None,
    toggles: bool = True,
    strategies: bool = True,
) -> Document:
    """Return a document with all live toggles and all reference data.

    With `archived`, the document also contains archived toggles. With a `selection`, the document
    contains only the selected toggles, the toggles on which they depend, and the reference data
    that all these toggles use. `environments` are the environments to export. By default, all
    environments are exported. If `toggles` is false, the document contains only strategy
    definitions. If `strategies` is false, the document contains no strategy definitions.

    Raises: Refusal: an environment does not exist.
    """
    problems = Problems()
    for at, name in enumerate(environments or ()):
        path = ("environments", str(at))
        check_known(snapshot.environments, name, kind="environment", path=path, problems=problems)
    problems.raise_any()

    document = Document(format=FORMAT, version=VERSION, exported_at=exported_at or UNSET)
    if toggles:
        chosen = snapshot.environments.keys() if environments is None else {*environments}
        everything = snapshot.live_toggles + (snapshot.archived_toggles if archived else ())
        selected = with_parents(snapshot, everything if selection is None else selection)
        used = None if selection is None else references_of(snapshot, selected, chosen)
        if used is not None and environments is not None:
            used.environments.update(chosen)
        document = _with_reference_data(document, snapshot, used, chosen)
        entries = tuple(_toggle_entry(snapshot, toggle, chosen) for toggle in selected)
        document = structs.replace(document, toggles=entries)
    if strategies:
        document = structs.replace(document, strategies=tuple(_strategy_entries(snapshot)))
    return document


def _with_reference_data(
    document: Document, snapshot: Snapshot, used: References | None, environments: Collection[str]
) -> Document:
    """Return the document with the reference data in `used`, or with all reference data."""
    return structs.replace(
        document,
        environments=tuple(
            _entry_of(EnvironmentEntry, environment)
            for environment in snapshot.environments_in_order
            if environment.name in environments
            and (used is None or environment.name in used.environments)
        ),
        projects=tuple(
            _entry_of(ProjectEntry, project)
            for _, project in sorted(snapshot.projects.items())
            if project.declared and (used is None or project.name in used.projects)
        ),
        toggle_types=tuple(
            _entry_of(ToggleTypeEntry, toggle_type)
            for toggle_type in sorted(
                snapshot.toggle_types.values(),
                key=lambda toggle_type: (toggle_type.sort_order, toggle_type.name),
            )
            if toggle_type.declared and (used is None or toggle_type.name in used.toggle_types)
        ),
        context_fields=tuple(
            _entry_of(ContextFieldEntry, field)
            for field in sorted(
                snapshot.context_fields.values(), key=lambda field: (field.sort_order, field.name)
            )
            if used is None or field.name in used.context_fields
        ),
        tag_types=tuple(
            _entry_of(TagTypeEntry, tag_type)
            for _, tag_type in sorted(snapshot.tag_types.items())
            if used is None or tag_type.name in used.tag_types
        ),
        tags=tuple(
            tag for _, tag in sorted(snapshot.tags.items()) if used is None or tag in used.tags
        ),
        # The segments are sorted by key. Therefore an import into a new installation assigns keys
        # in the same order.
        segments=tuple(
            _entry_of(SegmentEntry, segment)
            for _, segment in sorted(snapshot.segments.items())
            if used is None or segment.id in used.segments
        ),
    )


def _strategy_entries(snapshot: Snapshot) -> Iterator[StrategyEntry]:
    """Yield the custom strategies and the deprecated built-in strategies."""
    for _, strategy in sorted(snapshot.strategies.items()):
        if not strategy.built_in:
            yield _entry_of(StrategyEntry, strategy)
        elif strategy.deprecated:
            yield StrategyEntry(name=strategy.name, deprecated=True)


def _toggle_entry(snapshot: Snapshot, toggle: Toggle, environments: Collection[str]) -> ToggleEntry:
    configurations = tuple(
        _configuration_entry(snapshot, toggle.environments[environment.name])
        for environment in snapshot.environments_in_order
        if environment.name in environments and environment.name in toggle.environments
    )
    return _entry_of(ToggleEntry, toggle, environments=configurations)


def _entry_of(kind: type[StructT], subject: Struct, **others: Any) -> StructT:
    """Return the entry of an object.

    The entry has the values in `others`, and otherwise the values of the object's fields.
    """
    own = {name: getattr(subject, name) for name in kind.__struct_fields__ if name not in others}
    return kind(**own, **others)


def _configuration_entry(snapshot: Snapshot, configured: ToggleEnvironment) -> ConfigurationEntry:
    return ConfigurationEntry(
        environment=configured.environment,
        enabled=configured.enabled,
        strategies=tuple(
            _activation_entry(snapshot, strategy) for strategy in configured.strategies
        ),
        variants=None if configured.variants is UNSET else configured.variants,
    )


def _activation_entry(snapshot: Snapshot, strategy: ToggleStrategy) -> ActivationEntry:
    return ActivationEntry(
        name=strategy.name,
        title=strategy.title,
        disabled=strategy.disabled,
        parameters=strategy.parameters,
        constraints=strategy.constraints,
        segments=tuple(snapshot.segments[key].name for key in strategy.segments),
        variants=strategy.variants,
    )
