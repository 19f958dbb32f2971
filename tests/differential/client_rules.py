"""Rules for differences of the client API, and of usage and applications."""

from tests.differential.call import Exchange
from tests.differential.comparing import ABSENT, Difference
from tests.differential.rules import Diverges, rule, silent_rule, statuses_of


@rule("one-client-list")
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


@rule("application-strategies", Diverges.STATE)
def _has_no_strategies(exchange: Exchange, difference: Difference) -> bool:
    if difference.key == "strategies" and (difference.unleash, difference.flagstaff) == (None, []):
        return True
    is_application = exchange.call.operation.endswith("/applications/:app")
    return is_application and statuses_of(difference) == (500, 200)


@rule("client-parameters")
def _is_parameter_as_text(exchange: Exchange, difference: Difference) -> bool:
    in_parameters = ".parameters." in difference.place
    is_list = exchange.call.path.startswith("/api/client/features")
    return in_parameters and is_list and isinstance(difference.flagstaff, str)


@rule("metrics-instance", Diverges.STATE)
def _is_report_without_instance(exchange: Exchange, difference: Difference) -> bool:
    is_report = exchange.call.operation.endswith("/client/metrics")
    names = b'"instanceId"' in (exchange.call.body or b"")
    return is_report and not names and statuses_of(difference) == (400, 202)


@rule("client-constraint-value")
def _is_single_value(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.path.startswith("/api/client/features"):
        return False
    return difference.key in ("value", "values") or difference.place.endswith("values.length")


@rule("client-conversions", Diverges.STATE)
def _is_conversion(exchange: Exchange, difference: Difference) -> bool:
    client = exchange.call.path in ("/api/client/register", "/api/client/metrics")
    return client and statuses_of(difference) == (400, 202)


@rule("client-weights")
def _is_whole_weight(exchange: Exchange, difference: Difference) -> bool:
    in_list = exchange.call.path.startswith("/api/client/features")
    weights = difference.unleash, difference.flagstaff
    return in_list and difference.key == "weight" and weights == (333.3, 333)


@rule("last-seen-by-name")
def _is_seen_before(_: Exchange, difference: Difference) -> bool:
    return difference.key == "lastSeenAt" and difference.unleash is None


@rule("instance-sdk-version")
def _is_cleared_version(_: Exchange, difference: Difference) -> bool:
    return difference.key == "sdkVersion" and difference.unleash == ""


@silent_rule("event-application-deleted", Diverges.EVENTS)
def _deletes_application(exchange: Exchange) -> bool:
    is_application = exchange.call.operation.endswith("/applications/:app")
    return is_application and exchange.call.method == "DELETE" and exchange.unleash.status == 200
