"""Rules for differences of the 3.x admin API, without state documents."""

from typing import Any
from urllib.parse import unquote

from tests.differential.call import Exchange, imported_document
from tests.differential.comparing import ABSENT, Difference
from tests.differential.rules import Diverges, rule, silent_rule, statuses_of


@rule("revive-unknown", Diverges.STATE)
def _is_revived(exchange: Exchange, difference: Difference) -> bool:
    return exchange.call.operation.endswith("/revive/:name") and statuses_of(difference) == (
        200,
        404,
    )


@rule("tag-unknown", Diverges.STATE)
def _is_tag_of_unknown_toggle(exchange: Exchange, difference: Difference) -> bool:
    # 3.17.6 creates the tag before the request fails.
    tags = exchange.call.operation.endswith("/features/:name/tags")
    return tags and statuses_of(difference) in ((500, 404), (500, 400), (400, 404))


@rule("new-objects")
def _is_answered_object(exchange: Exchange, difference: Difference) -> bool:
    created = exchange.call.method == "POST" and exchange.flagstaff.status == 201
    empty = exchange.unleash.status == 201 and not exchange.unleash.body
    return difference.place == "media type" and created and empty


@rule("strategy-without-name", Diverges.STATE)
def _is_strategy_without_name(exchange: Exchange, difference: Difference) -> bool:
    is_update = exchange.call.operation.endswith("/strategies/:name")
    names = b'"name": "' in (exchange.call.body or b"").partition(b'"parameters"')[0]
    return is_update and not names and statuses_of(difference) == (400, 200)


@rule("tag-type-color")
def _is_color(_: Exchange, difference: Difference) -> bool:
    return difference.key == "color" and difference.unleash is ABSENT


@rule("tag-type-unknown", Diverges.STATE)
def _is_update_of_no_tag_type(exchange: Exchange, difference: Difference) -> bool:
    is_update = exchange.call.operation.endswith("/tag-types/:name")
    return is_update and statuses_of(difference) == (200, 404)


@rule("tag-type-unchanged", Diverges.EVENTS)
def _is_update_of_nothing(exchange: Exchange, difference: Difference) -> bool:
    is_update = exchange.call.operation.endswith("/tag-types/:name")
    return is_update and statuses_of(difference) == (500, 200)


@rule("tag-filter-colons")
def _is_filter_with_colons(exchange: Exchange, difference: Difference) -> bool:
    failed = (exchange.unleash.status, exchange.flagstaff.status) == (500, 200)
    in_place = difference.place in ("status", "media type", "header etag")
    return failed and in_place and "%3Av%3A1" in exchange.call.path


@silent_rule("delete-missing", Diverges.EVENTS)
def _deletes_nothing(exchange: Exchange) -> bool:
    call, before = exchange.call, exchange.before
    if call.method != "DELETE" or exchange.unleash.status != 200 or before is None:
        return False
    if call.operation.endswith("/features/:name/tags/:type/:value"):
        *_, kind, value = (unquote(part) for part in call.path.split("/"))
        return {"type": kind, "value": value} not in before.json["tags"]
    return before.status == 404


@silent_rule("revive-live", Diverges.STATE)
def _revives_live_toggle(exchange: Exchange) -> bool:
    revives = exchange.call.operation.endswith("/revive/:name")
    return revives and exchange.before is not None and exchange.before.status == 200


@rule("tag-archived", Diverges.STATE)
def _is_tag_of_archived(exchange: Exchange, difference: Difference) -> bool:
    tags = exchange.call.operation.endswith("/features/:name/tags")
    return tags and statuses_of(difference) == (201, 404)


@rule("feature-types")
def _is_sunset(exchange: Exchange, difference: Difference) -> bool:
    if difference.place != "body.types.length":
        return False
    ids = ([item["id"] for item in body["types"]] for body in difference.owners)
    return [*next(ids), "sunset"] == next(ids)


@rule("delete-in-use", Diverges.STATE)
def _is_refused_deletion(exchange: Exchange, difference: Difference) -> bool:
    used = exchange.call.operation.endswith(("/strategies/:name", "/tag-types/:name"))
    return used and exchange.call.method == "DELETE" and statuses_of(difference) == (200, 409)


@rule("built-in-context", Diverges.STATE)
def _is_built_in_field(exchange: Exchange, difference: Difference) -> bool:
    is_field = exchange.call.operation.endswith("/context/:name")
    return is_field and exchange.call.method == "DELETE" and statuses_of(difference) == (200, 403)


@rule("filters-lenient")
def _is_filter(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.operation.endswith("/features") or exchange.call.method == "POST":
        return False
    in_details = difference.place in ("body.details[].path[]", "body.details.length")
    return in_details or statuses_of(difference) == (400, 200)


@rule("event-keys")
def _is_key_of_today(_: Exchange, difference: Difference) -> bool:
    of_event = difference.place.startswith("body.events[].") and difference.unleash is ABSENT
    return of_event and difference.key in ("project", "environment", "featureName", "preData")


@rule("constraint-parts", Diverges.STATE)
def _is_incomplete_constraint(exchange: Exchange, difference: Difference) -> bool:
    statuses = statuses_of(difference)
    accepted = statuses[0] in (200, 201, 202) and statuses[1] == 400
    return accepted and _lacks_parts(imported_document(exchange.call))


def _lacks_parts(value: Any) -> bool:
    """Whether any constraint in the body has no context name or no operator."""
    if isinstance(value, list):
        return any(map(_lacks_parts, value))
    if not isinstance(value, dict):
        return False
    constraints = value.get("constraints")
    lacking = isinstance(constraints, list) and any(
        not {"contextName", "operator"} <= constraint.keys()
        for constraint in constraints
        if isinstance(constraint, dict)
    )
    return lacking or any(map(_lacks_parts, value.values()))


@silent_rule("delete-tag", Diverges.EVENTS)
def _deletes_tag(exchange: Exchange) -> bool:
    is_tag = exchange.call.operation.endswith("/tags/:type/:value")
    return is_tag and exchange.call.method == "DELETE" and exchange.unleash.status == 200
