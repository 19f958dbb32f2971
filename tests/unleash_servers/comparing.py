"""Count the evaluations that differ between a recorded server and Flagstaff after an import."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from msgspec import UNSET, Struct
from yggdrasil_engine.engine import UnleashEngine

from flagstaff.unleash_server.contexts import generate_contexts
from rest_compat.sdk.payload import PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from store import Store
from store.evaluation import Decision, deciders
from store.evaluation.payloads import context_of

_NOW = datetime(2026, 12, 1, tzinfo=UTC)
# Without these fields, evaluations are by chance.
_USERS = {"userId": "u", "sessionId": "s"}

# Whether the toggle is enabled, the name of the variant, and the variant's payload.
_Answer: TypeAlias = tuple[bool, str, str]
_Weights: TypeAlias = Sequence[Sequence[tuple[str, int]]]


class Expected(Struct, frozen=True):
    """The answers of the official engine for what a server sends to SDKs in one environment.

    `answers` has a row for each context, with the answers for `names`. `independent` are the
    toggles without dependencies. `weights` has the weights of the variants of each toggle.
    """

    environment: str
    names: Sequence[str]
    independent: frozenset[str]
    weights: Mapping[str, _Weights]
    contexts: Sequence[Mapping[str, Any]]
    answers: Sequence[Sequence[_Answer]]


class Comparison(Struct, frozen=True):
    """The numbers of evaluations.

    `official` is the number of evaluations in which the official engine answers differently for
    what Flagstaff sends to SDKs. `own` is the number in which Flagstaff evaluates differently.
    `toggles` are the names of toggles that differ in evaluations or in weights of variants, or that
    only one side has.
    """

    evaluations: int
    official: int
    own: int
    toggles: frozenset[str]


def expect(payloads: Mapping[str, Any], evaluations: int) -> Sequence[Expected]:
    """Evaluate what a server sends to SDKs. The keys of `payloads` are environments.

    Together, the toggles without dependencies have at least this number of evaluations.
    """
    return [
        _expect(environment, payload, -(-evaluations // len(payloads)))
        for environment, payload in payloads.items()
    ]


async def compare(
    store: Store, expected: Sequence[Expected], *, with_dependencies: bool
) -> Comparison:
    """Compare all environments. Unless `with_dependencies`, leave out toggles that have some."""
    found: list[Comparison] = []
    for each in expected:
        cache, scope = PayloadCache(), PayloadScope(each.environment, inline=False)
        await cache.prepare(store.snapshot, scope)
        here = json.loads(b"".join(cache.payload(store.snapshot, scope).pieces))
        found.append(_compare(store, each, here, with_dependencies=with_dependencies))
    return Comparison(
        sum(each.evaluations for each in found),
        sum(each.official for each in found),
        sum(each.own for each in found),
        frozenset[str]().union(*(each.toggles for each in found)),
    )


def _expect(environment: str, payload: Any, evaluations: int) -> Expected:
    features = {feature["name"]: feature for feature in payload["features"]}
    names = sorted(features)
    independent = frozenset(name for name in names if not features[name].get("dependencies"))
    count = -(-evaluations // len(independent))
    contexts = [_USERS | context for context in generate_contexts([payload], count, now=_NOW)]
    engine = _engine(payload)
    return Expected(
        environment,
        names,
        independent,
        {name: _weights(feature) for name, feature in features.items()},
        contexts,
        [[_official(engine, name, context) for name in names] for context in contexts],
    )


def _compare(store: Store, expected: Expected, here: Any, *, with_dependencies: bool) -> Comparison:
    weights = {feature["name"]: _weights(feature) for feature in here["features"]}
    different = {
        name
        for name in weights.keys() | expected.weights.keys()
        if weights.get(name) != expected.weights.get(name)
    }
    engine = _engine(here)
    decide = deciders(store.snapshot, expected.environment)
    evaluations, official, own = 0, 0, 0
    for context, answers in zip(expected.contexts, expected.answers, strict=True):
        own_context = context_of(context)
        for name, answer in zip(expected.names, answers, strict=True):
            if name not in weights or not (with_dependencies or name in expected.independent):
                continue
            evaluations += 1
            is_official = _official(engine, name, context) == answer
            is_own = _own(decide[name](own_context)) == answer
            official += not is_official
            own += not is_own
            if not (is_official and is_own):
                different.add(name)
    return Comparison(evaluations, official, own, frozenset(different))


def _engine(payload: Any) -> UnleashEngine:
    engine = UnleashEngine()
    engine.take_state(json.dumps(payload))
    return engine


def _official(engine: UnleashEngine, name: str, context: Mapping[str, Any]) -> _Answer:
    variant = engine.check_variant(name, dict(context)).variant
    payload = variant.payload or {}
    return variant.feature_enabled, variant.name, payload.get("value", "")


def _own(decision: Decision) -> _Answer:
    variant = decision.variant
    if variant is None:
        return decision.enabled, "disabled", ""
    payload = variant.payload
    return decision.enabled, variant.name, "" if payload is UNSET else payload.value


def _weights(feature: Mapping[str, Any]) -> _Weights:
    """Return the names and weights of the variants of a toggle and of the strategies."""
    return [
        [(variant["name"], variant["weight"]) for variant in owner.get("variants") or ()]
        for owner in (feature, *feature["strategies"])
    ]
