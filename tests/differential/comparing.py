"""Find the differences between two answers. Ignore values that vary from run to run."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import yaml
from msgspec import Struct

from tests.differential.call import Answer, Exchange
from tests.differential.events import comparable_events

# Times with a smaller difference are regarded as equal. Each server stores the time when it
# receives a call. Unleash also stores the time when its database was migrated. Times in the calls
# have larger differences.
_TOLERANCE = timedelta(hours=1)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# 3.17.6 does not sort these lists. Their order is the order of the database or of an object's keys.
_UNORDERED = {"tags", "tagTypes", "featureTags", "projects", "seenToggles", "instances", "details"}
# Only the presence of these headers is compared, because the values differ between servers.
_PRESENCE = ("etag", "content-disposition")


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()


class Difference(Struct, frozen=True):
    """A path at which the answers differ, with both values.

    `place` is `status`, `header NAME` or a path into the body without indexes, such as
    `body.features[].name`. `owners` are the objects of both bodies that contain the path, from the
    outermost to the innermost.
    """

    place: str
    unleash: Any
    flagstaff: Any
    owners: tuple[Mapping[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """The last key of the path."""
        return self.place.rpartition(".")[2]


def differences(exchange: Exchange) -> list[Difference]:
    """Return all differences between the answers to a call."""
    unleash, flagstaff = exchange.unleash, exchange.flagstaff
    found: list[Difference] = []
    if unleash.status != flagstaff.status:
        found.append(Difference("status", unleash.status, flagstaff.status))
    if unleash.media_type != flagstaff.media_type:
        found.append(Difference("media type", unleash.media_type, flagstaff.media_type))
    else:
        bodies = _readable(exchange, unleash), _readable(exchange, flagstaff)
        found += _compared("body", bodies[0], bodies[1], ())
    for name in _PRESENCE:
        left, right = (
            "present" if name in item.headers else ABSENT for item in (unleash, flagstaff)
        )
        if left != right:
            found.append(Difference(f"header {name}", left, right))
    return found


def _readable(exchange: Exchange, answer: Answer) -> Any:
    if answer.media_type == "text/html":
        return "a page"
    if answer.media_type == "text/yaml":
        return json.loads(json.dumps(yaml.safe_load(answer.body), default=str))
    if answer.media_type != "application/json":
        return answer.body.decode(errors="backslashreplace")
    body = answer.json
    if isinstance(body, dict) and isinstance(body.get("events"), list):
        return {**body, "events": comparable_events(body["events"])}
    if exchange.call.operation.endswith("/seen-toggles") and isinstance(body, list):
        return {item["appName"]: item for item in body}
    if exchange.call.operation.endswith("/seen-apps") and isinstance(body, dict):
        return {name: {item["appName"]: item for item in seen} for name, seen in body.items()}
    return body


def _compared(
    place: str, unleash: Any, flagstaff: Any, owners: tuple[Mapping[str, Any], ...]
) -> Iterator[Difference]:
    if isinstance(unleash, dict) and isinstance(flagstaff, dict):
        within = (*owners, unleash, flagstaff)
        for key in [*unleash, *(key for key in flagstaff if key not in unleash)]:
            values = (unleash.get(key, ABSENT), flagstaff.get(key, ABSENT))
            yield from _compared(f"{place}.{key}", *values, within)
    elif isinstance(unleash, list) and isinstance(flagstaff, list):
        if place.rpartition(".")[2] in _UNORDERED:
            unleash, flagstaff = sorted(unleash, key=_order), sorted(flagstaff, key=_order)
        if len(unleash) != len(flagstaff):
            left, right = _unshared(unleash, flagstaff)
            yield Difference(f"{place}.length", left, right, owners)
            return
        for pair in zip(unleash, flagstaff, strict=True):
            yield from _compared(f"{place}[]", *pair, owners)
    elif not _equal(unleash, flagstaff):
        yield Difference(place, unleash, flagstaff, owners)


def _order(value: Any) -> str:
    if isinstance(value, dict):
        # Times and generated messages must not affect the order.
        value = {key: item for key, item in value.items() if key not in ("message", "lastSeen")}
    return json.dumps(value, sort_keys=True)


def _unshared(left: Sequence[Any], right: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return the items of each list that have no equal item in the other list.

    Keys that only Flagstaff's item has are ignored.
    """
    return (
        [item for item in left if not any(_covers(other, item) for other in right)],
        [item for item in right if not any(_covers(item, other) for other in left)],
    )


def _covers(flagstaff: Any, unleash: Any) -> bool:
    return all(item.unleash is ABSENT for item in _compared("", unleash, flagstaff, ()))


def _equal(unleash: Any, flagstaff: Any) -> bool:
    if isinstance(unleash, str) and isinstance(flagstaff, str):
        times = TIME.fullmatch(unleash), TIME.fullmatch(flagstaff)
        if times[0] and times[1] and _format(times[0]) == _format(times[1]):
            datetimes = (datetime.fromisoformat(item) for item in (unleash, flagstaff))
            return abs(next(datetimes) - next(datetimes)) < _TOLERANCE
        return unleash == flagstaff
    # True does not equal 1 here.
    return unleash == flagstaff and isinstance(unleash, bool) == isinstance(flagstaff, bool)


def _format(time: re.Match[str]) -> tuple[int, str]:
    return len(time[1] or ""), time[2]
