"""Evaluate the bodies that two servers send to SDKs, and find the differences."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any

import msgspec
from msgspec import Struct, structs

from flagstaff.unleash_server.contexts import Body, Fields, generate_contexts
from store.evaluation import Decision, deciders
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT
from store.snapshot import Snapshot
from store.values import Variant

# At most this many differences are kept for each toggle, and in total.
MAX_PER_TOGGLE = 3
MAX_DIFFERENCES = 50


class Difference(Struct, frozen=True):
    """A toggle that two servers decide differently for a context, with both results in words."""

    toggle: str
    context: Fields
    there: str
    here: str


class Verdict(Struct, frozen=True):
    """The result of a comparison in one environment.

    `only_there` and `only_here` are the names of toggles that only one server sends to SDKs.
    `count` is the number of different evaluations, of which `differences` are some.
    """

    environment: str
    toggles: int
    evaluations: int
    only_there: tuple[str, ...]
    only_here: tuple[str, ...]
    differences: tuple[Difference, ...]
    count: int

    @property
    def is_equal(self) -> bool:
        """Whether the servers send the same toggles, and decide equally."""
        return not (self.count or self.only_there or self.only_here)


def compare_bodies(
    environment: str,
    there: Body,
    here: Body,
    *,
    now: datetime,
    contexts: int,
    on_context: Callable[[], None] = lambda: None,
) -> Verdict:
    """Evaluate all common toggles of two features bodies for the same contexts.

    Decisions by chance use the same random number on both sides. `on_context` is called for each
    context.

    Raises: KeyError, TypeError, AttributeError, msgspec.ValidationError: a body has another form.
    """
    snapshots = [snapshot_of(body) for body in (there, here)]
    names_there, names_here = (snapshot.toggles.keys() for snapshot in snapshots)
    common = sorted(names_there & names_here)
    pairs = [_deciders_of(snapshot, common) for snapshot in snapshots]
    found: dict[str, list[Difference]] = {}
    count = 0
    random = Random(0)
    for fields in generate_contexts((there, here), contexts, now=now):
        chance = random.random()
        context = structs.replace(context_of(fields), chance=lambda chance=chance: chance)
        for name, decide_there, decide_here in zip(common, *pairs, strict=True):
            decision_there, decision_here = decide_there(context), decide_here(context)
            if _outcome(decision_there) != _outcome(decision_here):
                count += 1
                kept = found.setdefault(name, [])
                if len(kept) < MAX_PER_TOGGLE:
                    kept.append(
                        Difference(name, fields, _words(decision_there), _words(decision_here))
                    )
        on_context()
    differences = [difference for kept in found.values() for difference in kept]
    return Verdict(
        environment,
        len(common),
        len(common) * contexts,
        tuple(sorted(names_there - names_here)),
        tuple(sorted(names_here - names_there)),
        tuple(differences[:MAX_DIFFERENCES]),
        count,
    )


def _deciders_of(snapshot: Snapshot, names: Iterable[str]) -> list[Callable[[Any], Decision]]:
    of_names: Mapping[str, Callable[[Any], Decision]] = deciders(snapshot, DEFAULT_ENVIRONMENT)
    return [of_names[name] for name in names]


def _outcome(decision: Decision) -> tuple[Any, ...]:
    variant = decision.variant
    if variant is None:
        return (decision.enabled,)
    return decision.enabled, variant.name, variant.payload


def _words(decision: Decision) -> str:
    state = "on" if decision.enabled else "off"
    if decision.variant is None:
        return state
    return f"{state} with the variant {_variant_words(decision.variant)}"


def _variant_words(variant: Variant) -> str:
    payload = variant.payload
    if payload is msgspec.UNSET:
        return f"'{variant.name}'"
    return f"'{variant.name}' ({msgspec.json.encode(payload).decode()})"
