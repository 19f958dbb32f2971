"""The routes of today's admin API: what a toggle is in each environment, and who may ask."""

from flagstaff.openapi.client import FILTERS
from flagstaff.openapi.refusals import (
    BAD_REQUEST,
    CHANGED,
    IN_THE_WAY,
    NOT_FOUND,
    SENT,
    SHOWN,
    TAKEN,
)
from flagstaff.openapi.writing import (
    COUNT,
    Paths,
    answer,
    body_of,
    listing,
    obj,
    operation,
    ref,
)
from rest_compat.unleash8.bodies import ChangedStrategyBody, StrategyBody
from rest_compat.unleash8.dependencies import DependencyBody
from rest_compat.unleash8.features import ChangedFeatureBody, NewFeatureBody
from rest_compat.unleash8.segments import SegmentBody
from rest_compat.unleash8.tokens import NewTokenBody
from rest_compat.unleash8.variant_bodies import VariantBody

_FEATURES = "admin: toggles of a project"
_ENVIRONMENTS = "admin: environments"
_SEGMENTS = "admin: segments"
_TOKENS = "admin: tokens"
_DONE = {200: answer("Done; there is no body.")}
_SENT = {**BAD_REQUEST, **SENT, **TAKEN}
_CHANGED = {**CHANGED, **NOT_FOUND, **TAKEN}
_READ = {**SHOWN, **NOT_FOUND}
_FEATURE = "/api/admin/projects/{project}/features/{name}"
_CONFIGURED = f"{_FEATURE}/environments/{{environment}}"
_VARIANTS = obj("variants", version=COUNT, variants=listing(ref("Variant")))

FEATURES: Paths = {
    "/api/admin/projects/{project}/features": {
        "get": operation(
            _FEATURES,
            "The live toggles of a project.",
            {
                200: answer("The toggles.", obj(features=listing(ref("ProjectFeature")))),
                **BAD_REQUEST,
                **_READ,
            },
            parameters=FILTERS,
        ),
        "post": operation(
            _FEATURES,
            "Create a toggle, off everywhere and without strategies.",
            {201: answer("The new toggle.", ref("ProjectFeature")), **_SENT, **NOT_FOUND},
            body=body_of(NewFeatureBody),
        ),
    },
    _FEATURE: {
        "get": operation(
            _FEATURES,
            "One toggle with all its environments.",
            {200: answer("The toggle.", ref("ProjectFeature")), **_READ},
        ),
        "put": operation(
            _FEATURES,
            "Replace the values of a toggle; what is left out goes back to its default.",
            {200: answer("The toggle.", ref("ProjectFeature")), **_SENT, **NOT_FOUND},
            body=body_of(ChangedFeatureBody),
        ),
        "delete": operation(
            _FEATURES,
            "Move a toggle to the archive, if no other depends on it.",
            {202: answer("Done; there is no body."), **_CHANGED, **IN_THE_WAY},
        ),
    },
    f"{_FEATURE}/dependencies": {
        "post": operation(
            _FEATURES,
            "Let a toggle depend on another one.",
            {**_DONE, **_SENT, **NOT_FOUND, **IN_THE_WAY},
            body=body_of(DependencyBody),
        ),
        "delete": operation(
            _FEATURES, "Let a toggle depend on none.", {**_DONE, **BAD_REQUEST, **_CHANGED}
        ),
    },
    f"{_FEATURE}/dependencies/{{parent}}": {
        "delete": operation(
            _FEATURES,
            "Let a toggle no longer depend on another one.",
            {**_DONE, **BAD_REQUEST, **_CHANGED},
        )
    },
    _CONFIGURED: {
        "get": operation(
            _FEATURES,
            "What a toggle is set to in an environment.",
            {200: answer("The settings.", ref("FeatureEnvironment")), **_READ},
        )
    },
    f"{_CONFIGURED}/on": {
        "post": operation(
            _FEATURES,
            "Switch a toggle on in an environment; one without a strategy in use gets a gradual "
            "rollout to everybody.",
            {**_DONE, **BAD_REQUEST, **_CHANGED},
        )
    },
    f"{_CONFIGURED}/off": {
        "post": operation(
            _FEATURES,
            "Switch a toggle off in an environment.",
            {**_DONE, **BAD_REQUEST, **_CHANGED},
        )
    },
    f"{_CONFIGURED}/strategies": {
        "get": operation(
            _FEATURES,
            "The strategies of a toggle in an environment.",
            {200: answer("The strategies.", listing(ref("FeatureStrategy"))), **_READ},
        ),
        "post": operation(
            _FEATURES,
            "Add a strategy to a toggle in an environment.",
            {200: answer("The new strategy.", ref("FeatureStrategy")), **_SENT, **NOT_FOUND},
            body=body_of(StrategyBody),
        ),
    },
    f"{_CONFIGURED}/strategies/{{strategy}}": {
        "get": operation(
            _FEATURES,
            "One strategy of a toggle.",
            {200: answer("The strategy.", ref("FeatureStrategy")), **_READ},
        ),
        "put": operation(
            _FEATURES,
            "Change a strategy of a toggle; its parameters, constraints and variants are replaced.",
            {200: answer("The strategy.", ref("FeatureStrategy")), **_SENT, **NOT_FOUND},
            body=body_of(ChangedStrategyBody),
        ),
        "delete": operation(
            _FEATURES,
            "Take a strategy off a toggle.",
            {**_DONE, **BAD_REQUEST, **_CHANGED},
        ),
    },
    f"{_CONFIGURED}/variants": {
        "get": operation(
            _FEATURES,
            "The variants of a toggle in an environment.",
            {200: answer("The variants.", _VARIANTS), **_READ},
        ),
        "put": operation(
            _FEATURES,
            "Replace the variants of a toggle in an environment.",
            {200: answer("The variants.", _VARIANTS), **_SENT, **NOT_FOUND},
            body=listing(body_of(VariantBody)),
        ),
    },
}

ENVIRONMENTS: Paths = {
    "/api/admin/environments": {
        "get": operation(
            _ENVIRONMENTS,
            "All environments.",
            {
                200: answer("The environments.", obj(environments=listing(ref("Environment")))),
                **SHOWN,
            },
        )
    },
    "/api/admin/environments/{environment}": {
        "get": operation(
            _ENVIRONMENTS,
            "One environment.",
            {200: answer("The environment.", ref("Environment")), **_READ},
        )
    },
    "/api/admin/environments/{environment}/on": {
        "post": operation(
            _ENVIRONMENTS,
            "Take an environment into use.",
            {204: answer("Done."), **BAD_REQUEST, **_CHANGED},
        )
    },
    "/api/admin/environments/{environment}/off": {
        "post": operation(
            _ENVIRONMENTS,
            "Take an environment out of use; SDKs go on being served.",
            {204: answer("Done."), **BAD_REQUEST, **_CHANGED},
        )
    },
}

SEGMENTS: Paths = {
    "/api/admin/segments": {
        "get": operation(
            _SEGMENTS,
            "All segments.",
            {200: answer("The segments.", obj(segments=listing(ref("Segment")))), **SHOWN},
        ),
        "post": operation(
            _SEGMENTS,
            "Create a segment.",
            {201: answer("The new segment.", ref("Segment")), **_SENT},
            body=body_of(SegmentBody),
        ),
    },
    "/api/admin/segments/{segment}": {
        "get": operation(
            _SEGMENTS,
            "One segment.",
            {200: answer("The segment.", ref("Segment")), **BAD_REQUEST, **_READ},
        ),
        "put": operation(
            _SEGMENTS,
            "Change a segment.",
            {204: answer("Done."), **_SENT, **NOT_FOUND},
            body=body_of(SegmentBody),
        ),
        "delete": operation(
            _SEGMENTS, "Delete a segment.", {204: answer("Done."), **BAD_REQUEST, **_CHANGED}
        ),
    },
}

TOKENS: Paths = {
    "/api/admin/api-tokens": {
        "get": operation(
            _TOKENS,
            "All API tokens, without their secrets.",
            {200: answer("The tokens.", obj(tokens=listing(ref("ApiToken")))), **SHOWN},
        ),
        "post": operation(
            _TOKENS,
            "Create an API token; its secret is told now and never again.",
            {201: answer("The new token.", ref("ApiToken")), **_SENT},
            body=body_of(NewTokenBody),
        ),
    },
    "/api/admin/api-tokens/{token}": {
        "delete": operation(_TOKENS, "Revoke an API token.", {**_DONE, **_CHANGED})
    },
}
