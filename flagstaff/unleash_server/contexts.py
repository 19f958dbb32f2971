"""Generate contexts that meet, and just miss, the conditions in the bodies that SDKs get."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_network
from random import Random
from typing import Any, TypeAlias

Body: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = dict[str, Any]

_STANDARD = ("userId", "sessionId", "remoteAddress", "appName", "environment", "currentTime")
# The share of contexts without a field.
_MISSING = 0.15
# These stickinesses are not names of fields.
_NO_FIELDS = frozenset({"default", "random", ""})
# Parameters of built-in strategies with lists of values, and the fields that they compare.
_LISTS = {"userIds": "userId", "IPs": "remoteAddress", "hostNames": "appName"}


def generate_contexts(bodies: Sequence[Body], count: int, *, now: datetime) -> Iterator[Fields]:
    """Yield contexts in the form of SDKs. The same bodies and time always give the same contexts.

    The first contexts contain each value of a condition and its neighbours once, unless there are
    more of them than contexts. All other fields have random values.
    """
    random = Random(0)
    values = _values_of(bodies)
    for name in ("userId", "sessionId"):
        values.setdefault(name, [])
    pairs = [(name, value) for name, choices in values.items() for value in choices]
    random.shuffle(pairs)
    for number in range(count):
        fields = {name: _choose(random, choices, name) for name, choices in values.items()}
        if number < len(pairs):
            name, value = pairs[number]
            fields[name] = value
        yield _context(fields, now)


def _choose(random: Random, values: Sequence[str], name: str) -> str | None:
    if random.random() < _MISSING:
        return None
    # Random values spread over all buckets of rollouts and variants.
    if not values or (name != "currentTime" and random.random() < 0.5):
        return None if name == "currentTime" else f"{name}-{random.randrange(1_000_000)}"
    return random.choice(values)


def _context(fields: Mapping[str, str | None], now: datetime) -> Fields:
    given = {name: value for name, value in fields.items() if value is not None}
    context: Fields = {name: given.pop(name) for name in _STANDARD if name in given}
    context.setdefault("currentTime", now.isoformat())
    return {**context, "properties": given}


def _values_of(bodies: Iterable[Body]) -> dict[str, list[str]]:
    """Return the values of conditions and their neighbours by the field that is compared."""
    found: dict[str, dict[str, None]] = {}
    for name, value in (pair for body in bodies for pair in _conditions(body)):
        choices = found.setdefault(name, {})
        if value is not None:
            for neighbour in _neighbours(value):
                choices.setdefault(neighbour)
    times = found.get("currentTime")
    if times is not None:
        found["currentTime"] = {time: None for time in times if _time_of(time) is not None}
    return {name: list(found[name]) for name in sorted(found)}


def _conditions(body: Body) -> Iterator[tuple[str, str | None]]:
    """Yield the fields and values of conditions; None for fields that are only hashed."""
    for segment in body.get("segments") or ():
        yield from _of_constraints(segment.get("constraints"))
    for feature in body.get("features") or ():
        yield from _of_variants(feature.get("variants"))
        for strategy in feature.get("strategies") or ():
            yield from _of_constraints(strategy.get("constraints"))
            yield from _of_variants(strategy.get("variants"))
            yield from _of_parameters(strategy.get("parameters"))


def _of_constraints(constraints: Any) -> Iterator[tuple[str, str | None]]:
    for constraint in constraints or ():
        name = constraint["contextName"]
        yield name, constraint.get("value")
        for value in constraint.get("values") or ():
            yield name, value


def _of_variants(variants: Any) -> Iterator[tuple[str, str | None]]:
    for variant in variants or ():
        stickiness = variant.get("stickiness") or ""
        if stickiness not in _NO_FIELDS:
            yield stickiness, None
        for override in variant.get("overrides") or ():
            for value in override.get("values") or ():
                yield override["contextName"], value


def _of_parameters(parameters: Any) -> Iterator[tuple[str, str | None]]:
    given: Mapping[str, Any] = parameters or {}
    for name, value in given.items():
        if name == "stickiness" and value not in _NO_FIELDS:
            yield value, None
        elif name in _LISTS and isinstance(value, str):
            for item in value.split(","):
                yield _LISTS[name], item.strip()


def _neighbours(value: str) -> Iterator[str]:
    """Yield a value and values close to it, on both sides of what it may be compared with."""
    yield value
    yield f"{value}x"
    yield f"x{value}"
    yield value[:-1]
    yield value.swapcase()
    with suppress(ValueError, OverflowError):
        number = float(value)
        for near in (number - 1, number - 0.001, number + 0.001, number + 1):
            yield f"{near:.15g}"
    with suppress(ValueError):
        *parts, patch = value.split(".")
        if parts:
            yield ".".join([*parts, str(int(patch) + 1)])
            yield ".".join([*parts, str(max(0, int(patch) - 1))])
    time = _time_of(value)
    if time is not None:
        with suppress(OverflowError):
            for step in (timedelta(seconds=-1), timedelta(seconds=1)):
                yield (time + step).isoformat()
    with suppress(ValueError):
        network = ip_network(value, strict=False)
        first, last = network[0], network[-1]
        yield str(first)
        yield str(last)
        # The lowest and the highest of all addresses have only one neighbour.
        with suppress(ValueError):
            yield str(first - 1)
        with suppress(ValueError):
            yield str(last + 1)


def _time_of(value: str) -> datetime | None:
    with suppress(ValueError):
        time = datetime.fromisoformat(value)
        return time if time.tzinfo is not None else None
    return None
