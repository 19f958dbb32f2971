"""Random bodies of admin calls: toggles, strategies, variants, reference data, state documents."""

from typing import Any

from tests.differential.values import (
    BUILT_IN,
    CONTEXT_FIELDS,
    FEATURES,
    PREPARED_TAG_TYPES,
    PROJECTS,
    STRATEGIES,
    TAG_TYPES,
    TAG_VALUES,
    TEXTS,
    TYPES,
    Chance,
)

OPERATORS = ("IN", "NOT_IN", "STR_CONTAINS", "NUM_GT", "of-my-own")
# The creation times of imported toggles.
PAST_TIMES = ("2020-02-03T04:05:06.789Z", "2021-12-31T23:59:59.000Z")


def feature(chance: Chance, name: str) -> dict[str, Any]:
    """A new toggle."""
    made: dict[str, Any] = {
        "name": name,
        "strategies": [strategy_of_feature(chance) for _ in range(chance.one_of((1, 1, 2)))],
    }
    optional: dict[str, Any] = {
        "description": chance.one_of((*TEXTS, None)),
        "type": chance.one_of(TYPES),
        "project": chance.one_of(PROJECTS),
        "enabled": chance.one_of((True, False, "true", "False")),
        "stale": chance.one_of((True, False)),
        "variants": chance.one_of((None, [], variants(chance), variants(chance))),
        "createdAt": chance.one_of(PAST_TIMES),
        "lastSeenAt": None,
        "archived": chance.one_of((True, False)),
    }
    made |= {key: value for key, value in optional.items() if chance.happens(0.3)}
    return made


def strategy_of_feature(chance: Chance) -> dict[str, Any]:
    """A strategy in a toggle."""
    made: dict[str, Any] = {"name": chance.name_of((*BUILT_IN, *STRATEGIES), odd=0.02)}
    if chance.happens(0.6):
        made["parameters"] = chance.one_of(
            ({}, {"userIds": "1,2"}, {"rollout": 50, "stickiness": "default"}, {"a": None, "b": []})
        )
    if chance.happens(0.4):
        made["constraints"] = chance.one_of(
            (None, [], [constraint(chance)], [constraint(chance), constraint(chance)])
        )
    return chance.spoil(made, 0.04)


def constraint(chance: Chance) -> dict[str, Any]:
    """A constraint; 3.x accepts any operator."""
    made: dict[str, Any] = {
        "contextName": chance.one_of(CONTEXT_FIELDS),
        "operator": chance.one_of(OPERATORS),
        "values": chance.one_of((["a"], ["a", "b"], ["5"], ["ü", "a"])),
    }
    if chance.happens(0.1):
        made.pop("values")
    return chance.spoil(made, 0.06)


def variants(chance: Chance) -> list[dict[str, Any]]:
    """A list of variants. Names may occur more than once."""
    names = chance.some_of(("blue", "green", "red.1"), 3)
    if not chance.happens(0.1):
        names = list(dict.fromkeys(names))
    return [variant(chance, name) for name in names]


def variant(chance: Chance, name: str) -> dict[str, Any]:
    """A variant of a toggle."""
    made: dict[str, Any] = {
        "name": name,
        "weight": chance.one_of((0, 1, 500, 1000, 333.3, "250")),
    }
    optional: dict[str, Any] = {
        "weightType": chance.one_of(("variable", "fix")),
        "stickiness": chance.one_of(("default", "userId")),
        "payload": {"type": chance.one_of(("string", "json", "own")), "value": "{}"},
        "overrides": [{"contextName": "userId", "values": chance.some_of(("1", "2"), 2)}],
    }
    made |= {key: value for key, value in optional.items() if chance.happens(0.4)}
    return chance.spoil(made, 0.05)


def strategy(chance: Chance, name: str) -> dict[str, Any]:
    """A custom strategy."""
    made: dict[str, Any] = {
        "name": name,
        "parameters": [strategy_parameter(chance) for _ in range(chance.one_of((0, 1, 2)))],
    }
    if chance.happens(0.5):
        made["description"] = chance.one_of((*TEXTS, None))
    if chance.happens(0.2):
        made |= {"editable": chance.one_of((True, False)), "deprecated": chance.happens(0.5)}
    return made


def strategy_parameter(chance: Chance) -> dict[str, Any]:
    """A parameter of a strategy."""
    made: dict[str, Any] = {
        "name": chance.one_of(("limit", "regions")),
        "type": chance.one_of(("string", "number", "list", "percentage", "boolean", "own")),
    }
    if chance.happens(0.4):
        made |= {"description": chance.one_of(TEXTS), "required": chance.one_of((True, "false"))}
    return chance.spoil(made, 0.06)


def context_field(chance: Chance, name: str) -> dict[str, Any]:
    """A context field."""
    made: dict[str, Any] = {"name": name}
    optional: dict[str, Any] = {
        "description": chance.one_of((*TEXTS, None)),
        "legalValues": chance.one_of((None, [], ["a", "b"], ["a", "a"], ["x" * 100])),
        "stickiness": chance.one_of((True, False, "true")),
        "sortOrder": chance.one_of((1, 5)),
    }
    return made | {key: value for key, value in optional.items() if chance.happens(0.4)}


def tag(chance: Chance) -> dict[str, Any]:
    """A tag."""
    return {
        "type": chance.one_of((*PREPARED_TAG_TYPES * 4, *TAG_TYPES)),
        "value": chance.one_of(("x", "y" * 51)) if chance.happens(0.06) else tag_value(chance),
    }


def tag_value(chance: Chance) -> str:
    """The value of a tag that may exist."""
    return chance.one_of(TAG_VALUES)


def tag_type(chance: Chance, name: str) -> dict[str, Any]:
    """A tag type."""
    made: dict[str, Any] = {"name": name}
    optional = {"description": chance.one_of(TEXTS), "icon": chance.one_of(("", "T"))}
    return made | {key: value for key, value in optional.items() if chance.happens(0.6)}


def state(chance: Chance) -> dict[str, Any]:
    """A state document in the form of `GET /api/admin/state/export` of 3.x."""
    made: dict[str, Any] = {}
    if chance.happens(0.8):
        made["version"] = 1
    if chance.happens(0.8):
        names = dict.fromkeys(chance.some_of(FEATURES, 3))
        made["features"] = [feature(chance, name) for name in names]
    if chance.happens(0.4):
        names = dict.fromkeys(chance.some_of(STRATEGIES, 2))
        made["strategies"] = [strategy(chance, name) for name in names]
    if chance.happens(0.4):
        names = dict.fromkeys(chance.some_of(PROJECTS, 2))
        made["projects"] = [
            {"id": item, "name": item.title(), "description": None} for item in names
        ]
    if chance.happens(0.4):
        _add_tags(chance, made)
    return chance.spoil(made, 0.05)


def _add_tags(chance: Chance, document: dict[str, Any]) -> None:
    types = ("simple", *dict.fromkeys(chance.some_of(TAG_TYPES[1:], 2)))
    document["tagTypes"] = [{"name": item, "description": item, "icon": "#"} for item in types]
    tags = {(chance.one_of(types), tag_value(chance)) for _ in range(2)}
    document["tags"] = [{"type": kind, "value": value} for kind, value in sorted(tags)]
    if chance.happens(0.7):
        document["featureTags"] = [
            {"featureName": item["name"], "tagType": kind, "tagValue": value}
            for item in document.get("features", ())
            for kind, value in sorted(tags)
        ]
