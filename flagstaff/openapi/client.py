"""The endpoints that SDKs call."""

from flagstaff.openapi.refusals import FOLLOWING, READING, REPORTING
from flagstaff.openapi.writing import (
    OBJECT,
    TEXT,
    Paths,
    answer,
    header,
    listing,
    obj,
    operation,
    query,
    ref,
)

_TAG = "client"
FILTERS = (
    query("project", "Only toggles of these projects."),
    query("namePrefix", "Only toggles whose names begin so."),
    query("tag", "Only toggles with one of these tags, as `type:value`."),
)
_HELD = header("If-None-Match", "The ETag of the answer that the client holds.")
_UNCHANGED = {304: answer("The client holds the newest toggles.")}
_REPORTED = {
    202: answer("Stored."),
    204: answer("Nothing is stored here: FLAGSTAFF_METRICS is off."),
    **REPORTING,
}
_MISSING = {404: answer("No toggle has the name.", ref("Missing"))}
_REPORTED_BY_FRONTENDS = {
    200: answer("Stored; the body is the text OK."),
    204: answer("Nothing is stored here: FLAGSTAFF_METRICS is off."),
    **REPORTING,
}
_NOT_OFFERED = {405: answer("It is not offered.", ref("Error")), **READING}
_CONTEXT = obj(userId=TEXT, sessionId=TEXT, remoteAddress=TEXT, appName=TEXT, properties=OBJECT)
_DECIDED = {
    200: answer("The toggles that are on.", obj("toggles", toggles=listing(OBJECT))),
    304: answer("The client holds the same decisions."),
    **READING,
}
_OFREP_ERROR = ref("EvaluationError")
_OFREP_FORBIDDEN = {
    401: answer("No token, or none that the server knows.", _OFREP_ERROR),
    403: answer("The token is of another type.", _OFREP_ERROR),
}
_EVALUATION_REFUSED = {
    **_OFREP_FORBIDDEN,
    400: answer("The body holds no context.", _OFREP_ERROR),
    413: answer("The body is too large.", _OFREP_ERROR),
    415: answer("The body is not of this content type.", _OFREP_ERROR),
}

CLIENT: Paths = {
    "/api/client/features": {
        "get": operation(
            _TAG,
            "All toggles of the token's environment, as SDKs evaluate them.",
            {
                200: answer("The toggles; the header ETag identifies them.", ref("Features")),
                **_UNCHANGED,
                **READING,
            },
            parameters=(*FILTERS, _HELD),
        )
    },
    "/api/client/features/{name}": {
        "get": operation(
            _TAG,
            "One toggle.",
            {200: answer("The toggle.", ref("Feature")), **READING, **_MISSING},
        )
    },
    "/api/client/streaming": {
        "get": operation(
            _TAG,
            "All toggles, then each change as it happens, as server-sent events.",
            {200: answer("An endless text/event-stream."), **FOLLOWING},
            parameters=FILTERS,
        )
    },
    "/api/client/delta": {
        "get": operation(
            _TAG,
            "What has changed since the revision that the client holds.",
            {
                200: answer("The changes, or all toggles.", obj("events", events=listing(OBJECT))),
                **_UNCHANGED,
                **READING,
            },
            parameters=(*FILTERS, _HELD),
        )
    },
    "/api/client/register": {
        "post": operation(
            _TAG,
            "Tell that an instance of an application was started.",
            _REPORTED,
            body=ref("Registration"),
        )
    },
    "/api/client/metrics": {
        "post": operation(
            _TAG,
            "Report how often toggles were evaluated; what is answered 202 is stored.",
            _REPORTED,
            body=ref("Metrics"),
        )
    },
    "/api/client/metrics/bulk": {
        "post": operation(
            _TAG,
            "Report for many instances at once, as proxies do.",
            _REPORTED,
            body=ref("BulkMetrics"),
        )
    },
}

FRONTEND: Paths = {
    "/api/frontend": {
        "get": operation(
            "frontend", "The toggles that are on for the context in the query.", _DECIDED
        ),
        "post": operation(
            "frontend",
            "The toggles that are on for the context in the body.",
            _DECIDED,
            body=obj(context=_CONTEXT),
        ),
    },
    "/api/frontend/client/metrics": {
        "post": operation(
            "frontend",
            "Report how often toggles were evaluated.",
            _REPORTED_BY_FRONTENDS,
            body=ref("Metrics"),
        )
    },
    "/api/frontend/client/register": {
        "post": operation(
            "frontend",
            "Tell that an application was started.",
            _REPORTED_BY_FRONTENDS,
            body=ref("Registration"),
        )
    },
    "/api/frontend/client/features": {
        "get": operation("frontend", "Not offered to frontends.", _NOT_OFFERED)
    },
    "/api/frontend/health": {
        "get": operation("frontend", "Not offered to frontends.", _NOT_OFFERED)
    },
    "/ofrep/v1/evaluate/flags": {
        "post": operation(
            "openfeature",
            "The values of all flags for the context in the body.",
            {
                200: answer(
                    "The values, and where to hear of changes.",
                    obj(
                        "flags eventStreams",
                        flags=listing(ref("Evaluation")),
                        eventStreams=listing(OBJECT),
                    ),
                ),
                304: answer("The client holds the same values."),
                **_EVALUATION_REFUSED,
            },
            body=obj(context=OBJECT),
        )
    },
    "/ofrep/v1/evaluate/flags/{key}": {
        "post": operation(
            "openfeature",
            "The value of one flag for the context in the body.",
            {
                200: answer("The value.", ref("Evaluation")),
                404: answer("No flag has the key.", _OFREP_ERROR),
                **_EVALUATION_REFUSED,
            },
            body=obj(context=OBJECT),
        )
    },
    "/ofrep/v1/events": {
        "get": operation(
            "openfeature",
            "A server-sent event whenever the values may have changed.",
            {
                200: answer("An endless text/event-stream."),
                **_OFREP_FORBIDDEN,
                400: answer("The request cannot be taken as it is.", _OFREP_ERROR),
                429: answer("As many streams are open as may be; see Retry-After.", _OFREP_ERROR),
            },
            parameters=(query("ticket", "What bulk answers say in place of a token."),),
        )
    },
}
