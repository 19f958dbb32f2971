"""The pools of values for random calls. They are small, so that calls refer to existing objects."""

from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar
from urllib.parse import quote

T = TypeVar("T")

FEATURES = ("alpha", "beta", "gamma.one", "Delta-2", "e~!*'()f", "zz_top")
# Some of these names belong to no toggle, and some are invalid.
ODD_NAMES = ("x", "with space", "ünï", "a/b", "q?x=1", "n" * 101, "validate", "null", "100%", "a:b")
STRATEGIES = ("byTenant", "by.region", "weekend")
BUILT_IN = ("default", "userWithId", "flexibleRollout", "applicationHostname")
PROJECTS = ("default", "shop", "p-2")
CONTEXT_FIELDS = ("tenant", "region", "userId", "plan")
TAG_TYPES = ("simple", "team", "tier.x")
# Names of objects that exist on new servers. Most calls use these names.
PREPARED_FEATURES = FEATURES[:5]
ARCHIVED_FEATURE = "gamma.one"
PREPARED_TAG_TYPES = TAG_TYPES[:2]
TAG_VALUES = ("red", "two words", "a/b", "grün", "v:1")
APPLICATIONS = ("shop-web", "worker", "odd app/ü")
INSTANCES = ("i-1", "i-2", "")
TEXTS = ("", "a text", "Ünïcödé ☃ 😀", "two\nlines", "x" * 255, "<b>&amp;</b>", "  ")
TYPES = ("release", "experiment", "operational", "kill-switch", "permission", "of-my-own")
# Values that replace an expected value.
WRONG_VALUES: tuple[Any, ...] = (
    None, 0, 1, -1, 1.5, True, False, "", "true", "FALSE", "12", "abc", [], {}, [None], ["a"],
    {"a": 1},
)  # fmt: skip


class Chance:
    """A source of random choices. The same seed gives the same choices."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def happens(self, probability: float) -> bool:
        """Return True with a probability between 0 and 1."""
        return self._random.random() < probability

    def one_of(self, values: Sequence[T]) -> T:
        """Choose one of the values."""
        return self._random.choice(values)

    def some_of(self, values: Sequence[T], maximum: int) -> list[T]:
        """Choose up to `most` values. A value may be chosen twice."""
        return [self.one_of(values) for _ in range(self._random.randint(0, maximum))]

    def weighted(self, values: Sequence[tuple[int, T]]) -> T:
        """Choose one of the values. Values with more weight are chosen more often."""
        return self._random.choices(
            [value for _, value in values], [weight for weight, _ in values]
        )[0]

    def name_of(self, names: Sequence[str], odd: float = 0.08) -> str:
        """Choose a name from a pool, or sometimes an unusual name."""
        return self.one_of(ODD_NAMES) if self.happens(odd) else self.one_of(names)

    def spoil(self, document: dict[str, Any], probability: float = 0.12) -> dict[str, Any]:
        """Return the document. Sometimes replace, remove or add a key."""
        if not self.happens(probability):
            return document
        spoiled = dict(document)
        key = self.one_of([*spoiled, "unknownKey"])
        if self.happens(0.3):
            spoiled.pop(key, None)
        else:
            spoiled[key] = self.one_of(WRONG_VALUES)
        return spoiled


def part(text: str) -> str:
    """A string as a part of a path."""
    return quote(text, safe="!*'()~")
