"""Applications in the 3.x admin API: those that registered, what they implement and ask for."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from pydantic import ConfigDict, Field

from rest_compat.http.bodies import Body, Text, read
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import EmptyError, v3_error_of
from rest_compat.unleash3.feature_document import answered_toggle
from rest_compat.unleash3.strategy_document import strategy_document
from store.errors import Refusal
from store.metrics.applications import (
    Application,
    ApplicationFilter,
    all_applications,
    application_by_name,
)
from store.metrics.instances import ALL_INSTANCES, ApplicationInstance, list_instances
from store.metrics.registration import wire_document
from store.metrics.reports import DEFAULT_INSTANCE
from store.metrics.seen import names_reported
from store.operations.applications import delete_application, put_application
from store.operations.text import shown
from store.paging import Window
from store.wire_time import wire_time

# Those that were seen last; 3.x has no pages.
MAX_INSTANCES = 1_000


class ApplicationBody(Body):
    """What people say of an application; its name is that in the path."""

    model_config = ConfigDict(extra="forbid")

    app_name: Any = None
    sdk_version: Text = ""
    description: str = ""
    url: str = ""
    color: str = ""
    icon: str = ""
    strategies: list[Any] = Field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """What an operation takes beside the name; entries of `strategies` that are no text are
        dropped, as in registrations."""
        fields = self.model_dump(
            include={"description", "url", "color", "icon", "strategies"}, exclude_unset=True
        )
        if "strategies" in fields:
            fields["strategies"] = [it for it in self.strategies if isinstance(it, str)]
        return fields


async def _list(request: Request) -> Answer:
    strategies = request.query_lists("strategyName")["strategyName"]
    filter = ApplicationFilter(registered=True, strategies=strategies or None)
    async with request.store.read() as session:
        found = await all_applications(session, filter)
    return await asyncio.to_thread(
        lambda: json_answer({"applications": [wire_document(it) for it in found]})
    )


async def _read(request: Request) -> Answer:
    name = request.parameters["name"]
    async with request.store.read() as session:
        application = await application_by_name(session, name)
        if application is None or application.registered_at is None:
            raise EmptyError(HTTPStatus.NOT_FOUND, f"No application is named '{shown(name)}'.")
        pages = await list_instances(session, [name], ALL_INSTANCES, Window(MAX_INSTANCES))
        reported = (await names_reported(session, application=name)).get(name, ())
    return json_answer(_details(request, application, pages[name].items, reported))


async def _put(request: Request) -> Answer:
    body = await read(request, ApplicationBody)
    async with request.store.write(request.principal.actor) as work:
        await put_application(work, request.parameters["name"], **body.fields())
    return Answer(HTTPStatus.ACCEPTED)


async def _delete(request: Request) -> Answer:
    # Refused only where there is none, and that is as good (contract/rest-v3.yaml,
    # "application-delete-again").
    with suppress(Refusal):
        async with request.store.write(request.principal.actor) as work:
            await delete_application(work, request.parameters["name"])
    return Answer(HTTPStatus.OK)


def _details(
    request: Request,
    application: Application,
    instances: Iterable[ApplicationInstance],
    reported: Sequence[str],
) -> dict[str, Any]:
    document = wire_document(application)
    listed = ("appName", "createdAt", "description", "url", "color", "icon")
    return {
        **{key: document[key] for key in listed},
        "strategies": [_strategy(request, it) for it in application.strategies],
        # 3.x knows no instance that does not say which one it is.
        "instances": [_instance(it) for it in instances if it.instance_id != DEFAULT_INSTANCE],
        "seenToggles": [_toggle(request, it) for it in reported],
        "links": {"self": f"/api/applications/{application.name}"},
    }


def _strategy(request: Request, name: str) -> dict[str, Any]:
    strategy = request.snapshot.strategies.get(name)
    return _unknown(name) if strategy is None else strategy_document(strategy)


def _toggle(request: Request, name: str) -> dict[str, Any]:
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        return _unknown(name)
    return answered_toggle(request, toggle)


def _unknown(name: str) -> dict[str, Any]:
    return {"name": name, "notFound": True}


def _instance(instance: ApplicationInstance) -> dict[str, Any]:
    return {
        "appName": instance.app_name,
        "instanceId": instance.instance_id,
        "sdkVersion": instance.sdk_version or "",
        "clientIp": instance.client_ip,
        "lastSeen": wire_time(instance.last_seen_at),
        "createdAt": wire_time(instance.created_at),
    }


_PATH = "/api/admin/metrics/applications"

ROUTES: Routes = {
    _PATH: {"GET": Route(_list)},
    f"{_PATH}/:name": {
        "GET": Route(_read),
        "POST": Route(_put, v3_error_of),
        "DELETE": Route(_delete, v3_error_of),
    },
}
