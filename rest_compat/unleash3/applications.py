"""Registered applications in the 3.x admin API: list, read, describe, delete."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from rest_compat.http.errors import BadDataError, InvalidBodyError
from rest_compat.http.models import Time
from rest_compat.http.operation import Parameter, path_parameter
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.bodies import read_body
from rest_compat.unleash3.errors import AbsentError, v3_error_of
from rest_compat.unleash3.models import (
    ApplicationsJson,
    StrategyDefinitionJson,
    ToggleJson,
    answered_toggle,
    strategy_definition_json,
)
from store.errors import Refusal
from store.http_times import format_time
from store.operations.applications import delete_application, put_application
from store.operations.strings import display
from store.paging import Window
from store.transfer.unleash.activation_entries import NonEmptyString
from store.usage.applications import (
    Application,
    ApplicationFilter,
    all_applications,
    application_by_name,
)
from store.usage.instances import ALL_INSTANCES, ApplicationInstance, list_instances
from store.usage.registration import application_body
from store.usage.reports import DEFAULT_INSTANCE
from store.usage.seen import names_reported

routes = RouteTable("admin: usage", refusal_form=v3_error_of)

_NAME = path_parameter("name", "The name of the application.", "shop-web")
# The maximum number of instances in a response, because routes of 3.x return no pages.
MAX_INSTANCES = 1_000
_APPLICATIONS = "/api/admin/metrics/applications"
_APPLICATION = f"{_APPLICATIONS}/:name"


class ApplicationBody(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """The description of an application; its name is in the path. Unknown keys are refused."""

    app_name: Any = UNSET
    sdk_version: NonEmptyString | UnsetType = UNSET
    description: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    icon: str | UnsetType = UNSET
    strategies: tuple[Any, ...] | UnsetType = UNSET

    def fields(self) -> dict[str, Any]:
        """Return the arguments of the store operation, without the name.

        As in registrations, items of `strategies` that are not strings are dropped.
        """
        fields: dict[str, Any] = {
            "description": self.description,
            "url": self.url,
            "color": self.color,
            "icon": self.icon,
        }
        if self.strategies is not UNSET:
            fields["strategies"] = [
                strategy for strategy in self.strategies if isinstance(strategy, str)
            ]
        return {name: value for name, value in fields.items() if value is not UNSET}


class UnknownJson(Struct, kw_only=True, rename="camel"):
    """The name of a missing toggle or strategy. The application uses this name."""

    name: str
    not_found: bool = True


class InstanceJson(Struct, kw_only=True, rename="camel"):
    """An instance of an application."""

    app_name: str
    instance_id: str
    sdk_version: str
    client_ip: str | None
    last_seen: Time
    created_at: Time


_StrategyOrUnknown = Annotated[
    Any, Meta(description="A strategy as in the list, or its name with `notFound`.")
]
_ToggleOrUnknown = Annotated[
    Any, Meta(description="A toggle as in the list, or its name with `notFound`.")
]


class ApplicationDetailsJson(Struct, kw_only=True, rename="camel"):
    """The application with its strategies, its instances and the toggles that it requests."""

    app_name: str
    created_at: Time
    description: str | None
    url: str | None
    color: str | None
    icon: str | None
    strategies: Sequence[_StrategyOrUnknown]
    instances: Sequence[InstanceJson]
    seen_toggles: Sequence[_ToggleOrUnknown]
    links: dict[str, str]


@routes.route(
    "GET",
    _APPLICATIONS,
    id="getApplications",
    parameters=(
        Parameter(
            "strategyName",
            "Return only applications that implement one of these strategies.",
            example=["default"],
        ),
    ),
    answers={200: ApplicationsJson},
    errors=(BadDataError, UnavailableError),
)
async def list_applications(request: Request) -> Response:
    """List the applications that have registered, sorted by name.

    Applications that have only reported usage are omitted.
    """
    strategies = request.query_lists("strategyName")["strategyName"]
    filter = ApplicationFilter(registered=True, strategies=strategies or None)
    async with request.store.read() as session:
        found = await all_applications(session, filter)
    return await asyncio.to_thread(
        lambda: json_response(
            {"applications": [application_body(application) for application in found]}
        )
    )


@routes.route(
    "GET",
    _APPLICATION,
    id="getApplication",
    parameters=(_NAME,),
    answers={200: ApplicationDetailsJson},
    errors=(AbsentError, UnavailableError),
)
async def get_application(request: Request) -> Response:
    """Read one application.

    The response contains at most the thousand instances that reported last.
    """
    name = request.parameters["name"]
    async with request.store.read() as session:
        application = await application_by_name(session, name)
        if application is None or application.registered_at is None:
            raise AbsentError(f"No application is named '{display(name)}'.")
        pages = await list_instances(session, [name], ALL_INSTANCES, Window(MAX_INSTANCES))
        reported = (await names_reported(session, application=name)).get(name, ())
    return json_response(_details(request, application, pages[name].items, reported))


@routes.route(
    "POST",
    _APPLICATION,
    id="createApplication",
    parameters=(_NAME,),
    body=ApplicationBody,
    example={
        "description": "The web shop.",
        "url": "https://shop.example.com",
        "color": "#1f6feb",
        "icon": "store",
        "strategies": ["default", "flexibleRollout"],
    },
    answers={202: "The description is stored; the response has no body."},
    errors=(InvalidBodyError,),
)
async def describe_application(request: Request) -> Response:
    """Describe an application.

    The application is created if it does not exist.
    """
    body = await read_body(request, ApplicationBody)
    async with request.store.write(request.principal.actor) as work:
        await put_application(work, request.parameters["name"], **body.fields())
    return Response(HTTPStatus.ACCEPTED)


@routes.route(
    "DELETE", _APPLICATION, id="deleteApplication", parameters=(_NAME.with_example("shop-legacy"),)
)
async def delete(request: Request) -> Response:
    """Delete an application.

    Deleting an application that does not exist succeeds.
    """
    # Deletion is refused only if the application is missing (contract/rest-v3.yaml,
    # "application-delete-again").
    with suppress(Refusal):
        async with request.store.write(request.principal.actor) as work:
            await delete_application(work, request.parameters["name"])
    return Response(HTTPStatus.OK)


def _details(
    request: Request,
    application: Application,
    instances: Iterable[ApplicationInstance],
    reported: Sequence[str],
) -> ApplicationDetailsJson:
    return ApplicationDetailsJson(
        app_name=application.name,
        created_at=format_time(application.created_at),
        description=application.description or None,
        url=application.url,
        color=application.color,
        icon=application.icon,
        strategies=[_strategy(request, strategy) for strategy in application.strategies],
        # 3.x has no instances without an ID.
        instances=[
            _instance(instance)
            for instance in instances
            if instance.instance_id != DEFAULT_INSTANCE
        ],
        seen_toggles=[_toggle(request, name) for name in reported],
        links={"self": f"/api/applications/{application.name}"},
    )


def _strategy(request: Request, name: str) -> StrategyDefinitionJson | UnknownJson:
    strategy = request.snapshot.strategies.get(name)
    return UnknownJson(name=name) if strategy is None else strategy_definition_json(strategy)


def _toggle(request: Request, name: str) -> ToggleJson | UnknownJson:
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        return UnknownJson(name=name)
    return answered_toggle(request, toggle)


def _instance(instance: ApplicationInstance) -> InstanceJson:
    return InstanceJson(
        app_name=instance.app_name,
        instance_id=instance.instance_id,
        sdk_version=instance.sdk_version or "",
        client_ip=instance.client_ip,
        last_seen=format_time(instance.last_seen_at),
        created_at=format_time(instance.created_at),
    )
