"""Find the unknown keys of a state document that cause a warning."""

from collections.abc import Mapping
from typing import Any

from store.errors import Path, Problems
from store.operations.strings import display
from store.transfer.unleash.activation_entries import ActivationEntry, FeatureStrategyEntry
from store.transfer.unleash.document import (
    ContextFieldEntry,
    FeatureEntry,
    FeatureTagEntry,
    ProjectEntry,
    StrategyEntry,
    TagTypeEntry,
    UnknownKeys,
    UnleashState,
)
from store.transfer.unleash.environment_entries import (
    EnvironmentEntry,
    FeatureEnvironmentEntry,
    SegmentEntry,
    StrategySegmentEntry,
)

MAX_UNKNOWN_KEYS = 100

# Imports ignore these keys of exports without a warning. The values of these keys are metadata or
# derived values.
_OF_NO_EFFECT: Mapping[type[Any], frozenset[str]] = {
    FeatureEntry: frozenset({"lastSeenAt", "createdBy", "createdByUserId"}),
    ActivationEntry: frozenset({"id"}),
    FeatureStrategyEntry: frozenset({"projectId", "createdAt", "createdByUserId"}),
    FeatureEnvironmentEntry: frozenset({"lastSeenAt", "name", "yes", "no"}),
    ContextFieldEntry: frozenset({"createdAt", "updatedAt", "usedInFeatures", "usedInProjects"}),
    FeatureTagEntry: frozenset({"createdAt", "createdByUserId"}),
    StrategyEntry: frozenset({"editable", "displayName"}),
    ProjectEntry: frozenset({"createdAt", "updatedAt", "health"}),
    EnvironmentEntry: frozenset({"displayName", "protected"}),
    SegmentEntry: frozenset({"createdAt", "createdBy", "usedInFeatures", "usedInProjects"}),
    StrategySegmentEntry: frozenset({"createdAt"}),
    TagTypeEntry: frozenset(),
}
# Flagstaff does not support these settings. The listed default values cause no warning.
_DEFAULTS: Mapping[type[Any], Mapping[str, tuple[Any, ...]]] = {
    ProjectEntry: {
        "mode": (None, "open"),
        "defaultStickiness": (None, "default"),
        "featureNaming": (None, {}),
        "featureLimit": (None,),
    },
    FeatureStrategyEntry: {"milestoneId": (None,)},
    UnleashState: {"links": ([],)},
    SegmentEntry: {"project": (None,)},
    ContextFieldEntry: {"project": (None,)},
}


class Findings(Problems):
    """The errors and the unknown keys of a document."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[Path] = []
        self._more = 0

    @property
    def unknown(self) -> UnknownKeys:
        """The unknown keys that cause a warning."""
        return UnknownKeys(tuple(self._paths), self._more)

    def note_unknown(
        self, given: Mapping[str, Any], known: Mapping[str, Any], kind: type[Any], path: Path
    ) -> None:
        """Report the unknown keys of an object."""
        if given.keys() <= known.keys():
            return
        passed, defaults = _OF_NO_EFFECT.get(kind, frozenset[str]()), _DEFAULTS.get(kind, {})
        for key, value in given.items():
            if key in known or key in passed or (key in defaults and value in defaults[key]):
                continue
            if len(self._paths) < MAX_UNKNOWN_KEYS:
                self._paths.append((*path, display(key)))
            else:
                self._more += 1
