"""The paths that SDKs call."""

from rest_compat.http.identity import EVENTS_PATH
from rest_compat.http.request import Handler
from rest_compat.http.router import Route, Routes
from rest_compat.sdk import frontend, ofrep
from rest_compat.sdk.bulk import post_bulk
from rest_compat.sdk.features import features_handler, get_feature
from rest_compat.sdk.metrics import post_metrics, store_nothing
from rest_compat.sdk.ofrep_errors import PREFIX as OFREP
from rest_compat.sdk.ofrep_events import events_handler
from rest_compat.sdk.open_streams import OpenStreams
from rest_compat.sdk.register import register
from rest_compat.sdk.streaming import delta_handler, streaming_handler


def sdk_routes(*, metrics: bool = True, streams: OpenStreams | None = None) -> Routes:
    """The routes of the client API; the list of toggles keeps its payloads.

    Without `metrics` nothing that is reported is stored. `streams` limits those that are open.
    """
    streams = streams or OpenStreams()

    def reporting(handler: Handler) -> Route:
        return Route(handler if metrics else store_nothing)

    return {
        "/api/client/features": {"GET": Route(features_handler())},
        "/api/client/features/:name": {"GET": Route(get_feature)},
        "/api/client/streaming": {"GET": Route(streaming_handler(streams))},
        "/api/client/delta": {"GET": Route(delta_handler())},
        "/api/client/register": {"POST": reporting(register)},
        "/api/client/metrics": {"POST": reporting(post_metrics)},
        "/api/client/metrics/bulk": {"POST": reporting(post_bulk)},
        "/api/frontend": {
            "GET": Route(frontend.get_toggles),
            "POST": Route(frontend.post_toggles),
        },
        "/api/frontend/client/metrics": {"POST": reporting(frontend.post_metrics)},
        "/api/frontend/client/register": {"POST": reporting(frontend.register)},
        "/api/frontend/client/features": {"GET": Route(frontend.not_offered)},
        "/api/frontend/health": {"GET": Route(frontend.not_offered)},
        OFREP: {"POST": Route(ofrep.evaluate_flags)},
        EVENTS_PATH: {"GET": Route(events_handler(streams))},
        f"{OFREP}/:key": {"POST": Route(ofrep.evaluate_flag)},
    }
