"""The usage of one toggle, for scripts that look for toggles nobody uses."""

from collections.abc import Sequence

from msgspec import Struct

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.models import Count, Time
from rest_compat.http.operation import Parameter
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.features import TOGGLE
from store.http_times import format_time
from store.operations.strings import display
from store.usage.series import (
    MetricsDimension,
    MetricsInterval,
    MetricsSeries,
    SeriesQuery,
    TooManyBucketsError,
    load_series,
    retained_hours,
    span_back,
)

routes = RouteTable("admin: usage")

_USAGE = "/api/admin/client-metrics/features/:name"
_DEFAULT_HOURS = 48
_HOURS_BACK = Parameter(
    "hoursBack",
    "The number of hours that the answer covers.",
    int,
    default=_DEFAULT_HOURS,
    example=24,
)


class UsedJson(Struct, kw_only=True):
    """How often the toggle was on and off in an environment within the last hour."""

    environment: str
    timestamp: Time
    yes: Count
    no: Count


class FeatureUsageJson(Struct, kw_only=True, rename="camel"):
    """The usage of a toggle within the last hour, and the applications that reported it."""

    version: int = 1
    maturity: str = "stable"
    feature_name: str
    last_hour_usage: Sequence[UsedJson]
    seen_applications: Sequence[str]


class FeatureMetricsJson(Struct, kw_only=True, rename="camel"):
    """The counts of an hour, reported by one application in one environment."""

    feature_name: str
    app_name: str
    environment: str
    timestamp: Time
    yes: Count
    no: Count
    variants: dict[str, Count]


class FeatureMetricsListJson(Struct, kw_only=True):
    """The counts of all hours with reports, the oldest first."""

    version: int = 1
    maturity: str = "stable"
    data: Sequence[FeatureMetricsJson]


@routes.route(
    "GET",
    _USAGE,
    id="getFeatureUsageSummary",
    parameters=(TOGGLE,),
    answers={200: FeatureUsageJson},
    errors=(UnavailableError,),
)
async def get_usage(request: Request) -> Response:
    """Read how often a toggle was evaluated within the last hour, and by which applications.

    The answer is empty if no toggle has the name.
    """
    name = request.parameters["name"]
    last_hour = await _series(request, 1, MetricsInterval.MINUTE, MetricsDimension.ENVIRONMENT)
    used = [
        UsedJson(
            environment=series.environment or "",
            timestamp=format_time(series.buckets[-1].start),
            yes=series.yes,
            no=series.no,
        )
        for series in last_hour
    ]
    return json_response(
        FeatureUsageJson(
            feature_name=name,
            last_hour_usage=used,
            seen_applications=sorted(request.store.usage.applications(name)),
        )
    )


@routes.route(
    "GET",
    f"{_USAGE}/raw",
    id="getRawFeatureMetrics",
    parameters=(TOGGLE, _HOURS_BACK),
    answers={200: FeatureMetricsListJson},
    errors=(BadDataError, UnavailableError),
)
async def get_metrics(request: Request) -> Response:
    """Read the counts of a toggle by hour, environment and application.

    Hours without reports are omitted.
    """
    name = request.parameters["name"]
    listed = await _series(
        request,
        _hours(request),
        MetricsInterval.HOUR,
        MetricsDimension.ENVIRONMENT,
        MetricsDimension.APPLICATION,
    )
    data = [
        FeatureMetricsJson(
            feature_name=name,
            app_name=series.app_name or "",
            environment=series.environment or "",
            timestamp=format_time(bucket.start),
            yes=bucket.yes,
            no=bucket.no,
            variants={variant.name: variant.count for variant in bucket.variants},
        )
        for series in listed
        for bucket in series.buckets
        if bucket.yes or bucket.no or bucket.variants
    ]
    data.sort(key=lambda item: (item.timestamp, item.environment, item.app_name))
    return json_response(FeatureMetricsListJson(data=data))


async def _series(
    request: Request, hours: int, interval: MetricsInterval, *split_by: MetricsDimension
) -> Sequence[MetricsSeries]:
    name = request.parameters["name"]
    query = SeriesQuery(
        span=span_back(request.store.clock(), hours, interval), split_by=frozenset(split_by)
    )
    try:
        async with request.store.read() as session:
            return (await load_series(session, (name,), query))[name]
    except TooManyBucketsError as error:
        message = f"The answer would have more than {error.count:,} counts; ask for fewer hours."
        raise BadDataError(Detail(message, "/query/hoursBack")) from None


def _hours(request: Request) -> int:
    """Return the requested number of hours.

    Raises: BadDataError: the value is not a number of hours for which counts are retained.
    """
    sent = [value for name, value in request.query() if name == "hoursBack"]
    if not sent:
        return _DEFAULT_HOURS
    longest = retained_hours(MetricsInterval.HOUR)
    value = sent[-1]
    is_number = value.isascii() and value.isdecimal() and len(value) <= len(str(longest))
    if not is_number or not 1 <= int(value) <= longest:
        raise BadDataError(
            Detail(
                f"The number of hours must be between 1 and {longest:,}, not '{display(value)}'.",
                "/query/hoursBack",
            )
        )
    return int(value)
