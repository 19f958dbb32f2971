"""Random toggles, segments and contexts, which depend only on the seed."""

from random import Random
from typing import Any

_USERS = ["u1", "u2", "u3", "7", "anna@example.com", "", "ünïcode", "U1"]
_ADDRESSES = ["10.0.0.1", "10.1.2.3", "192.168.1.77", "::1", "2001:db8::5", "nowhere", "10.0.0"]
_ADDRESSES += ["::ffff:10.1.2.3", "::ffff:a01:203"]
_BLOCKS = ["10.0.0.0/8", "10.0.0.1", "192.168.1.0/24", "::1", "2001:db8::/32", "10.1.2.3/16"]
_BLOCKS += ["::ffff:10.1.2.3", "::ffff:10.0.0.0/104"]
_NUMBERS = ["0", "7", "7.0", "-3", "42.5", "1e2", "100"]
_TIMES = [
    "2025-12-31T23:59:59Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T02:00:00+02:00",
    "2026-06-15T12:30:00.123Z",
]
_VERSIONS = ["1.2.3", "1.2.4", "1.10.0", "2.0.0-alpha.1", "2.0.0-alpha.beta", "2.0.0", "0.0.1"]
_UNREADABLE = ["", "x", "v1.2.3", "1.2", "2026-01-01", "ten", " 7", "1_0"]
_STRINGS = ["an", "anna", "EXAMPLE.com", "@", "ü", "u"]
_PATTERNS = ["^u[0-9]$", "anna|u3", r"example\.com$", "(?i)ANNA", "[a-z]+@"]
_PROPERTIES = ["plan", "country", "age", "version", "since", "custom"]
_FIELDS = ["userId", "sessionId", "remoteAddress", "appName", "environment", *_PROPERTIES]
_SINGLE = {"NUM_": _NUMBERS, "DATE": _TIMES, "SEMV": _VERSIONS, "REGE": _PATTERNS}
_OPERATORS = (
    "IN NOT_IN STR_STARTS_WITH STR_ENDS_WITH STR_CONTAINS IN_CIDR REGEX "
    "NUM_EQ NUM_GT NUM_GTE NUM_LT NUM_LTE DATE_AFTER DATE_BEFORE "
    "SEMVER_EQ SEMVER_GT SEMVER_GTE SEMVER_LT SEMVER_LTE"
).split()
_STRATEGIES = (
    "default userWithId remoteAddress gradualRolloutUserId gradualRolloutSessionId "
    "flexibleRollout flexibleRollout flexibleRollout custom"
).split()


def payload(random: Random, *, toggles: int) -> dict[str, Any]:
    """Return a random features body in this server's form. The evaluation of the body is
    deterministic.
    """
    segments = [
        {"id": number, "name": f"s{number}", "constraints": _constraints(random, maximum=2)}
        for number in range(1, 5)
    ]
    names = [f"toggle-{number}" for number in range(toggles)]
    features = [_feature(random, name, names[:at]) for at, name in enumerate(names)]
    return {"version": 2, "features": features, "segments": segments}


def context(random: Random) -> dict[str, Any]:
    """Return a random context. The context always has a user, because decisions without a user are
    random.
    """
    fields: dict[str, Any] = {
        "userId": random.choice(_USERS),
        "currentTime": random.choice(_TIMES),
        "properties": {},
    }
    for name, values in (
        ("sessionId", _USERS),
        ("remoteAddress", _ADDRESSES),
        ("appName", _STRINGS),
        ("environment", ["default", "production"]),
    ):
        if random.random() < 0.8:
            fields[name] = random.choice(values)
    for name in _PROPERTIES:
        if random.random() < 0.8:
            kind = random.choice([_USERS, _NUMBERS, _TIMES, _VERSIONS, _UNREADABLE, _ADDRESSES])
            fields["properties"][name] = random.choice(kind)
    return fields


def _feature(random: Random, name: str, earlier: list[str]) -> dict[str, Any]:
    feature: dict[str, Any] = {
        "name": name,
        "type": "release",
        "enabled": random.random() < 0.85,
        "project": "default",
        "stale": False,
        "strategies": [_strategy(random) for _ in range(random.choice([0, 1, 1, 2, 3]))],
        "variants": _variants(random, overrides=True) if random.random() < 0.5 else [],
        "description": None,
        "impressionData": False,
    }
    if earlier and random.random() < 0.3:
        feature["dependencies"] = [
            _dependency(random, random.choice([*earlier, "nothing"]))
            for _ in range(random.choice([1, 1, 2]))
        ]
    return feature


def _dependency(random: Random, name: str) -> dict[str, Any]:
    if random.random() < 0.3:
        return {"feature": name, "enabled": False}
    variants = random.choice([[], [], ["red"], ["red", "blue"]])
    return {"feature": name, "enabled": True, "variants": variants}


def _strategy(random: Random) -> dict[str, Any]:
    name = random.choice(_STRATEGIES)
    strategy: dict[str, Any] = {
        "name": name,
        "constraints": _constraints(random, maximum=2),
        "parameters": _parameters(random, name),
        "variants": _variants(random, overrides=False) if random.random() < 0.3 else [],
    }
    if random.random() < 0.3:
        # All four segments exist. If a segment is missing, the engine switches the whole toggle
        # off.
        strategy["segments"] = random.sample([1, 2, 3, 4], random.choice([1, 1, 2]))
    return strategy


def _parameters(random: Random, name: str) -> dict[str, str]:
    share = random.choice(["0", "1", "33", "50", "99", "100", "ten", "", "-1", "50.5"])
    match name:
        case "userWithId":
            return {"userIds": ", ".join(random.sample(_USERS, 3))}
        case "remoteAddress":
            return {"IPs": ",".join(random.sample([*_BLOCKS, "nowhere"], 2))}
        case "gradualRolloutUserId" | "gradualRolloutSessionId":
            return _some(random, {"percentage": share, "groupId": random.choice(["g", "checkout"])})
        case "flexibleRollout":
            # The stickiness "random" would make the result random. A missing session does not.
            sticky = random.choice(["default", "userId", "sessionId", "plan", "country"])
            # Without a group, the engine gives a parent toggle the same bucket as its dependent
            # toggle.
            group = {"groupId": random.choice("ab")}
            return group | _some(random, {"rollout": share, "stickiness": sticky})
        case _:
            return {}


def _some(random: Random, parameters: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in parameters.items() if random.random() < 0.9}


def _constraints(random: Random, *, maximum: int) -> list[dict[str, Any]]:
    return [_constraint(random) for _ in range(random.randint(0, maximum))]


def _constraint(random: Random) -> dict[str, Any]:
    operator = random.choice(_OPERATORS)
    constraint: dict[str, Any] = {
        "contextName": random.choice(_FIELDS),
        "operator": operator,
        "values": [],
    }
    if operator.startswith("DATE_") and random.random() < 0.5:
        constraint["contextName"] = "currentTime"
    single = _SINGLE.get(operator[:4])
    if single is not None:
        constraint["value"] = random.choice(single)
    elif operator == "IN_CIDR":
        constraint["contextName"] = random.choice(["remoteAddress", "custom"])
        constraint["values"] = random.sample(_BLOCKS, 2)
    else:
        strings = _USERS if operator in ("IN", "NOT_IN") else _STRINGS
        # The engine cannot read empty lists for STR operators, and switches the whole toggle off.
        fewest = 1 if operator.startswith("STR_") else 0
        constraint["values"] = random.sample(strings, random.randint(fewest, 3))
    if random.random() < 0.3:
        constraint["inverted"] = True
    if operator.startswith("STR_") and random.random() < 0.4:
        constraint["caseInsensitive"] = True
    return constraint


def _variants(random: Random, *, overrides: bool) -> list[dict[str, Any]]:
    variants: list[dict[str, Any]] = []
    # The engine uses the stickiness of the first variant. Without a value, the choice would be
    # random.
    for name in random.sample(["red", "blue", "green"], random.choice([1, 2, 3])):
        variant: dict[str, Any] = {
            "name": name,
            "weight": random.choice([0, 1, 250, 333, 1000]),
            "weightType": "variable",
            "stickiness": random.choice(["default", "userId"]),
        }
        if random.random() < 0.4:
            variant["payload"] = {"type": "string", "value": name}
        if overrides and random.random() < 0.3:
            values = random.sample(_USERS, 2)
            variant["overrides"] = [{"contextName": random.choice(_FIELDS), "values": values}]
        variants.append(variant)
    variants[-1]["weight"] = variants[-1]["weight"] or 500
    return variants
