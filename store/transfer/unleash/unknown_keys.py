"""Keys of a state document that mean nothing here: which ones are worth a warning."""

from collections.abc import Mapping
from typing import Any

from store.errors import Path, Problems
from store.operations.text import shown
from store.transfer.unleash.activation_entries import ActivationEntry, FeatureStrategyEntry
from store.transfer.unleash.document import (
    FeatureEntry,
    FeatureTagEntry,
    ProjectEntry,
    StrategyEntry,
    TagTypeEntry,
    UnknownKeys,
)
from store.transfer.unleash.environment_entries import (
    EnvironmentEntry,
    FeatureEnvironmentEntry,
    SegmentEntry,
    StrategySegmentEntry,
)

MAX_PLACES = 100

# What real servers export and nothing here depends on: bookkeeping, and what follows from the rest.
_OF_NO_EFFECT: Mapping[type[Any], frozenset[str]] = {
    FeatureEntry: frozenset({"lastSeenAt", "createdBy", "createdByUserId"}),
    ActivationEntry: frozenset({"id"}),
    FeatureStrategyEntry: frozenset({"projectId", "createdAt"}),
    FeatureEnvironmentEntry: frozenset({"lastSeenAt"}),
    FeatureTagEntry: frozenset({"createdAt", "createdByUserId"}),
    StrategyEntry: frozenset({"editable", "displayName"}),
    ProjectEntry: frozenset({"createdAt", "updatedAt", "health"}),
    EnvironmentEntry: frozenset({"displayName", "protected"}),
    SegmentEntry: frozenset({"createdAt", "createdBy", "usedInFeatures", "usedInProjects"}),
    StrategySegmentEntry: frozenset({"createdAt"}),
    TagTypeEntry: frozenset(),
}
# Settings that Flagstaff does not have, and what they hold where nobody set them.
_DEFAULTS: Mapping[type[Any], Mapping[str, tuple[Any, ...]]] = {
    ProjectEntry: {
        "mode": (None, "open"),
        "defaultStickiness": (None, "default"),
        "featureNaming": (None, {}),
        "featureLimit": (None,),
    },
    FeatureStrategyEntry: {"milestoneId": (None,)},
    SegmentEntry: {"project": (None,)},
}


class Findings(Problems):
    """What is wrong with a document, and which of its keys mean nothing here."""

    def __init__(self) -> None:
        super().__init__()
        self._places: list[Path] = []
        self._more = 0

    @property
    def unknown(self) -> UnknownKeys:
        """The keys that mean nothing here."""
        return UnknownKeys(tuple(self._places), self._more)

    def note_unknown(
        self, given: Mapping[str, Any], known: Mapping[str, Any], kind: type[Any], path: Path
    ) -> None:
        """Remember the keys of an object that are not among the known ones of its kind."""
        if given.keys() <= known.keys():
            return
        passed, defaults = _OF_NO_EFFECT.get(kind, frozenset[str]()), _DEFAULTS.get(kind, {})
        for key, value in given.items():
            if key in known or key in passed or (key in defaults and value in defaults[key]):
                continue
            if len(self._places) < MAX_PLACES:
                self._places.append((*path, shown(key)))
            else:
                self._more += 1
