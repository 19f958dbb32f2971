"""Decide about the toggles of a snapshot, with functions compiled once per snapshot."""

from collections.abc import Mapping, Sequence

from store.constraints.building import Test, never
from store.evaluation.context import Context
from store.evaluation.toggles import Decide, Decision, Reason, compiled_toggle
from store.model import Segment, Toggle
from store.snapshot import Snapshot
from store.values import Dependency

_NOT_MET = Decision(False, Reason.DEPENDENCY_NOT_MET)


def evaluate(snapshot: Snapshot, toggle: Toggle, environment: str, context: Context) -> Decision:
    """Decide about a toggle of the snapshot as SDKs in the environment do."""
    return deciders(snapshot, environment)[toggle.name](context)


def deciders(snapshot: Snapshot, environment: str) -> Mapping[str, Decide]:
    """Return the decision functions of all toggles in an environment, by name.

    Each function is compiled on first use and cached in the snapshot.
    """
    key = (_Deciders, environment)
    found: _Deciders | None = snapshot.memo.get(key)
    if found is None:
        found = snapshot.memo[key] = _Deciders(snapshot, environment)
    return found


class _Deciders(dict[str, Decide]):
    # The object holds no reference to the snapshot, because a reference cycle would delay the
    # snapshot's release.
    def __init__(self, snapshot: Snapshot, environment: str) -> None:
        self._toggles = snapshot.toggles
        self._segments = snapshot.segments
        self._environment = environment

    def __missing__(self, name: str) -> Decide:
        compiled = compiled_toggle(self._toggles[name], self._environment, self._segments)
        requirements = [
            compile_dependency(dependency, self._toggles, self._environment, self._segments)
            for dependency in compiled.dependencies
        ]
        decide = compiled.decide
        if requirements:
            decide = _with_requirements(requirements, decide)
        self[name] = decide
        return decide


def _with_requirements(requirements: Sequence[Test], decide: Decide) -> Decide:
    def decide_if_met(context: Context) -> Decision:
        for is_met in requirements:
            if not is_met(context):
                return _NOT_MET
        return decide(context)

    return decide_if_met


def compile_dependency(
    dependency: Dependency,
    toggles: Mapping[str, Toggle],
    environment: str,
    segments: Mapping[int, Segment],
) -> Test:
    """Compile a test of whether a dependency is met.

    Like SDKs, it treats a dependency as not met if the required toggle is not served or has
    dependencies itself. A condition on variants is met if the required toggle has no variant
    (yggdrasil-engine 2.0).
    """
    parent = toggles.get(dependency.toggle)
    if parent is None or parent.archived or parent.dependencies:
        return never
    decide = compiled_toggle(parent, environment, segments).decide
    if not dependency.enabled:
        return lambda context: not decide(context).enabled
    variants = dependency.variants
    if not variants:
        return lambda context: decide(context).enabled

    def test(context: Context) -> bool:
        decision = decide(context)
        picked = decision.variant
        return decision.enabled and (picked is None or picked.name in variants)

    return test
