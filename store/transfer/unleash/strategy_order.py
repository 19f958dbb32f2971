"""Find the order in which SDKs evaluate the strategies of a batch export.

SDKs take the variant of the first strategy that matches. A batch export lists the strategies of a
toggle in any order, and contains their positions only if somebody has rearranged them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from msgspec import Struct

# The strategies of toggles in the body that SDKs get, by the name of the toggle.
ServedStrategies: TypeAlias = Mapping[str, Sequence[Any]]

# Unleash 8 gives strategies IDs that begin with their time of creation.
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_LAST = float("inf")


class OrderedStrategies(Struct, frozen=True):
    """The positions of all strategies of an export.

    `unknown` has the index of the first strategy of each toggle whose order is unknown but matters.
    """

    positions: Sequence[int]
    unknown: Sequence[int]


def order_strategies(items: Sequence[Any], served: ServedStrategies) -> OrderedStrategies:
    """Return the positions of strategies in the sequence of evaluation.

    The served strategies decide. Otherwise the positions in the export and the times in IDs do.
    """
    of_toggles: dict[Any, list[int]] = {}
    for at, item in enumerate(items):
        if isinstance(item, dict):
            name = cast("dict[str, Any]", item).get("featureName")
            of_toggles.setdefault(name if isinstance(name, str) else None, []).append(at)
    positions = [0] * len(items)
    unknown: list[int] = []
    for name, indexes in of_toggles.items():
        known = [_content(strategy) for strategy in served.get(name, ())]
        keys = {at: _key(items[at], known) for at in indexes}
        for position, at in enumerate(sorted(indexes, key=lambda at: (keys[at], at))):
            positions[at] = position
        active = [at for at in indexes if not items[at].get("disabled")]
        matters = any(items[at].get("variants") for at in active)
        if matters and len({keys[at] for at in active}) < len(active):
            unknown.append(indexes[0])
    return OrderedStrategies(positions, unknown)


def _key(item: Mapping[str, Any], known: Sequence[str]) -> tuple[float, float, str]:
    content = _content(item)
    position, id = item.get("sortOrder"), item.get("id")
    return (
        known.index(content) if content in known else _LAST,
        position if isinstance(position, int) else _LAST,
        id if isinstance(id, str) and _ULID.fullmatch(id) else "",
    )


def _content(strategy: Any) -> str:
    """Return what an export and the body for SDKs have in common."""
    if not isinstance(strategy, dict):
        return ""
    fields = cast("dict[str, Any]", strategy)
    segments: Any = fields.get("segments") or []
    return json.dumps(
        [
            fields.get("name"),
            fields.get("parameters") or {},
            fields.get("constraints") or [],
            sorted(map(str, cast("list[Any]", segments) if isinstance(segments, list) else [])),
            fields.get("variants") or [],
        ],
        sort_keys=True,
    )
