"""Random calls of the 3.x admin API."""

import json
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import quote

from tests.differential import documents
from tests.differential.call import JSON, Call, json_call
from tests.differential.values import (
    APPLICATIONS,
    ARCHIVED_FEATURE,
    BUILT_IN,
    CONTEXT_FIELDS,
    FEATURES,
    PREPARED_FEATURES,
    PROJECTS,
    STRATEGIES,
    TAG_TYPES,
    TEXTS,
    WRONG_VALUES,
    Chance,
    part,
)

MakeCall: TypeAlias = Callable[[Chance], Call]

ADMIN = "/api/admin"
_SWITCHES = ("toggle", "toggle/on", "toggle/on", "toggle/off", "stale/on", "stale/off")


def filters(chance: Chance) -> str:
    """Return a query that filters a list of toggles, in a random form that Node's `qs` accepts."""
    pairs: list[tuple[str, str]] = []
    for _ in range(chance.one_of((0, 0, 1, 1, 2, 3))):
        key = chance.one_of(("tag", "tag", "project", "namePrefix"))
        value = {
            "tag": lambda: f"{chance.one_of(TAG_TYPES)}:{documents.tag_value(chance)}",
            "project": lambda: chance.one_of((*PROJECTS, "nowhere")),
            "namePrefix": lambda: chance.one_of(("a", "b", "Z", "e~", "")),
        }[key]()
        if chance.happens(0.08):
            value = chance.one_of(("", "x", "no-colon", ":", "simple:"))
        form = chance.one_of(("{}", "{}", "{}[]", "{}[0]", "{}[1]"))
        pairs.append((key if key == "namePrefix" else form.format(key), value))
    query = "&".join(f"{quote(key, safe='[]')}={quote(value, safe='')}" for key, value in pairs)
    return f"?{query}" if query else ""


def list_features(chance: Chance) -> Call:
    """List toggles, either with a filter or with the ETag of an earlier answer."""
    operation = f"{ADMIN}/features"
    if chance.happens(0.3):
        return Call(operation, "GET", operation, conditional=True)
    return Call(operation, "GET", operation + filters(chance))


def create_feature(chance: Chance) -> Call:
    """Create a toggle. The name may be in use."""
    document = documents.feature(chance, chance.name_of(FEATURES))
    return json_call(f"{ADMIN}/features", "POST", f"{ADMIN}/features", chance.spoil(document))


def replace_feature(chance: Chance) -> Call:
    """Replace a toggle. The name in the body may differ from the name in the path."""
    name = chance.name_of(FEATURES, 0.04)
    document = documents.feature(chance, chance.one_of((name, name, "alpha")))
    path = f"{ADMIN}/features/{part(name)}"
    return json_call(f"{ADMIN}/features/:name", "PUT", path, chance.spoil(document))


def one_feature(chance: Chance) -> Call:
    """Read a toggle, request it with HEAD, or archive it."""
    method = chance.one_of(("GET", "GET", "GET", "DELETE", "HEAD"))
    path = f"{ADMIN}/features/{part(chance.name_of(FEATURES))}"
    return Call(f"{ADMIN}/features/:name", method, path)


def switch_feature(chance: Chance) -> Call:
    """Switch a toggle on or off, or mark it as stale or not stale."""
    switch = chance.one_of(_SWITCHES)
    path = f"{ADMIN}/features/{part(chance.name_of(FEATURES, 0.03))}/{switch}"
    return Call(f"{ADMIN}/features/:name/{switch}", "POST", path, b"{}", JSON)


def validate(chance: Chance) -> Call:
    """Validate a name."""
    kind, names = chance.one_of(
        (("features", FEATURES), ("context", CONTEXT_FIELDS), ("tag-types", TAG_TYPES))
    )
    path = f"{ADMIN}/{kind}/validate"
    document = {"name": chance.name_of((*names, "new.name"), 0.3)}
    return json_call(path, "POST", path, chance.spoil(document))


def feature_tags(chance: Chance) -> Call:
    """List, add or remove the tags of a toggle."""
    operation = f"{ADMIN}/features/:name/tags"
    name = chance.name_of((*PREPARED_FEATURES * 4, *FEATURES), 0.01)
    path = f"{ADMIN}/features/{part(name)}/tags"
    tag = documents.tag(chance)
    match chance.one_of(("list", "add", "add", "add", "remove")):
        case "list":
            return Call(operation, "GET", path)
        case "add":
            return json_call(operation, "POST", path, chance.spoil(tag))
        case _:
            tag_path = f"{path}/{part(tag['type'])}/{part(tag['value'])}"
            return Call(f"{operation}/:type/:value", "DELETE", tag_path, look_first=path)


def archive(chance: Chance) -> Call:
    """List archived toggles, or revive one of them."""
    if chance.happens(0.4):
        return Call(f"{ADMIN}/archive/features", "GET", f"{ADMIN}/archive/features")
    name = chance.name_of((*(ARCHIVED_FEATURE,) * 4, *FEATURES), 0.01)
    path = f"{ADMIN}/archive/revive/{part(name)}"
    live = f"{ADMIN}/features/{part(name)}"
    operation = f"{ADMIN}/archive/revive/:name"
    return Call(operation, "POST", path, b"{}", JSON, look_first=live)


def strategies(chance: Chance) -> Call:
    """List strategies, or read, create, change, delete, deprecate or reactivate one of them."""
    operation = f"{ADMIN}/strategies"
    name = chance.name_of((*STRATEGIES, *STRATEGIES, *BUILT_IN), 0.04)
    path = f"{operation}/{part(name)}"
    match chance.one_of(("list", "get", "create", "create", "update", "delete", "mark")):
        case "list":
            return Call(operation, "GET", operation)
        case "get":
            return Call(f"{operation}/:name", "GET", path)
        case "create":
            document = chance.spoil(documents.strategy(chance, name))
            return json_call(operation, "POST", operation, document, settles=True)
        case "update":
            document = chance.spoil(documents.strategy(chance, name))
            return json_call(f"{operation}/:name", "PUT", path, document, settles=True)
        case "delete":
            return Call(f"{operation}/:name", "DELETE", path, settles=True)
        case _:
            verb = chance.one_of(("deprecate", "reactivate"))
            operation = f"{operation}/:name/{verb}"
            return Call(operation, "POST", f"{path}/{verb}", b"{}", JSON, settles=True)


def context_fields(chance: Chance) -> Call:
    """List context fields, or read, create, change or delete one of them."""
    return _reference_data(chance, "context", CONTEXT_FIELDS)


def tag_types(chance: Chance) -> Call:
    """List tag types, or read, create, change or delete one of them."""
    return _reference_data(chance, "tag-types", TAG_TYPES)


def _reference_data(chance: Chance, kind: str, names: tuple[str, ...]) -> Call:
    operation = f"{ADMIN}/{kind}"
    name = chance.name_of(names, 0.05)
    path = f"{operation}/{part(name)}"
    make = documents.context_field if kind == "context" else documents.tag_type
    match chance.one_of(("list", "get", "create", "create", "update", "delete")):
        case "list":
            return Call(operation, "GET", operation)
        case "get":
            return Call(f"{operation}/:name", "GET", path)
        case "create":
            return json_call(operation, "POST", operation, chance.spoil(make(chance, name)))
        case "update":
            document = chance.spoil(make(chance, name))
            return json_call(f"{operation}/:name", "PUT", path, document)
        case _:
            return Call(f"{operation}/:name", "DELETE", path, look_first=path)


def tags(chance: Chance) -> Call:
    """List tags, or read, create or delete one of them."""
    operation = f"{ADMIN}/tags"
    tag = documents.tag(chance)
    of_type = f"{operation}/{part(tag['type'])}"
    match chance.one_of(("list", "of type", "get", "create", "create", "delete")):
        case "list":
            return Call(operation, "GET", operation)
        case "of type":
            return Call(f"{operation}/:type", "GET", of_type)
        case "create":
            return json_call(operation, "POST", operation, chance.spoil(tag))
        case name:
            method = "GET" if name == "get" else "DELETE"
            path = f"{of_type}/{part(tag['value'])}"
            return Call(f"{operation}/:type/:value", method, path, look_first=path)


def events(chance: Chance) -> Call:
    """List all events, or the events of one name."""
    if chance.happens(0.6):
        return Call(f"{ADMIN}/events", "GET", f"{ADMIN}/events")
    name = chance.name_of((*FEATURES, *STRATEGIES, *CONTEXT_FIELDS), 0.05)
    return Call(f"{ADMIN}/events/:name", "GET", f"{ADMIN}/events/{part(name)}")


def export(chance: Chance) -> Call:
    """Export the whole state or parts of it."""
    operation = f"{ADMIN}/state/export"
    query = [
        f"{key}={chance.one_of(('true', 'false', '0', '1', '2', 'yes', ''))}"
        for key in ("featureToggles", "strategies", "projects", "tags", "download")
        if chance.happens(0.2)
    ]
    if chance.happens(0.2):
        query.append(f"format={chance.one_of(('json', 'xml', 'yaml'))}")
    return Call(operation, "GET", operation + ("?" + "&".join(query) if query else ""))


def import_state(chance: Chance) -> Call:
    """Import a state document, as JSON or as a file."""
    operation = f"{ADMIN}/state/import"
    query = chance.weighted(
        [(4, ""), (2, "?keep=true"), (2, "?drop=true"), (2, "?drop=true&keep=1"), (1, "?keep=0")]
    )
    content = json.dumps(documents.state(chance)).encode()
    if chance.happens(0.25):
        name = chance.one_of(("state.json", "state.yml", "state.txt"))
        head = f'--bound\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--bound--\r\n"
        kind = "multipart/form-data; boundary=bound"
    else:
        body, kind = content, JSON
    path, now = operation + query, f"{ADMIN}/state/export"
    return Call(operation, "POST", path, body, kind, look_first=now, settles=True)


def usage(chance: Chance) -> Call:
    """Read usage: seen toggles, seen applications, and counts."""
    path = chance.one_of(("seen-toggles", "seen-apps", "feature-toggles", "feature-toggles/:name"))
    operation = f"{ADMIN}/metrics/{path}"
    return Call(operation, "GET", operation.replace(":name", part(chance.name_of(FEATURES))))


def applications(chance: Chance) -> Call:
    """List applications, or read, describe or delete one of them."""
    operation = f"{ADMIN}/metrics/applications"
    path = f"{operation}/{part(chance.name_of(APPLICATIONS, 0.04))}"
    match chance.one_of(("list", "get", "get", "describe", "delete")):
        case "list":
            return Call(operation, "GET", operation)
        case "describe":
            optional = {
                "description": chance.one_of(TEXTS),
                "url": chance.one_of(("", "https://example.com/")),
                "color": chance.one_of(("", "red")),
                "icon": chance.one_of(("", "star")),
                "strategies": chance.one_of(([], ["default", "none-such"], [1, "default"])),
                "sdkVersion": "sdk:1",
            }
            document = {key: value for key, value in optional.items() if chance.happens(0.5)}
            call = chance.spoil(document, 0.1)
            return json_call(f"{operation}/:app", "POST", path, call, reports_usage=True)
        case name:
            method = "GET" if name == "get" else "DELETE"
            return Call(f"{operation}/:app", method, path)


def fixed_data(chance: Chance) -> Call:
    """Read data that never changes."""
    paths = ("/api", ADMIN, f"{ADMIN}/", "/api/client", f"{ADMIN}/feature-types", "/health")
    path = chance.one_of(paths)
    return Call(path, "GET", path)


def odd_request(chance: Chance) -> Call:
    """Make an invalid call: an unknown path, another method, or an invalid body."""
    path = f"{ADMIN}/features"
    match chance.one_of(("path", "method", "options", "type", "json", "scalar", "slash", "huge")):
        case "path":
            path = chance.one_of((f"{ADMIN}/none-such", f"{path}/alpha/none", "/api/none"))
            return Call("unknown path", chance.one_of(("GET", "DELETE")), path)
        case "method":
            return Call("other method", chance.one_of(("PATCH", "DELETE")), path)
        case "options":
            return Call("OPTIONS", "OPTIONS", chance.one_of((path, f"{path}/alpha")))
        case "type":
            kind = chance.one_of(("text/plain", "application/json; charset=utf-8", None))
            return Call("content type", "POST", f"{path}/validate", b'{"name": "fresh"}', kind)
        case "json":
            body = chance.one_of((b"", b"{", b"{'a': 1}", b'{"name": "a\xff"}', b"nope"))
            return Call("malformed JSON", "POST", path, body, JSON)
        case "scalar":
            body = json.dumps(
                chance.one_of([value for value in WRONG_VALUES if value != {}])
            ).encode()
            return Call("JSON that is no object", "POST", path, body, JSON)
        case "slash":
            return Call("slash at the end", "GET", f"{path}/")
        case _:
            document = {"name": "huge", "strategies": [{"name": "default"}]}
            return json_call("huge body", "POST", path, document | {"description": "d" * 90_000})


WEIGHTS: list[tuple[int, MakeCall]] = [
    (6, list_features),
    (9, create_feature),
    (7, replace_feature),
    (8, one_feature),
    (8, switch_feature),
    (2, validate),
    (8, feature_tags),
    (5, archive),
    (8, strategies),
    (5, context_fields),
    (4, tag_types),
    (5, tags),
    (6, events),
    (3, export),
    (4, import_state),
    (3, usage),
    (4, applications),
    (1, fixed_data),
    (4, odd_request),
]
