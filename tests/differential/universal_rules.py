"""Rules for differences that any call may cause."""

from tests.differential.call import Exchange
from tests.differential.comparing import Difference
from tests.differential.rules import Diverges, rule, statuses_of
from tests.differential.values import BUILT_IN

_NAMES_WITH_OWN_TEXTS = {"simple", "default", "userId", "environment", "appName"}


@rule("own-words")
def _is_of_own_words(_: Exchange, difference: Difference) -> bool:
    if not isinstance(difference.unleash, str) or not isinstance(difference.flagstaff, str):
        return False
    if difference.key in ("message", "error"):
        return True
    if ".diffs[]." in difference.place:
        event = next(owner for owner in reversed(difference.owners) if "diffs" in owner)
        return event["data"].get("name") in BUILT_IN
    return difference.key == "description" and any(
        owner.get("editable") is False
        or {owner.get("name"), owner.get("id")} & _NAMES_WITH_OWN_TEXTS
        or "lifetimeDays" in owner
        for owner in difference.owners
    )


@rule("validation-errors")
def _is_form_of_validation_error(exchange: Exchange, difference: Difference) -> bool:
    if exchange.unleash.status != 400 or exchange.flagstaff.status != 400:
        return False
    return difference.place in (
        "body._original",
        "body.details[].context",
        "body.name",
        "body.message",
    )


@rule("error-bodies")
def _is_error_body(exchange: Exchange, difference: Difference) -> bool:
    return (
        difference.place == "media type"
        and difference.unleash in ("text/html", "")
        and difference.flagstaff == "application/json"
        and min(exchange.unleash.status, exchange.flagstaff.status) >= 400
    )


_INDEXES = ("/health", "/api", "/api/client", "/api/admin")


@rule("etag-of-lists")
def _is_etag_of_something_else(exchange: Exchange, difference: Difference) -> bool:
    call = exchange.call
    is_list = call.method in ("GET", "HEAD") and call.path.rstrip("/") not in _INDEXES
    return difference.place == "header etag" and not (is_list and exchange.unleash.status < 400)


@rule("options-method")
def _is_options(exchange: Exchange, difference: Difference) -> bool:
    return exchange.call.method == "OPTIONS" and difference.place in ("status", "media type")


@rule("content-type", Diverges.STATE)
def _is_content_type(_: Exchange, difference: Difference) -> bool:
    statuses = statuses_of(difference)
    return statuses[0] == 415 and statuses[1] < 300


@rule("index-version")
def _is_version(exchange: Exchange, difference: Difference) -> bool:
    return exchange.call.path == "/api" and difference.place == "body.version"


@rule("invalid-utf8")
def _is_invalid_text(exchange: Exchange, difference: Difference) -> bool:
    both = exchange.unleash.status == exchange.flagstaff.status == 400
    return both and b"\xff" in (exchange.call.body or b"")


@rule("other-methods")
def _is_other_method(_: Exchange, difference: Difference) -> bool:
    return statuses_of(difference) == (404, 405)


@rule("refused-not-failed")
def _is_refused(_: Exchange, difference: Difference) -> bool:
    statuses = statuses_of(difference)
    return statuses[0] == 500 and 400 <= statuses[1] < 500
