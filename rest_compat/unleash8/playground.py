"""Evaluate many toggles at once, for several environments and contexts, and explain the results."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Annotated, Any

from msgspec import UNSET, Struct, UnsetType
from pydantic import BeforeValidator, Field, WithJsonSchema

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.contexts import STANDARD_FIELDS, context_of, fields_and_properties
from rest_compat.sdk.evaluating import evaluate_items
from rest_compat.unleash8.bodies import LooseString, checked_body, read_object
from rest_compat.unleash8.errors import body_path, refusal_form
from rest_compat.unleash8.models import EVERYTHING
from rest_compat.unleash8.played import (
    PlayedEnvironmentFeatureJson,
    PlayedFeatureJson,
    played_fields,
)
from rest_compat.unleash8.validating import Body
from store import Snapshot
from store.evaluation import Context, Explanation, explain
from store.model import Toggle
from store.operations.limits import MAX_ITEMS
from store.operations.strings import display

routes = RouteTable("admin: playground", refusal_form=refusal_form())

# The product of the numbers of toggles, environments and contexts is at most this; as in 8.2.
MAX_EVALUATIONS = 15_000
# The answer repeats the context in each evaluation.
MAX_REPEATED_CHARACTERS = 20_000_000


class ContextBody(Body):
    """A context as SDKs send it. All other keys are properties."""

    app_name: Annotated[LooseString, Field(min_length=1)]
    user_id: LooseString | None = None
    session_id: LooseString | None = None
    remote_address: LooseString | None = None
    current_time: LooseString | None = None
    properties: dict[str, Any] | None = None


def _to_projects(value: Any) -> Any:
    """Convert `*` to null, which means all projects."""
    return None if value == EVERYTHING else value


Projects = Annotated[
    list[str] | None,
    Field(max_length=MAX_ITEMS),
    BeforeValidator(_to_projects),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}, "maxItems": MAX_ITEMS},
                {"type": "string", "enum": [EVERYTHING]},
            ]
        }
    ),
]


class _PlaygroundBody(Body):
    projects: Projects = None
    context: ContextBody


class PlaygroundBody(_PlaygroundBody):
    """A context, an environment, and the names of projects or `*` for all projects."""

    environment: LooseString


class AdvancedPlaygroundBody(_PlaygroundBody):
    """A context whose fields may list several values, environments, and the names of projects."""

    environments: Annotated[list[LooseString], Field(min_length=1, max_length=MAX_ITEMS)]


class PlaygroundJson(Struct, kw_only=True):
    """The decisions about all toggles, and the request."""

    input: dict[str, Any]
    features: Sequence[PlayedFeatureJson]


class AdvancedFeatureJson(Struct, kw_only=True, rename="camel"):
    """The decisions about a toggle by environment, one for each context."""

    name: str
    project_id: str
    environments: dict[str, list[PlayedEnvironmentFeatureJson]]


class ContextWarningsJson(Struct, kw_only=True, rename="camel"):
    """The fields of the context that were ignored, because their values are not strings."""

    invalid_context_properties: Sequence[str]


class AdvancedPlaygroundJson(Struct, kw_only=True):
    """The decisions about all toggles, and the request."""

    input: dict[str, Any]
    features: Sequence[AdvancedFeatureJson]
    warnings: ContextWarningsJson | UnsetType = UNSET


@routes.route(
    "POST",
    "/api/admin/playground",
    id="getPlayground",
    body=PlaygroundBody,
    example={
        "environment": "production",
        "projects": ["default"],
        "context": {"appName": "shop-web", "userId": "7", "properties": {"country": "DE"}},
    },
    answers={200: PlaygroundJson},
    errors=(BadDataError, UnavailableError),
)
async def play(request: Request) -> Response:
    """Evaluate all toggles of some projects for a context, and explain the decisions.

    Nothing is stored, and nothing is counted as usage.
    """
    document = await read_object(request)
    body = checked_body(document, PlaygroundBody)
    snapshot = request.snapshot
    toggles = _toggles(snapshot, body.projects)
    _check_environment(snapshot, body.environment, "environment")
    fields, properties = fields_and_properties(document["context"])
    context = context_of(
        fields, properties, environment=body.environment, now=request.store.clock()
    )

    def evaluate(toggle: Toggle) -> Explanation:
        return explain(snapshot, toggle, body.environment, context)

    explanations = await evaluate_items(request, toggles, evaluate)

    def answer() -> Response:
        features = [PlayedFeatureJson(**played_fields(each)) for each in explanations]
        return json_response(PlaygroundJson(input=document, features=features))

    # A thread creates the answer, because an installation can have many toggles.
    return await asyncio.to_thread(answer)


@routes.route(
    "POST",
    "/api/admin/playground/advanced",
    id="getAdvancedPlayground",
    body=AdvancedPlaygroundBody,
    example={
        "environments": ["development", "production"],
        "projects": ["default"],
        "context": {"appName": "shop-web", "userId": "7,8", "properties": {"country": "DE"}},
    },
    answers={200: AdvancedPlaygroundJson},
    errors=(BadDataError, UnavailableError),
)
async def play_advanced(request: Request) -> Response:
    """Evaluate all toggles of some projects in several environments and contexts.

    Each field of the context may list several values, separated by commas. The toggles are
    evaluated for each combination of the values. At most 15,000 evaluations are made.
    """
    document = await read_object(request)
    body = checked_body(document, AdvancedPlaygroundBody)
    snapshot = request.snapshot
    toggles = _toggles(snapshot, body.projects)
    environments = tuple(dict.fromkeys(body.environments))
    for at, environment in enumerate(body.environments):
        _check_environment(snapshot, environment, "environments", str(at))
    now = request.store.clock()
    sent, ignored = _flat_fields(document["context"])
    # Check the length of the whole context before it is split.
    context_of(sent, {}, environment=environments[0], now=now)
    values = {name: value.split(",") for name, value in sent.items()}
    _check_complexity(len(toggles), len(environments), values)
    flat = [dict(zip(values, combined, strict=True)) for combined in product(*values.values())]
    cases = [
        (environment, fields, context_of(fields, {}, environment=environment, now=now))
        for environment in environments
        for fields in flat
    ]

    def evaluate(item: tuple[Toggle, tuple[str, dict[str, str], Context]]) -> Explanation:
        toggle, (environment, _, context) = item
        return explain(snapshot, toggle, environment, context)

    explanations = await evaluate_items(request, product(toggles, cases), evaluate)

    def answer() -> Response:
        remaining = iter(explanations)
        features: list[AdvancedFeatureJson] = []
        for toggle in toggles:
            decided: dict[str, list[PlayedEnvironmentFeatureJson]] = {}
            for environment, fields, _ in cases:
                played = PlayedEnvironmentFeatureJson(
                    **played_fields(next(remaining)), environment=environment, context=fields
                )
                decided.setdefault(environment, []).append(played)
            features.append(
                AdvancedFeatureJson(
                    name=toggle.name, project_id=toggle.project, environments=decided
                )
            )
        warnings = ContextWarningsJson(invalid_context_properties=ignored) if ignored else UNSET
        return json_response(
            AdvancedPlaygroundJson(input=document, features=features, warnings=warnings)
        )

    return await asyncio.to_thread(answer)


def _toggles(snapshot: Snapshot, projects: Sequence[str] | None) -> Sequence[Toggle]:
    """Return the live toggles of some projects, or of all projects if `projects` is None.

    Raises: BadDataError: the error lists all unknown projects.
    """
    if projects is None:
        return snapshot.live_toggles
    unknown = [
        Detail(f"No project is named '{display(name)}'.", body_path(("projects", str(at))))
        for at, name in enumerate(projects)
        if name not in snapshot.projects
    ]
    if unknown:
        raise BadDataError(*unknown)
    chosen = frozenset(projects)
    return [toggle for toggle in snapshot.live_toggles if toggle.project in chosen]


def _check_environment(snapshot: Snapshot, name: str, *path: str) -> None:
    if name not in snapshot.environments:
        raise BadDataError(Detail(f"No environment is named '{display(name)}'.", body_path(path)))


def _flat_fields(context: Mapping[str, Any]) -> tuple[dict[str, str], Sequence[str]]:
    """Return the fields with the properties, and the names of the fields that are ignored.

    As in 8.2, properties are treated like other fields, and fields whose values are not strings
    are ignored. Properties may also be numbers and booleans.
    """
    ignored = [
        name
        for name, value in context.items()
        if name not in ("appName", "properties") and not isinstance(value, str)
    ]
    sent = {name: value for name, value in context.items() if name not in ignored}
    fields, properties = fields_and_properties(sent)
    others = {name: value for name, value in properties.items() if name not in STANDARD_FIELDS}
    return others | fields, ignored


def _check_complexity(toggles: int, environments: int, values: Mapping[str, Sequence[str]]) -> None:
    """Check the number of evaluations and the length of all contexts in the answer.

    Raises: BadDataError.
    """
    contexts = prod(map(len, values.values()))
    evaluations = max(toggles, 1) * environments * contexts
    if evaluations > MAX_EVALUATIONS:
        raise BadDataError(
            f"{toggles:,} toggles in {environments:,} environments and {contexts:,} contexts are "
            f"{evaluations:,} evaluations; at most {MAX_EVALUATIONS:,} are made. Choose fewer "
            "environments, projects or values."
        )
    length = sum(len(name) + max(map(len, listed)) for name, listed in values.items())
    if evaluations * length > MAX_REPEATED_CHARACTERS:
        raise BadDataError(
            f"The context has {length:,} characters, which the answer would repeat {evaluations:,} "
            f"times; at most {MAX_REPEATED_CHARACTERS:,} characters are repeated."
        )
