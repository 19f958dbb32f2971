"""Search for toggles of all projects, with filters, in pages."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from rest_compat.http.errors import BadDataError
from rest_compat.http.models import Count, Time
from rest_compat.http.operation import Parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.features import TAG
from rest_compat.unleash8.models import ProjectFeatureSummaryJson, feature_summary_fields
from rest_compat.unleash8.query_filters import (
    DATES_HELP,
    MAX_OFFSET,
    ONE_VALUE_HELP,
    SEVERAL_VALUES_HELP,
    choice,
    number,
    page_parameters,
    parameters_of,
)
from rest_compat.unleash8.search_filters import (
    filters_of,
    segments_of,
    status_test,
    text_test,
)
from store import Snapshot
from store.http_times import format_time
from store.lifecycle import lifecycle_of
from store.model import Toggle
from store.usage.summary import UsageSummary

routes = RouteTable(TAG)

_LIMIT = 50
_MAX_LIMIT = 1_000
_ORDERS = ("asc", "desc")
_OTHER_PARAMETERS = (
    "query",
    "status",
    "archived",
    "sortBy",
    "sortOrder",
    "favoritesFirst",
    "limit",
    "offset",
)

_ONE_VALUE = {
    "project": "Return only toggles of these projects.",
    "type": "Return only toggles of these types.",
    "state": "Return only toggles in the state `active`, `stale` or `potentially-stale`.",
    "createdBy": "Return only toggles that were created by a token with one of these names.",
    "lifecycle": "Return only toggles in these stages of the lifecycle.",
}
_SEVERAL_VALUES = {
    "tag": "Return only toggles with these tags, each written `type:value`.",
    "segment": "Return only toggles whose strategies use segments with these names.",
}
_TIMES = {
    "createdAt": "Return only toggles that were created at these times.",
    "lastSeenAt": "Return only toggles that were last evaluated at these times.",
}
_EXAMPLES = {
    "project": "IS:default",
    "type": "IS_ANY_OF:release,experiment",
    "state": "IS:active",
    "createdBy": "IS_NOT:nobody",
    "lifecycle": "IS_NOT:archived",
    "tag": "DO_NOT_INCLUDE:simple:obsolete",
    "segment": "DO_NOT_INCLUDE:former-testers",
    "createdAt": "IS_ON_OR_AFTER:2026-01-31",
    "lastSeenAt": "IS_ON_OR_AFTER:2026-01-31",
}


class CreatorJson(Struct, kw_only=True):
    """The name of the token that created the toggle."""

    name: str


class LifecycleJson(Struct, kw_only=True, rename="camel"):
    """The current stage of the toggle."""

    stage: str
    entered_stage_at: Time


class FoundFeatureJson(ProjectFeatureSummaryJson, kw_only=True, rename="camel"):
    """A toggle with the names of its segments and its stage.

    `dependencyType` is `child` if the toggle depends on others, and `parent` if others depend on
    the toggle.
    """

    archived_at: Time | None
    dependency_type: Literal["child", "parent"] | None
    segments: Sequence[str]
    created_by: CreatorJson | None
    lifecycle: LifecycleJson


class FoundFeaturesJson(Struct, kw_only=True):
    """A page of toggles, and the number of toggles on all pages."""

    features: Sequence[FoundFeatureJson]
    total: Count


class _Query(Struct, frozen=True, kw_only=True):
    archived: bool
    tests: Sequence[Callable[[Toggle], bool]]
    sort_key: Callable[[Toggle], Any]
    descending: bool
    limit: int
    offset: int


@routes.route(
    "GET",
    "/api/admin/search/features",
    id="searchFeatures",
    parameters=(
        Parameter(
            "query",
            "Return only toggles whose name, description or tags contain one of these words, "
            "which are separated by commas.",
            str,
            example="checkout",
        ),
        *(
            Parameter(name, f"{text} {help}", str, example=_EXAMPLES[name])
            for texts, help in (
                (_ONE_VALUE, ONE_VALUE_HELP),
                (_SEVERAL_VALUES, SEVERAL_VALUES_HELP),
                (_TIMES, DATES_HELP),
            )
            for name, text in texts.items()
        ),
        Parameter(
            "status",
            "Return only toggles that are on or off in an environment, each written "
            "`ENVIRONMENT:enabled` or `ENVIRONMENT:disabled`. If there are several, one must hold.",
            example=["production:enabled"],
        ),
        Parameter(
            "archived", "With `IS:true`, return only archived toggles.", str, example="IS:false"
        ),
        Parameter(
            "sortBy",
            "The field by which the toggles are sorted: `name`, `type`, `project`, `createdAt`, "
            "`lastSeenAt`, or `environment:NAME`.",
            str,
            default="createdAt",
            example="name",
        ),
        Parameter("sortOrder", "`asc` or `desc`.", str, default="asc", example="asc"),
        Parameter(
            "favoritesFirst", "Has no effect, because there are no favorites.", bool, example=False
        ),
        *page_parameters(_LIMIT, _MAX_LIMIT),
    ),
    answers={200: FoundFeaturesJson},
    errors=(BadDataError,),
)
async def search_features(request: Request) -> Response:
    """Search for toggles of all projects.

    All given filters must match. Live toggles are returned unless `archived` is `IS:true`.
    """
    query = _query(request)
    # A thread searches, because an installation can have many toggles.
    return await asyncio.to_thread(_search, request, query)


def _search(request: Request, query: _Query) -> Response:
    snapshot, usage = request.snapshot, request.store.usage
    toggles = snapshot.archived_toggles if query.archived else snapshot.live_toggles
    found = [toggle for toggle in toggles if all(test(toggle) for test in query.tests)]
    found.sort(key=query.sort_key, reverse=query.descending)
    page = found[query.offset : query.offset + query.limit]
    features = [_found(toggle, snapshot, usage) for toggle in page]
    return json_response(FoundFeaturesJson(features=features, total=len(found)))


def _found(toggle: Toggle, snapshot: Snapshot, usage: UsageSummary) -> FoundFeatureJson:
    lifecycle = lifecycle_of(snapshot, usage, toggle)
    is_parent = bool(snapshot.dependents.get(toggle.name))
    return FoundFeatureJson(
        **feature_summary_fields(toggle, snapshot, usage),
        archived_at=format_time(toggle.archived_at),
        dependency_type="child" if toggle.dependencies else "parent" if is_parent else None,
        segments=sorted(segments_of(toggle, snapshot)),
        created_by=CreatorJson(name=toggle.created_by.name) if toggle.created_by else None,
        lifecycle=LifecycleJson(
            stage=lifecycle.stage, entered_stage_at=format_time(lifecycle.entered_at)
        ),
    )


def _query(request: Request) -> _Query:
    filters = filters_of(request)
    values = parameters_of(
        request,
        (*filters, *_OTHER_PARAMETERS),
    )
    tests = [filters[name](sent) for name in filters for sent in values.get(name, ())]
    tests += [text_test(sent) for sent in values.get("query", ()) if sent.strip(", ")]
    if statuses := values.get("status"):
        tests.append(status_test(request.snapshot, statuses))
    return _Query(
        archived=choice(values, "archived", ("IS:true", "IS:false"), "IS:false") == "IS:true",
        tests=tests,
        sort_key=_sort_key(request, values),
        descending=choice(values, "sortOrder", _ORDERS, "asc") == "desc",
        limit=number(values, "limit", least=1, most=_MAX_LIMIT, default=_LIMIT),
        offset=number(values, "offset", least=0, most=MAX_OFFSET, default=0),
    )


def _sort_key(
    request: Request, values: Mapping[str, Sequence[str]]
) -> Callable[[Toggle], tuple[Any, str]]:
    usage = request.store.usage
    keys: dict[str, Callable[[Toggle], Any]] = {
        "createdAt": lambda toggle: toggle.created_at,
        "lastSeenAt": lambda toggle: _time_key(usage.last_seen_at(toggle.name)),
        "name": lambda toggle: toggle.name,
        "type": lambda toggle: toggle.type,
        "project": lambda toggle: toggle.project,
    }
    keys |= {
        f"environment:{name}": lambda toggle, name=name: toggle.in_environment(name).enabled
        for name in request.snapshot.environments
    }
    key = keys[choice(values, "sortBy", keys, "createdAt")]
    return lambda toggle: (key(toggle), toggle.name)


def _time_key(time: datetime | None) -> float:
    return time.timestamp() if time else 0.0
