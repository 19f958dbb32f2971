"""The differences that `docs/reference/rest-differences.md` lists, as rules by their keys."""

from collections.abc import Callable
from enum import IntEnum, auto
from typing import TypeAlias
from urllib.parse import unquote

from msgspec import Struct

from tests.differential.call import Exchange, imported_document
from tests.differential.comparing import ABSENT, Difference
from tests.differential.values import BUILT_IN

Matches: TypeAlias = Callable[[Exchange, Difference], bool]


class Diverges(IntEnum):
    """What the servers no longer have in common after a difference."""

    NOTHING = auto()
    EVENTS = auto()
    STATE = auto()


class Rule(Struct, frozen=True):
    """Recognises one listed difference by its key in the page."""

    key: str
    matches: Matches
    diverges: Diverges = Diverges.NOTHING


class SilentRule(Struct, frozen=True):
    """Recognises a call that both answer alike, but that has different effects."""

    key: str
    matches: Callable[[Exchange], bool]
    diverges: Diverges


RULES: list[Rule] = []
SILENT_RULES: list[SilentRule] = []


def rule_for(exchange: Exchange, difference: Difference) -> Rule | None:
    """The rule that lists a difference."""
    return next((it for it in RULES if it.matches(exchange, difference)), None)


def _rule(key: str, diverges: Diverges = Diverges.NOTHING) -> Callable[[Matches], Matches]:
    def add(matches: Matches) -> Matches:
        RULES.append(Rule(key, matches, diverges))
        return matches

    return add


def silent_rules_for(exchange: Exchange) -> list[SilentRule]:
    """The rules for what a call has changed in different ways."""
    return [it for it in SILENT_RULES if it.matches(exchange)]


def _silent_rule(
    key: str, diverges: Diverges
) -> Callable[[Callable[[Exchange], bool]], Callable[[Exchange], bool]]:
    def add(matches: Callable[[Exchange], bool]) -> Callable[[Exchange], bool]:
        SILENT_RULES.append(SilentRule(key, matches, diverges))
        return matches

    return add


_NAMES_WITH_OWN_TEXTS = {"simple", "default", "userId", "environment", "appName"}


@_rule("own-words")
def _is_of_own_words(_: Exchange, difference: Difference) -> bool:
    if not isinstance(difference.unleash, str) or not isinstance(difference.flagstaff, str):
        return False
    if difference.key in ("message", "error"):
        return True
    if ".diffs[]." in difference.place:
        event = next(it for it in reversed(difference.owners) if "diffs" in it)
        return event["data"].get("name") in BUILT_IN
    return difference.key == "description" and any(
        it.get("editable") is False
        or {it.get("name"), it.get("id")} & _NAMES_WITH_OWN_TEXTS
        or "lifetimeDays" in it
        for it in difference.owners
    )


@_rule("validation-errors")
def _is_form_of_validation_error(exchange: Exchange, difference: Difference) -> bool:
    if exchange.unleash.status != 400 or exchange.flagstaff.status != 400:
        return False
    return difference.place in (
        "body._original",
        "body.details[].context",
        "body.name",
        "body.message",
    )


@_rule("error-bodies")
def _is_error_body(exchange: Exchange, difference: Difference) -> bool:
    return (
        difference.place == "media type"
        and difference.unleash in ("text/html", "")
        and difference.flagstaff == "application/json"
        and min(exchange.unleash.status, exchange.flagstaff.status) >= 400
    )


_INDEXES = ("/health", "/api", "/api/client", "/api/admin")


@_rule("etag-of-lists")
def _is_etag_of_something_else(exchange: Exchange, difference: Difference) -> bool:
    call = exchange.call
    is_list = call.method in ("GET", "HEAD") and call.path.rstrip("/") not in _INDEXES
    return difference.place == "header etag" and not (is_list and exchange.unleash.status < 400)


@_rule("options-method")
def _is_options(exchange: Exchange, difference: Difference) -> bool:
    return exchange.call.method == "OPTIONS" and difference.place in ("status", "media type")


@_rule("one-client-list")
def _is_of_both_client_lists(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.path.startswith("/api/client/features"):
        return False
    values = difference.unleash, difference.flagstaff
    if values[0] is ABSENT:
        return difference.key in _KEYS_OF_TODAY
    return values == (1, 2) if difference.place == "body.version" else values == (None, [])


_KEYS_OF_TODAY = {
    *("query", "meta", "description", "impressionData", "project"),
    *("constraints", "parameters", "variants", "inverted", "caseInsensitive"),
    *("stickiness", "weightType"),
}


@_rule("revive-unknown", Diverges.STATE)
def _is_revived(exchange: Exchange, difference: Difference) -> bool:
    return exchange.call.operation.endswith("/revive/:name") and _statuses(difference) == (200, 404)


@_rule("tag-unknown", Diverges.STATE)
def _is_tag_of_unknown_toggle(exchange: Exchange, difference: Difference) -> bool:
    # 3.17.6 makes the tag before it fails.
    tags = exchange.call.operation.endswith("/features/:name/tags")
    return tags and _statuses(difference) in ((500, 404), (500, 400), (400, 404))


@_rule("application-strategies", Diverges.STATE)
def _has_no_strategies(exchange: Exchange, difference: Difference) -> bool:
    if difference.key == "strategies" and (difference.unleash, difference.flagstaff) == (None, []):
        return True
    is_application = exchange.call.operation.endswith("/applications/:app")
    return is_application and _statuses(difference) == (500, 200)


@_rule("refused-not-failed")
def _is_refused(_: Exchange, difference: Difference) -> bool:
    statuses = _statuses(difference)
    return statuses[0] == 500 and 400 <= statuses[1] < 500


@_rule("import-unknown-keys")
def _is_unknown_key(_: Exchange, difference: Difference) -> bool:
    return difference.key == "unknownKey" and difference.flagstaff is ABSENT


@_rule("export-loose-tags")
def _is_tag_of_archived_toggle(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.path.startswith("/api/admin/state/export") or difference.flagstaff:
        return False
    if difference.place != "body.featureTags.length":
        return False
    exported = {it["name"] for it in difference.owners[0].get("features", ())}
    return not any(it["featureName"] in exported for it in difference.unleash)


@_rule("new-objects")
def _is_answered_object(exchange: Exchange, difference: Difference) -> bool:
    created = exchange.call.method == "POST" and exchange.flagstaff.status == 201
    empty = exchange.unleash.status == 201 and not exchange.unleash.body
    return difference.place == "media type" and created and empty


@_rule("tag-type-color")
def _is_color(_: Exchange, difference: Difference) -> bool:
    return difference.key == "color" and difference.unleash is ABSENT


@_rule("tag-type-unknown", Diverges.STATE)
def _is_update_of_no_tag_type(exchange: Exchange, difference: Difference) -> bool:
    is_update = exchange.call.operation.endswith("/tag-types/:name")
    return is_update and _statuses(difference) == (200, 404)


@_rule("tag-filter-colons")
def _is_filter_with_colons(exchange: Exchange, difference: Difference) -> bool:
    failed = (exchange.unleash.status, exchange.flagstaff.status) == (500, 200)
    in_place = difference.place in ("status", "media type", "header etag")
    return failed and in_place and "%3Av%3A1" in exchange.call.path


@_rule("client-parameters")
def _is_parameter_as_text(exchange: Exchange, difference: Difference) -> bool:
    in_parameters = ".parameters." in difference.place
    is_list = exchange.call.path.startswith("/api/client/features")
    return in_parameters and is_list and isinstance(difference.flagstaff, str)


@_rule("import-errors")
def _is_list_of_import_errors(exchange: Exchange, difference: Difference) -> bool:
    is_import = exchange.call.operation.endswith("/state/import")
    both = exchange.unleash.status == exchange.flagstaff.status == 400
    return is_import and both and difference.place.startswith("body.details")


@_rule("metrics-instance", Diverges.STATE)
def _is_report_without_instance(exchange: Exchange, difference: Difference) -> bool:
    is_report = exchange.call.operation.endswith("/client/metrics")
    names = b'"instanceId"' in (exchange.call.body or b"")
    return is_report and not names and _statuses(difference) == (400, 202)


@_silent_rule("delete-missing", Diverges.EVENTS)
def _deletes_nothing(exchange: Exchange) -> bool:
    call, before = exchange.call, exchange.before
    if call.method != "DELETE" or exchange.unleash.status != 200 or before is None:
        return False
    if call.operation.endswith("/features/:name/tags/:type/:value"):
        *_, kind, value = (unquote(it) for it in call.path.split("/"))
        return {"type": kind, "value": value} not in before.json["tags"]
    return before.status == 404


@_silent_rule("revive-live", Diverges.STATE)
def _revives_live_toggle(exchange: Exchange) -> bool:
    revives = exchange.call.operation.endswith("/revive/:name")
    return revives and exchange.before is not None and exchange.before.status == 200


@_silent_rule("import-unchanged", Diverges.EVENTS)
def _imports_what_is_there(exchange: Exchange) -> bool:
    call, before = exchange.call, exchange.before
    if not call.operation.endswith("/state/import") or before is None:
        return False
    keeps = "keep=true" in call.path or "keep=1" in call.path
    parts = ("projects", "tags", "tagTypes", "featureTags")
    document = imported_document(call)
    return not keeps and any(document.get(part) and before.json.get(part) for part in parts)


@_rule("tag-archived", Diverges.STATE)
def _is_tag_of_archived(exchange: Exchange, difference: Difference) -> bool:
    tags = exchange.call.operation.endswith("/features/:name/tags")
    return tags and _statuses(difference) == (201, 404)


@_rule("feature-types")
def _is_sunset(exchange: Exchange, difference: Difference) -> bool:
    if difference.place != "body.types.length":
        return False
    ids = ([it["id"] for it in body["types"]] for body in difference.owners)
    return [*next(ids), "sunset"] == next(ids)


@_rule("content-type", Diverges.STATE)
def _is_content_type(_: Exchange, difference: Difference) -> bool:
    statuses = _statuses(difference)
    return statuses[0] == 415 and statuses[1] < 300


@_rule("client-constraint-value")
def _is_single_value(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.path.startswith("/api/client/features"):
        return False
    return difference.key in ("value", "values") or difference.place.endswith("values.length")


@_rule("index-version")
def _is_version(exchange: Exchange, difference: Difference) -> bool:
    return exchange.call.path == "/api" and difference.place == "body.version"


@_rule("export-yaml-times")
def _is_time_in_yaml(exchange: Exchange, difference: Difference) -> bool:
    return "format=yaml" in exchange.call.path and difference.key in ("createdAt", "lastSeenAt")


@_rule("client-conversions", Diverges.STATE)
def _is_conversion(exchange: Exchange, difference: Difference) -> bool:
    client = exchange.call.path in ("/api/client/register", "/api/client/metrics")
    return client and _statuses(difference) == (400, 202)


@_rule("delete-in-use", Diverges.STATE)
def _is_refused_deletion(exchange: Exchange, difference: Difference) -> bool:
    used = exchange.call.operation.endswith(("/strategies/:name", "/tag-types/:name"))
    return used and exchange.call.method == "DELETE" and _statuses(difference) == (200, 409)


@_rule("built-in-context", Diverges.STATE)
def _is_built_in_field(exchange: Exchange, difference: Difference) -> bool:
    is_field = exchange.call.operation.endswith("/context/:name")
    return is_field and exchange.call.method == "DELETE" and _statuses(difference) == (200, 403)


@_rule("import-conversions")
def _is_converted(_: Exchange, difference: Difference) -> bool:
    words = {"true": True, "false": False, "TRUE": True, "FALSE": False}
    if difference.key == "required":
        return difference.flagstaff is words.get(difference.unleash)
    return difference.key == "weight" and difference.unleash == str(difference.flagstaff)


@_rule("client-weights")
def _is_whole_weight(exchange: Exchange, difference: Difference) -> bool:
    in_list = exchange.call.path.startswith("/api/client/features")
    weights = difference.unleash, difference.flagstaff
    return in_list and difference.key == "weight" and weights == (333.3, 333)


@_rule("last-seen-by-name")
def _is_seen_before(_: Exchange, difference: Difference) -> bool:
    return difference.key == "lastSeenAt" and difference.unleash is None


@_rule("project-description")
def _is_missing_description(exchange: Exchange, difference: Difference) -> bool:
    of_project = "projects[]" in difference.place or any(
        it.get("type") == "project-import" for it in difference.owners
    )
    texts = (difference.unleash, difference.flagstaff)
    return of_project and difference.key == "description" and texts == (None, "")


@_rule("invalid-utf8")
def _is_invalid_text(exchange: Exchange, difference: Difference) -> bool:
    both = exchange.unleash.status == exchange.flagstaff.status == 400
    return both and b"\xff" in (exchange.call.body or b"")


@_rule("other-methods")
def _is_other_method(_: Exchange, difference: Difference) -> bool:
    return _statuses(difference) == (404, 405)


@_rule("filters-lenient")
def _is_filter(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.operation.endswith("/features") or exchange.call.method == "POST":
        return False
    in_path = difference.place == "body.details[].path[]"
    return in_path or _statuses(difference) == (400, 200)


@_rule("event-keys")
def _is_key_of_today(_: Exchange, difference: Difference) -> bool:
    of_event = difference.place.startswith("body.events[].") and difference.unleash is ABSENT
    return of_event and difference.key in ("project", "environment", "featureName", "preData")


def _statuses(difference: Difference) -> tuple[int, int]:
    """The statuses of both servers, zeros for differences elsewhere."""
    is_status = difference.place == "status"
    return (difference.unleash, difference.flagstaff) if is_status else (0, 0)
