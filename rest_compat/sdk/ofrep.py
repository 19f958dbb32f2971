"""The OpenFeature Remote Evaluation Protocol: flags as values with reasons."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
import orjson
from msgspec import Raw

from rest_compat.http.conditional import IF_NONE_MATCH, conditional
from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Parameter, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.contexts import (
    STANDARD_FIELDS,
    current_time,
    standard_fields,
)
from rest_compat.sdk.evaluating import evaluate_toggle, render_toggles
from rest_compat.sdk.models import (
    EvaluationJson,
    EvaluationRequestJson,
    EvaluationsJson,
)
from rest_compat.sdk.ofrep_errors import (
    FLAGS_PATH,
    InvalidContextError,
    OfrepError,
    UnknownFlagError,
)
from rest_compat.sdk.ofrep_events import catch_up, event_streams
from store.evaluation import Context, Decision, Reason
from store.evaluation.context import MAX_FIELDS, context_size_error, value_length_error
from store.model import Toggle
from store.operations.formats import is_number
from store.operations.strings import display
from store.values import Variant

_CACHING = [
    (b"vary", b"Authorization, X-API-Key"),
    (b"cache-control", b"private, no-cache"),
]
_encode = msgspec.json.Encoder().encode

_TARGETING_KEY = "targetingKey"
_PLAIN_VARIANTS = {True: "enabled", False: "disabled"}
_REASONS = {
    Reason.DISABLED: "DISABLED",
    Reason.ARCHIVED: "DISABLED",
    Reason.NO_STRATEGIES: "STATIC",
    Reason.UNDECIDED: "UNKNOWN",
    Reason.NO_STRATEGY_MATCHED: "DEFAULT",
    Reason.DEPENDENCY_NOT_MET: "DEFAULT",
}


_KEY = path_parameter("key", "The key of the flag: the name of a toggle.", "checkout-button-colour")
_CONTEXT = {"context": {"targetingKey": "42", "country": "DE"}}

routes = RouteTable("openfeature", error_form=OfrepError)


@routes.route(
    "POST",
    f"{FLAGS_PATH}/:key",
    id="evaluateFlag",
    parameters=(_KEY,),
    body=EvaluationRequestJson,
    example=_CONTEXT,
    answers={200: EvaluationJson},
    errors=(InvalidContextError, UnknownFlagError),
)
async def evaluate_flag(request: Request) -> Response:
    """Evaluate one flag for the context in the body.

    The value is the payload of the variant. If the variant has no payload, the value is the name of
    the variant. If there is no variant, the value is a boolean that is true if the toggle is on. If
    there is no `userId`, `targetingKey` is the user ID.
    """
    key = request.parameters["key"]
    context = await _context(request, key)
    toggle = request.snapshot.toggles.get(key)
    if toggle is None or toggle.archived or not request.principal.reads(toggle):
        message = f"No flag has the key '{display(key)}'."
        raise UnknownFlagError(message, key=key)
    decision = await evaluate_toggle(request, toggle, context)
    return json_response(_evaluation_body(toggle, decision))


@routes.route(
    "POST",
    FLAGS_PATH,
    id="evaluateFlagsBulk",
    parameters=(
        Parameter(
            "flagConfigEtag",
            "The revision of an event that the client received.",
            str,
            example='"42"',
        ),
        IF_NONE_MATCH,
    ),
    body=EvaluationRequestJson,
    example=_CONTEXT,
    answers={200: EvaluationsJson, 304: "The client already has the same values."},
    errors=(InvalidContextError,),
)
async def evaluate_flags(request: Request) -> Response:
    """Evaluate all flags for the context in the body.

    `eventStreams` contains the URL of the stream that announces changes.
    """
    context = await _context(request, None)
    await catch_up(request)
    flags = await render_toggles(request, context, _render_evaluation)
    body = {"flags": Raw(b"[%s]" % flags[:-1]), "eventStreams": event_streams(request)}
    return conditional(request, json_response(body), caching=_CACHING)


def _render_evaluation(toggle: Toggle, decision: Decision) -> bytes:
    """Return the JSON of an evaluation, followed by a comma."""
    return _encode(_evaluation_body(toggle, decision)) + b","


def _evaluation_body(toggle: Toggle, decision: Decision) -> dict[str, Any]:
    variant = decision.variant
    return {
        "key": toggle.name,
        "value": _value_of(variant) if variant else decision.enabled,
        # OpenFeature's provider for Python requires the key `variant`.
        "variant": variant.name if variant else _PLAIN_VARIANTS[decision.enabled],
        "reason": _reason(decision),
        "metadata": {"enabled": decision.enabled, "project": toggle.project, "type": toggle.type},
    }


def _reason(decision: Decision) -> str:
    """Return the reason for a decision.

    If a percentage or a variant decided, the reason is SPLIT. If everyone gets the same value, the
    reason is STATIC. Otherwise the reason is TARGETING_MATCH. If no strategy decided, `_REASONS`
    contains the reason.
    """
    strategy = decision.strategy
    if decision.variant is not None:
        return "SPLIT"
    if strategy is None:
        return _REASONS[decision.reason]
    if strategy.rollout is not None and 0 < strategy.rollout.percentage < 100:
        return "SPLIT"
    is_targeted = (
        strategy.constraints or strategy.segments or strategy.source.name in _TARGETING_STRATEGIES
    )
    return "TARGETING_MATCH" if is_targeted else "STATIC"


_TARGETING_STRATEGIES = frozenset({"userWithId", "remoteAddress"})


def _value_of(variant: Variant) -> Any:
    """Return the payload of a variant. If there is no payload, return the variant's name.

    The value has the type of the payload. If the payload cannot be converted, the value is a
    string.
    """
    payload = variant.payload
    if not payload:
        return variant.name
    if payload.type == "number" and is_number(payload.value.strip()):
        # Some numbers, such as +5 and .5, are not valid JSON.
        return _parse_json(payload.value, default=float(payload.value))
    if payload.type == "json":
        return _parse_json(payload.value, default=payload.value)
    return payload.value


def _parse_json(value: str, *, default: Any) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return default


async def _context(request: Request, key: str | None) -> Context:
    """Read the context in a body `{"context": {…}}`.

    `targetingKey` becomes a property. If there is no `userId`, `targetingKey` also becomes the user
    ID. A missing address is not replaced, because the client may be a server that sends requests
    for its users.

    Raises: OfrepError: the body is not JSON, or the context is invalid.
    """
    try:
        body = await request.json()
    except BadDataError as error:
        raise OfrepError("PARSE_ERROR", str(error), key=key) from None
    given: Any = cast("dict[str, Any]", body).get("context", {}) if isinstance(body, dict) else None
    if not isinstance(given, dict):
        message = "The body must be an object whose 'context' is an object."
        raise InvalidContextError(message, key=key)
    fields = _to_strings(cast("dict[str, Any]", given), key)
    properties = {name: value for name, value in fields.items() if name not in STANDARD_FIELDS}
    known: dict[str, Any] = standard_fields(fields)
    if properties.get(_TARGETING_KEY) == "":
        del properties[_TARGETING_KEY]
    known.setdefault("user_id", properties.get(_TARGETING_KEY))
    return Context(
        **known,
        environment=request.principal.environment,
        current_time=current_time(fields) or request.store.clock(),
        properties=properties,
    )


def _to_strings(given: Mapping[str, Any], key: str | None) -> dict[str, str]:
    if len(given) > MAX_FIELDS:
        message = f"A context may have at most {MAX_FIELDS:,} fields, not {len(given):,}."
        raise InvalidContextError(message, key=key)
    # OpenFeature allows lists and objects. They are omitted, because constraints cannot test them.
    strings = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in given.items()
        if isinstance(value, str | int | float)
    }
    for name, string in strings.items():
        if message := value_length_error(name, string):
            raise InvalidContextError(message, key=key)
    if message := context_size_error(strings.items()):
        raise InvalidContextError(message, key=key)
    return strings
