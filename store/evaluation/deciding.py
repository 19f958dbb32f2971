"""Deciding about the toggles of a snapshot, by functions that are put together once for it."""

from collections.abc import Mapping, Sequence

from store.constraints.building import Test, never
from store.evaluation.context import Context
from store.evaluation.toggles import Decide, Decision, Reason, compiled_toggle
from store.model import Segment, Toggle
from store.snapshot import Snapshot
from store.values import Dependency

_NOT_MET = Decision(False, Reason.DEPENDENCY_NOT_MET)


def evaluate(snapshot: Snapshot, toggle: Toggle, environment: str, context: Context) -> Decision:
    """What SDKs in the environment decide about a toggle of the snapshot."""
    return deciders(snapshot, environment)[toggle.name](context)


def deciders(snapshot: Snapshot, environment: str) -> Mapping[str, Decide]:
    """What decides about each toggle in an environment, by name; for deciding about many.

    Each is made when it is first asked for and kept in the snapshot.
    """
    key = (_Deciders, environment)
    found: _Deciders | None = snapshot.memo.get(key)
    if found is None:
        found = snapshot.memo[key] = _Deciders(snapshot, environment)
    return found


class _Deciders(dict[str, Decide]):
    # Without the snapshot itself, which would then outlive its last user for being in a cycle.
    def __init__(self, snapshot: Snapshot, environment: str) -> None:
        self._toggles = snapshot.toggles
        self._segments = snapshot.segments
        self._environment = environment

    def __missing__(self, name: str) -> Decide:
        compiled = compiled_toggle(self._toggles[name], self._environment, self._segments)
        requirements = [
            compile_dependency(it, self._toggles, self._environment, self._segments)
            for it in compiled.dependencies
        ]
        decide = _depending(requirements, compiled.decide) if requirements else compiled.decide
        self[name] = decide
        return decide


def _depending(requirements: Sequence[Test], decide: Decide) -> Decide:
    def decide_if_met(context: Context) -> Decision:
        for met in requirements:
            if not met(context):
                return _NOT_MET
        return decide(context)

    return decide_if_met


def compile_dependency(
    dependency: Dependency,
    toggles: Mapping[str, Toggle],
    environment: str,
    segments: Mapping[int, Segment],
) -> Test:
    """What tells whether a toggle depended on is in the state that is asked for.

    SDKs take one that is not served, or that itself depends on others, for not met; one that hands
    out no variant at all meets a condition on its variants (yggdrasil-engine 2.0).
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
