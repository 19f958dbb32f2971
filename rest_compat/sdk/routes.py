"""The paths that SDKs call."""

from rest_compat.routing import Route, Routes
from rest_compat.sdk.features import features_handler, get_feature
from rest_compat.sdk.metrics import post_metrics
from rest_compat.sdk.register import register


def sdk_routes() -> Routes:
    """The routes of the client API; the list of toggles keeps its payloads."""
    return {
        "/api/client/features": {"GET": Route(features_handler())},
        "/api/client/features/:name": {"GET": Route(get_feature)},
        "/api/client/register": {"POST": Route(register)},
        "/api/client/metrics": {"POST": Route(post_metrics)},
    }
