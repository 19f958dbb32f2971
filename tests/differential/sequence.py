"""Generate random calls from a seed, and the calls that fill new servers."""

from tests.differential import admin_calls, sdk_calls
from tests.differential.admin_calls import ADMIN
from tests.differential.call import Call, json_call
from tests.differential.values import (
    ARCHIVED_FEATURE,
    CONTEXT_FIELDS,
    PREPARED_FEATURES,
    PREPARED_TAG_TYPES,
    STRATEGIES,
    Chance,
    part,
)

_WEIGHTS = [*admin_calls.WEIGHTS, *sdk_calls.WEIGHTS]
# Reports are sent in groups, because both servers take some time to store them.
_MAX_REPORTS = 3


def random_calls(seed: int, count: int) -> list[Call]:
    """Return the first `count` calls of a seed. The calls do not depend on answers."""
    chance = Chance(seed)
    made: list[Call] = []
    while len(made) < count:
        make = chance.weighted(_WEIGHTS)
        call = make(chance)
        made.append(call)
        if make is sdk_calls.metrics:
            made += [make(chance) for _ in range(chance.one_of(range(_MAX_REPORTS)))]
    return made[:count]


def preparing_calls() -> list[Call]:
    """Return the calls that create some objects of each kind on new servers."""
    features = f"{ADMIN}/features"
    made = [
        json_call(
            f"{ADMIN}/tag-types", "POST", f"{ADMIN}/tag-types", {"name": name, "description": name}
        )
        for name in PREPARED_TAG_TYPES[1:]
    ]
    made += [
        json_call(
            f"{ADMIN}/strategies",
            "POST",
            f"{ADMIN}/strategies",
            {"name": name, "parameters": [{"name": "limit", "type": "number"}]},
            settles=True,
        )
        for name in STRATEGIES[:2]
    ]
    field = {"name": CONTEXT_FIELDS[0]}
    made.append(json_call(f"{ADMIN}/context", "POST", f"{ADMIN}/context", field))
    for name in PREPARED_FEATURES:
        document = {"name": name, "strategies": [{"name": "default"}], "project": "default"}
        made.append(json_call(features, "POST", features, document))
        tag = {"type": "simple", "value": "red"}
        path = f"{features}/{part(name)}/tags"
        made.append(json_call(f"{features}/:name/tags", "POST", path, tag))
    made.append(Call(f"{features}/:name", "DELETE", f"{features}/{part(ARCHIVED_FEATURE)}"))
    return made
