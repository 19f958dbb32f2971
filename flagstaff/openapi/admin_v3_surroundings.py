"""The 3.x admin API, as far as it is about what toggles refer to and who asks for them."""

from flagstaff.openapi.refusals import (
    BUILT_IN,
    CHANGED,
    CONFLICT,
    FLAWED,
    GONE,
    LOOKED_UP,
    MISSING,
    SENT,
    SHOWN,
)
from flagstaff.openapi.writing import (
    COUNT,
    OBJECT,
    TEXT,
    Paths,
    answer,
    body_of,
    by_name,
    listing,
    obj,
    operation,
    query,
    ref,
)
from rest_compat.unleash3.applications import ApplicationBody
from rest_compat.unleash3.context import ContextFieldBody, NameBody
from rest_compat.unleash3.strategies import StrategyBody

_STRATEGIES = "admin: strategies"
_CONTEXT = "admin: context fields"
_METRICS = "admin: usage"
_OTHERS = "admin: projects and types"
_DONE = {200: answer("Done; there is no body.")}
_COUNTS = by_name(obj("yes no", yes=COUNT, no=COUNT))
_RECENT = obj("lastHour lastMinute", lastHour=_COUNTS, lastMinute=_COUNTS)

STRATEGIES: Paths = {
    "/api/admin/strategies": {
        "get": operation(
            _STRATEGIES,
            "All strategies, by name.",
            {
                200: answer("The strategies.", obj(strategies=listing(ref("StrategyDefinition")))),
                **SHOWN,
            },
        ),
        "post": operation(
            _STRATEGIES,
            "Create a strategy.",
            {
                201: answer("The new strategy.", ref("StrategyDefinition")),
                **FLAWED,
                **CONFLICT,
                **SENT,
            },
            body=body_of(StrategyBody),
        ),
    },
    "/api/admin/strategies/{name}": {
        "get": operation(
            _STRATEGIES,
            "One strategy.",
            {200: answer("The strategy.", ref("StrategyDefinition")), **SHOWN, **MISSING},
        ),
        "put": operation(
            _STRATEGIES,
            "Change a strategy; the body may leave out the name.",
            {**_DONE, **FLAWED, **SENT, **BUILT_IN, **GONE},
            body=body_of(StrategyBody),
        ),
        "delete": operation(
            _STRATEGIES, "Delete a strategy.", {**_DONE, **CONFLICT, **CHANGED, **BUILT_IN, **GONE}
        ),
    },
    "/api/admin/strategies/{name}/deprecate": {
        "post": operation(
            _STRATEGIES,
            "Mark a strategy as deprecated.",
            {**_DONE, **CHANGED, **BUILT_IN, **GONE},
        )
    },
    "/api/admin/strategies/{name}/reactivate": {
        "post": operation(
            _STRATEGIES, "Take the mark deprecated off a strategy.", {**_DONE, **CHANGED, **GONE}
        )
    },
}

CONTEXT_FIELDS: Paths = {
    "/api/admin/context": {
        "get": operation(
            _CONTEXT,
            "All context fields.",
            {200: answer("The fields.", listing(ref("ContextField"))), **SHOWN},
        ),
        "post": operation(
            _CONTEXT,
            "Create a context field.",
            {201: answer("The new field.", ref("ContextField")), **FLAWED, **CONFLICT, **SENT},
            body=body_of(ContextFieldBody),
        ),
    },
    "/api/admin/context/validate": {
        "post": operation(
            _CONTEXT,
            "Whether a new context field can have the name.",
            {200: answer("It can."), **FLAWED, **CONFLICT, **SENT},
            body=body_of(NameBody),
        )
    },
    "/api/admin/context/{name}": {
        "get": operation(
            _CONTEXT,
            "One context field.",
            {200: answer("The field.", ref("ContextField")), **SHOWN, **MISSING},
        ),
        "put": operation(
            _CONTEXT,
            "Change a context field.",
            {**_DONE, **FLAWED, **GONE, **SENT},
            body=body_of(ContextFieldBody),
        ),
        "delete": operation(
            _CONTEXT, "Delete a context field.", {**_DONE, **CONFLICT, **CHANGED, **GONE}
        ),
    },
}

USAGE: Paths = {
    "/api/admin/metrics/seen-toggles": {
        "get": operation(
            _METRICS,
            "The names that each application asks for.",
            {
                200: answer(
                    "The applications.",
                    listing(
                        obj("appName", appName=TEXT, seenToggles=listing(TEXT), metricsCount=COUNT)
                    ),
                ),
                **LOOKED_UP,
            },
        )
    },
    "/api/admin/metrics/seen-apps": {
        "get": operation(
            _METRICS,
            "The applications that ask for each name.",
            {
                200: answer("Applications, by name.", by_name(listing(ref("Application")))),
                **LOOKED_UP,
            },
        )
    },
    "/api/admin/metrics/feature-toggles": {
        "get": operation(
            _METRICS,
            "What was answered lately, for each name.",
            {200: answer("The counts.", _RECENT), **LOOKED_UP},
        )
    },
    "/api/admin/metrics/feature-toggles/{name}": {
        "get": operation(
            _METRICS,
            "What was answered lately for one name.",
            {200: answer("The counts.", obj(lastHour=OBJECT, lastMinute=OBJECT)), **LOOKED_UP},
        )
    },
    "/api/admin/metrics/applications": {
        "get": operation(
            _METRICS,
            "All applications that have registered, by name.",
            {
                200: answer("The applications.", obj(applications=listing(ref("Application")))),
                **LOOKED_UP,
            },
            parameters=(query("strategyName", "Only those that implement one of these."),),
        )
    },
    "/api/admin/metrics/applications/{name}": {
        "get": operation(
            _METRICS,
            "One application with its instances and what it asks for.",
            {200: answer("The application.", OBJECT), **LOOKED_UP, **GONE},
        ),
        "post": operation(
            _METRICS,
            "Say something about an application, which is made if there is none.",
            {202: answer("Stored; there is no body."), **FLAWED, **SENT},
            body=body_of(ApplicationBody),
        ),
        "delete": operation(
            _METRICS, "Delete an application, if there is one.", {**_DONE, **CHANGED}
        ),
    },
}

OTHERS: Paths = {
    "/api/admin/projects": {
        "get": operation(
            _OTHERS,
            "All projects.",
            {200: answer("The projects.", obj(projects=listing(ref("Project")))), **SHOWN},
        )
    },
    "/api/admin/feature-types": {
        "get": operation(
            _OTHERS,
            "All types of toggles.",
            {200: answer("The types.", obj(version=COUNT, types=listing(OBJECT))), **SHOWN},
        )
    },
}
