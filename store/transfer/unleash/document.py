"""The format of Unleash's state documents, in JSON and YAML.

Unleash 3.x writes version 1 (rest-contract.md, "Export and import, 3.x"). Unleash 4.x writes
versions 2 to 4, and Unleash 5.x writes version 4. In version 1, toggles contain their strategies,
and `default` is the only environment. Later versions have separate sections for the strategies and
the states of toggles in each environment.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, structs

from store.errors import Path
from store.model import DEFAULT_ENVIRONMENT
from store.transfer.unleash.activation_entries import (
    ActivationEntry,
    FeatureStrategyEntry,
    NonEmptyString,
)
from store.transfer.unleash.environment_entries import (
    EnvironmentEntry,
    FeatureEnvironmentEntry,
    SegmentEntry,
    StrategySegmentEntry,
)
from store.values import Dependency, LegalValue, StrategyParameter, Tag, Variant

# Exports have the version VERSION. Imports accept all VERSIONS.
VERSION = 1
VERSIONS = (1, 2, 3, 4)
# Version 2 uses this name for the environment `default`.
_GLOBAL_ENVIRONMENT = ":global:"


class DependencyEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A dependency on another toggle, with the keys of Unleash 8."""

    feature: str
    enabled: bool = True
    variants: tuple[str, ...] | None = None

    def dependency(self) -> Dependency:
        """Return the dependency to store."""
        return Dependency(self.feature, self.enabled, self.variants or ())


class FeatureFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """The fields of a toggle in the 3.x admin API, without the name and the configuration."""

    enabled: bool = False
    stale: bool | UnsetType = UNSET
    type: NonEmptyString | UnsetType = UNSET
    project: NonEmptyString | UnsetType = UNSET
    description: str | None | UnsetType = UNSET


class FeatureEntry(FeatureFields, frozen=True, kw_only=True, rename="camel"):
    """A toggle.

    `enabled`, `strategies` and `variants` apply to the environment `default`. If the document has
    separate sections for the settings in each environment, these fields are ignored.
    """

    name: str
    archived: bool = False
    archived_at: datetime | None = None
    impression_data: bool | None | UnsetType = UNSET
    dependencies: tuple[DependencyEntry, ...] | None | UnsetType = UNSET
    strategies: tuple[ActivationEntry, ...] | None | UnsetType = UNSET
    variants: tuple[Variant, ...] | None | UnsetType = UNSET
    created_at: datetime | None | UnsetType = UNSET


class ParameterEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A parameter of a strategy."""

    name: NonEmptyString
    type: str
    description: str | None | UnsetType = UNSET
    required: bool | UnsetType = UNSET

    def parameter(self) -> StrategyParameter:
        """Return the parameter to store."""
        return StrategyParameter(**structs.asdict(self))


class StrategyEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The definition of a strategy."""

    name: str
    title: str | None = None
    description: str | None | UnsetType = UNSET
    parameters: tuple[ParameterEntry, ...]
    deprecated: bool | UnsetType = UNSET


class ProjectEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A project; Flagstaff calls the `id` the name, and the `name` the title."""

    id: str
    name: str
    description: str | None = None


class TagTypeEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A type of tag."""

    name: str
    description: str | None = None
    icon: str | None = None
    color: str | None = None


class FeatureTagEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A tag of a toggle.

    Like Unleash 4.x, Flagstaff accepts either `tagType` and `tagValue`, or `type` and `value`.
    """

    feature_name: str
    tag_type: str | UnsetType = UNSET
    tag_value: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    value: str | UnsetType = UNSET

    @property
    def tag(self) -> Tag:
        """The tag."""
        return Tag(self.tag_type or self.type or "", self.tag_value or self.value or "")


class FeatureDependenciesEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The toggles on which a toggle depends, in batch exports."""

    feature: str
    dependencies: tuple[DependencyEntry, ...]


class LegalValueEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A value that a context field can have."""

    value: str
    description: str | None = None

    def legal_value(self) -> LegalValue:
        """Return the value to store."""
        return LegalValue(self.value, self.description or "")


class ContextFieldEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A field of the context, in batch exports."""

    name: str
    description: str | None | UnsetType = UNSET
    stickiness: bool | UnsetType = UNSET
    sort_order: int | None | UnsetType = UNSET
    legal_values: tuple[LegalValueEntry, ...] | None | UnsetType = UNSET


class UnleashState(Struct, frozen=True, kw_only=True, rename="camel"):
    """The toggles and reference data in a state document.

    A missing section has a different meaning than an empty section. Only batch exports have the
    sections `contextFields` and `dependencies`.
    """

    version: int | float | UnsetType = UNSET
    features: tuple[FeatureEntry, ...] | UnsetType = UNSET
    strategies: tuple[StrategyEntry, ...] | UnsetType = UNSET
    projects: tuple[ProjectEntry, ...] | UnsetType = UNSET
    tag_types: tuple[TagTypeEntry, ...] | UnsetType = UNSET
    tags: tuple[Tag, ...] | UnsetType = UNSET
    feature_tags: tuple[FeatureTagEntry, ...] | UnsetType = UNSET
    environments: tuple[EnvironmentEntry, ...] | UnsetType = UNSET
    feature_environments: tuple[FeatureEnvironmentEntry, ...] | UnsetType = UNSET
    feature_strategies: tuple[FeatureStrategyEntry, ...] | UnsetType = UNSET
    segments: tuple[SegmentEntry, ...] | UnsetType = UNSET
    feature_strategy_segments: tuple[StrategySegmentEntry, ...] | UnsetType = UNSET
    context_fields: tuple[ContextFieldEntry, ...] | UnsetType = UNSET
    dependencies: tuple[FeatureDependenciesEntry, ...] | UnsetType = UNSET

    @property
    def is_batch(self) -> bool:
        """Whether the document is a batch export, which may omit the constraints of segments."""
        return self.version is UNSET and self.context_fields is not UNSET

    @property
    def in_toggles(self) -> bool:
        """Whether toggles in the document contain their strategies, as toggles in version 1 do."""
        given = (self.feature_environments, self.feature_strategies)
        return self.version == 1 or given == (UNSET, UNSET)

    @property
    def needs_strategies(self) -> bool:
        """Whether each toggle must have strategies."""
        return self.in_toggles and (self.version is UNSET or self.version == 1)

    def environment(self, name: str) -> str:
        """Return Flagstaff's name for an environment of the document."""
        return DEFAULT_ENVIRONMENT if self.is_global(name) else name

    def is_global(self, name: str) -> bool:
        """Whether a name means the environment `default` in version 2."""
        return self.version == 2 and name == _GLOBAL_ENVIRONMENT


class UnknownKeys(Struct, frozen=True):
    """The paths of some unknown keys, and the number of other unknown keys."""

    paths: Sequence[Path] = ()
    more: int = 0


class UnleashDocument(Struct, frozen=True):
    """A document, and the JSON of the items in each section.

    Events record these items exactly as sent. `unordered` has the path of one strategy of each
    toggle whose strategies may be in the wrong order.
    """

    state: UnleashState
    items: Mapping[str, Sequence[bytes]]
    unknown: UnknownKeys = UnknownKeys()
    unordered: Sequence[Path] = ()
