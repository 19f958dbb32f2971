"""Convert the configurations of a state document to entries of Flagstaff's own document."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType

from store.errors import DomainError, Path, Refusal
from store.model import DEFAULT_ENVIRONMENT
from store.operations.strings import display
from store.transfer import document as own
from store.transfer.unleash.activation_entries import (
    ActivationEntry,
    FeatureStrategyEntry,
    stored_constraints,
)
from store.transfer.unleash.context import UnleashImport, items_of
from store.transfer.unleash.document import DependencyEntry, FeatureEntry
from store.transfer.unleash.segments import SegmentsOfDocument, note_missing
from store.values import Variant

_Variants: TypeAlias = tuple[Variant, ...] | None | UnsetType

# The import yields to the event loop after this many items.
_ITEMS_AT_A_TIME = 500
# Entries of Flagstaff's own document contain configurations under this key.
_ENVIRONMENTS = "environments"
# Since this version, documents have variants for each environment.
_FIRST_WITH_ENVIRONMENT_VARIANTS = 4


class _Configured(Struct):
    """The configuration of a toggle in one environment.

    `at` is an index in the section `featureEnvironments`. The numbers in `strategies` are indexes
    in the section `featureStrategies`.
    """

    enabled: bool | UnsetType = UNSET
    variants: _Variants = UNSET
    at: int | None = None
    strategies: list[tuple[int, FeatureStrategyEntry]] = []


class _Dependencies(Struct, frozen=True):
    """The dependencies of a toggle, and the index of their item in the section `dependencies`."""

    at: int
    entries: tuple[DependencyEntry, ...]


class Configurations:
    """The configurations of all toggles in a document, by the name of the toggle."""

    def __init__(self, context: UnleashImport, segments: SegmentsOfDocument) -> None:
        self._context = context
        self.segments = segments
        self._found: Mapping[str, dict[str, _Configured]] = defaultdict(dict)
        self.dependencies: Mapping[str, _Dependencies] = {
            entry.feature: _Dependencies(at, tuple(dict.fromkeys(entry.dependencies)))
            for at, entry in enumerate(items_of(context.state.dependencies))
        }

    async def find(self) -> None:
        """Collect the configurations of environments. Call this method before the other methods."""
        if self._context.state.in_toggles:
            self._warn_of_ignored_sections()
        else:
            await self._find()

    def of(self, at: int, entry: FeatureEntry) -> tuple[own.ConfigurationEntry, ...] | UnsetType:
        """Return the configurations of a toggle, or UNSET if the document contains none."""
        state = self._context.state
        if state.in_toggles:
            if not state.needs_strategies and not entry.strategies:
                return UNSET
            return (self._in_default(at, entry),)
        if entry.strategies or entry.enabled:
            self._context.leave_out(
                "The document configures toggles per environment, so the configuration in the "
                "toggle itself is left out.",
                "features",
                str(at),
                "strategies" if entry.strategies else "enabled",
            )
        found = self._found.get(entry.name)
        if found is None:
            return UNSET
        return tuple(
            self._configuration(entry, name, configured) for name, configured in found.items()
        )

    def note(self, refusal: Refusal, at: int, entry: FeatureEntry) -> None:
        """Report the errors of a toggle's converted entry, with paths in the document."""
        for error in refusal.errors:
            path = self._path_of(error, at, entry)
            error.path = ()
            self._context.note(Refusal(error), *path)

    async def _find(self) -> None:
        context, state = self._context, self._context.state
        names = {feature.name for feature in items_of(state.features)}
        for at, entry in enumerate(items_of(state.feature_environments)):
            if at % _ITEMS_AT_A_TIME == 0:
                await asyncio.sleep(0)
            if entry.feature_name in names:
                configured = self._at(entry.feature_name, entry.environment)
                configured.enabled, configured.variants = entry.enabled, entry.variants
                configured.at = at
            elif state.features is not UNSET:
                self._leave_out(entry.feature_name, "state", "featureEnvironments", at)
        for at, entry in enumerate(items_of(state.feature_strategies)):
            if at % _ITEMS_AT_A_TIME == 0:
                await asyncio.sleep(0)
            if entry.feature_name in names:
                configured = self._at(entry.feature_name, entry.environment)
                configured.strategies = [*configured.strategies, (at, entry)]
            elif state.features is not UNSET:
                self._leave_out(entry.feature_name, "strategy", "featureStrategies", at)
        if state.features is UNSET:
            for section in ("featureEnvironments", "featureStrategies"):
                if context.document.items.get(section):
                    context.leave_out(
                        f"The section {section} is left out: the document has no features.", section
                    )

    def _at(self, toggle: str, environment: str) -> _Configured:
        name = self._context.state.environment(environment)
        return self._found[toggle].setdefault(name, _Configured())

    def _leave_out(self, toggle: str, what: str, section: str, at: int) -> None:
        self._context.leave_out(
            f"No toggle of the document is named '{display(toggle)}', so its {what} is left out.",
            section,
            str(at),
        )

    def _warn_of_ignored_sections(self) -> None:
        for section in ("featureEnvironments", "featureStrategies", "featureStrategySegments"):
            if self._context.document.items.get(section):
                self._context.leave_out(
                    f"The section {section} is left out: in version 1 toggles contain their "
                    "strategies.",
                    section,
                )

    def _in_default(self, at: int, entry: FeatureEntry) -> own.ConfigurationEntry:
        path = ("features", str(at), "strategies")
        return own.ConfigurationEntry(
            environment=DEFAULT_ENVIRONMENT,
            enabled=entry.enabled,
            strategies=tuple(
                self._activation(strategy, (*path, str(number), "segments"))
                for number, strategy in enumerate(entry.strategies or ())
            ),
            variants=None if entry.variants is UNSET else entry.variants,
        )

    def _configuration(
        self, entry: FeatureEntry, environment: str, configured: _Configured
    ) -> own.ConfigurationEntry:
        state = self._context.state
        variants = configured.variants
        in_toggles = state.version is not UNSET and state.version < _FIRST_WITH_ENVIRONMENT_VARIANTS
        if entry.variants is not UNSET and (variants is UNSET or in_toggles):
            variants = entry.variants
        strategies: Sequence[own.ActivationEntry] | UnsetType = UNSET
        if state.feature_strategies is not UNSET:
            strategies = [self._of_strategy(at, strategy) for at, strategy in _in_order(configured)]
        return own.ConfigurationEntry(
            environment=environment,
            enabled=configured.enabled,
            strategies=UNSET if strategies is UNSET else tuple(strategies),
            variants=variants,
        )

    def _of_strategy(self, at: int, entry: FeatureStrategyEntry) -> own.ActivationEntry:
        ids = self.segments.of_strategies.get(entry.id, ()) if entry.id is not None else ()
        # In responses of the admin API, strategies contain segments. Exports have a separate
        # section for segments.
        inside = entry.segments or ()
        segments = (*inside, *(key for key in ids if key not in inside))
        path = ("featureStrategies", str(at), "segments")
        return self._activation(entry.activation(segments), path)

    def _activation(self, entry: ActivationEntry, path: Path) -> own.ActivationEntry:
        spec = entry.spec()
        names: list[str] = []
        for position, key in enumerate(entry.segments or ()):
            name = self.segments.names.get(key)
            if name is None:
                note_missing(self._context, key, *path, str(position))
            else:
                names.append(name)
        return own.ActivationEntry(
            name=spec.name,
            title=spec.title,
            disabled=spec.disabled,
            parameters=spec.parameters,
            constraints=stored_constraints(entry.constraints),
            segments=tuple(names),
            variants=spec.variants,
        )

    def _path_of(self, error: DomainError, at: int, entry: FeatureEntry) -> Path:
        """Return the path in the document for an error about a converted entry."""
        feature = ("features", str(at))
        dependencies = self.dependencies.get(entry.name)
        if error.path[:1] == ("dependencies",) and dependencies is not None:
            steps = (_FEATURE_STEPS.get(step, step) for step in error.path)
            return ("dependencies", str(dependencies.at), *steps)
        if error.path[:1] != (_ENVIRONMENTS,) or len(error.path) < 2:
            return (*feature, *(_FEATURE_STEPS.get(step, step) for step in error.path))
        _, position, *steps = error.path
        if self._context.state.in_toggles:
            return (*feature, *steps)
        configured = [*self._found[entry.name].values()][int(position)]
        match steps:
            case ["strategies", index, *rest]:
                number, _ = _in_order(configured)[int(index)]
                return ("featureStrategies", str(number), *rest)
            case ["variants", *rest] if configured.at is not None and entry.variants is UNSET:
                return ("featureEnvironments", str(configured.at), "variants", *rest)
            case ["variants", *_]:
                return (*feature, *steps)
            case _:
                return feature


# This dictionary maps steps of paths in Flagstaff's entries to steps of paths in state documents.
_FEATURE_STEPS = {"toggle": "feature"}


def _in_order(configured: _Configured) -> list[tuple[int, FeatureStrategyEntry]]:
    """Return the strategies, sorted by sort order.

    Strategies without a sort order are last.
    """
    return sorted(
        configured.strategies,
        key=lambda numbered: (numbered[1].sort_order is None, numbered[1].sort_order or 0),
    )


def with_segments(
    segments: Mapping[str, int], of_document: SegmentsOfDocument
) -> Mapping[str, int]:
    """Return a mapping of segment names to keys.

    For refused segments of the document, the key is 0.
    """
    return {**dict.fromkeys(of_document.names.values(), 0), **segments}
