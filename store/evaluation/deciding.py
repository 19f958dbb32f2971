"""Decide about the toggles of a snapshot with functions that are compiled once per snapshot."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from store.constraints.building import Test
from store.evaluation.context import Context
from store.evaluation.toggles import (
    NOT_MET_INDEX,
    Case,
    CompiledToggle,
    Decision,
    case_of,
    compiled_toggle,
    decide_case,
)
from store.model import Segment, Toggle
from store.snapshot import Snapshot
from store.values import Dependency

# A requirement is a pair of the case of the required toggle and a list of booleans. For each
# decision about the required toggle, the list contains whether the decision meets the dependency.
Requirement: TypeAlias = tuple[Case, Sequence[bool]]


class Decider(Struct, frozen=True, eq=False):
    """Decides about a toggle and its dependencies.

    If the decision is the same for all contexts, `constant` is its index.
    """

    compiled: CompiledToggle
    requirements: Sequence[Requirement]
    constant: int | None

    def __call__(self, context: Context) -> Decision:
        """Decide for a context."""
        index = decide_index(self.requirements, self.compiled.case, context)
        return self.compiled.decisions[index]


def decide_index(requirements: Sequence[Requirement], case: Case, context: Context) -> int:
    """Return the index of the decision about a toggle with dependencies."""
    for required, meets in requirements:
        if not meets[decide_case(required, context)]:
            return NOT_MET_INDEX
    return decide_case(case, context)


def evaluate(snapshot: Snapshot, toggle: Toggle, environment: str, context: Context) -> Decision:
    """Decide about a toggle as SDKs in the environment do."""
    return deciders(snapshot, environment)[toggle.name](context)


def deciders(snapshot: Snapshot, environment: str) -> Mapping[str, Decider]:
    """Return a mapping of toggle names to deciders for an environment.

    Each decider is compiled on first use and cached in the snapshot.
    """
    key = (_Deciders, environment)
    found: _Deciders | None = snapshot.memo.get(key)
    if found is None:
        found = snapshot.memo[key] = _Deciders(snapshot, environment)
    return found


class _Deciders(dict[str, Decider]):
    # This object must not refer to the snapshot. A reference cycle would delay the release of the
    # snapshot's memory.
    def __init__(self, snapshot: Snapshot, environment: str) -> None:
        self._toggles = snapshot.toggles
        self._segments = snapshot.segments
        self._environment = environment

    def __missing__(self, name: str) -> Decider:
        compiled = compiled_toggle(self._toggles[name], self._environment, self._segments)
        requirements = tuple(
            _requirement(dependency, self._toggles, self._environment, self._segments)
            for dependency in compiled.dependencies
        )
        constant = None if requirements else compiled.constant
        decider = self[name] = Decider(compiled, requirements, constant)
        return decider


def compile_dependency(
    dependency: Dependency,
    toggles: Mapping[str, Toggle],
    environment: str,
    segments: Mapping[int, Segment],
) -> Test:
    """Compile a test of whether a dependency is met.

    As in SDKs, a dependency is not met if the required toggle is not served or also has
    dependencies. If the required toggle has no variant, a condition on variants is met
    (yggdrasil-engine 2.0).
    """
    case, meets = _requirement(dependency, toggles, environment, segments)
    return lambda context: meets[decide_case(case, context)]


def _requirement(
    dependency: Dependency,
    toggles: Mapping[str, Toggle],
    environment: str,
    segments: Mapping[int, Segment],
) -> Requirement:
    parent = toggles.get(dependency.toggle)
    if parent is None or parent.archived or parent.dependencies:
        return _NEVER_MET
    compiled = compiled_toggle(parent, environment, segments)
    return compiled.case, tuple(_meets(decision, dependency) for decision in compiled.decisions)


def _meets(decision: Decision, dependency: Dependency) -> bool:
    """Whether a dependency is met by this decision about the required toggle."""
    if not dependency.enabled:
        return not decision.enabled
    variants, picked = dependency.variants, decision.variant
    return decision.enabled and (not variants or picked is None or picked.name in variants)


_NEVER_MET: Requirement = (case_of(0), (False,))
