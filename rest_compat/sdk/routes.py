"""All routes of the client API, the frontend API and OFREP."""

from collections.abc import Sequence

from msgspec import structs

from rest_compat.http.router import Routes
from rest_compat.sdk import bulk, frontend, metrics, ofrep, register
from rest_compat.sdk.features import features_routes
from rest_compat.sdk.ofrep_events import events_routes
from rest_compat.sdk.open_streams import OpenStreams
from rest_compat.sdk.reporting import store_nothing
from rest_compat.sdk.streaming import streaming_routes

_REPORTS: Sequence[Routes] = (
    register.routes,
    metrics.routes,
    bulk.routes,
    frontend.report_routes,
)


def sdk_tables(*, metrics: bool = True, streams: OpenStreams | None = None) -> Sequence[Routes]:
    """Return all routes. The routes share caches and limits.

    If `metrics` is false, reports are not stored. `streams` limits the number of open streams.
    """
    streams = streams or OpenStreams()
    return (
        features_routes(),
        streaming_routes(streams),
        *(_REPORTS if metrics else map(_without_storing, _REPORTS)),
        frontend.routes,
        ofrep.routes,
        events_routes(streams),
    )


def _without_storing(routes: Routes) -> Routes:
    return {
        path: {
            method: structs.replace(route, handler=store_nothing)
            for method, route in methods.items()
        }
        for path, methods in routes.items()
    }
