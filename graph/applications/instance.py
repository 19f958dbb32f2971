"""Instances: running copies of applications, and the SDKs in them."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Context, Info
from graph.engine.run.fields import contextual, derived, plain, resolved
from graph.environments.type import Environment, reported_environment
from graph.node import Node, id_field, shows
from graph.paging import CountedConnectionOf, EdgeOf
from store import model
from store.usage import applications, instances, sdks
from store.usage.sdks import is_outdated

if TYPE_CHECKING:
    from graph.applications.application import Application


@strawberry.type(description="The name and version of an SDK.")
class Sdk:
    name: str = plain("The name, such as unleash-client-python.")
    version: str | None = plain("The version, null when it did not say.")
    outdated: bool = plain(
        "Whether it is older than the oldest version this server supports in full."
    )

    @classmethod
    def reported(cls, text: str) -> "Sdk":
        """The SDK that an instance reports, such as `unleash-client-node:6.1.0`."""
        name, version = sdks.split_sdk(text)
        return cls(name=name, version=version, outdated=is_outdated(text))


def _application(
    root: instances.ApplicationInstance, info: Info
) -> Awaitable[applications.Application | None]:
    return info.context.loaders.applications.load(root.app_name)


def _environment(root: instances.ApplicationInstance, context: Context) -> model.Environment:
    return reported_environment(context, root.environment)


def _sdk(root: instances.ApplicationInstance) -> Sdk | None:
    return Sdk.reported(root.sdk_version) if root.sdk_version else None


def _platform(root: instances.ApplicationInstance) -> str | None:
    return " ".join(filter(None, (root.platform_name, root.platform_version))) or None


@strawberry.type(description="One running copy of an application.")
@shows(instances.ApplicationInstance)
class ApplicationInstance(Node):
    id: strawberry.ID = id_field(
        "ApplicationInstance", "id", "The globally unique ID of this instance."
    )
    instance_id: str = plain("The ID the SDK gave itself.")
    application: Annotated["Application", strawberry.lazy("graph.applications.application")] = (
        resolved(_application, "The application it is a copy of.")
    )
    environment: Environment = contextual(_environment, "The environment it runs in.")
    sdk: Sdk | None = derived(_sdk, "The SDK it runs, null when it did not say.")
    platform: str | None = derived(
        _platform, "The platform it runs on, such as CPython 3.13, null when it did not say."
    )
    spec_version: str | None = plain(
        "The version of the client specification its SDK follows, null when it did not say."
    )
    yggdrasil_version: str | None = plain(
        "The version of the evaluation engine in its SDK, null when it has none or did not say."
    )
    client_ip: str | None = plain("The address it reports from, null when unknown.")
    started_at: datetime | None = plain("When the SDK says it started, null when it did not say.")
    created_at: datetime = plain("When it first reported.")
    last_seen_at: datetime = plain("When it last reported.")


@strawberry.type(description="An edge holding one application instance and its cursor.")
class ApplicationInstanceEdge(EdgeOf):
    node: ApplicationInstance = plain("The application instance at the end of the edge.")


@strawberry.type(description="A page of the list of application instances.")
class ApplicationInstanceConnection(
    CountedConnectionOf[ApplicationInstanceEdge, ApplicationInstance]
):
    pass
