"""Instances: running copies of applications, and the SDKs in them."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Context, Info
from graph.engine.run.fields import contextual, derived, plain, resolved
from graph.engine.run.reads import CLOCK
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
    version: str | None = plain("The version, null if not reported.")
    outdated: bool = plain(
        "Whether the SDK is older than the oldest version that this server fully supports."
    )

    @classmethod
    def reported(cls, sdk_version: str) -> "Sdk":
        """Return the SDK that an instance reports, such as `unleash-client-node:6.1.0`."""
        name, version = sdks.split_sdk(sdk_version)
        return cls(name=name, version=version, outdated=is_outdated(sdk_version))


def name_of_sdk(sdk: Sdk) -> str:
    """Return the string that identifies an SDK in a list, such as `unleash-client-node:6.1.0`."""
    return sdk.name if sdk.version is None else f"{sdk.name}:{sdk.version}"


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


@strawberry.type(description="A running instance of an application.")
@shows(instances.ApplicationInstance)
class ApplicationInstance(Node):
    id: strawberry.ID = id_field(
        "ApplicationInstance", "id", "The globally unique ID of this instance."
    )
    instance_id: str = plain("The ID that the SDK chose for itself.")
    application: Annotated["Application", strawberry.lazy("graph.applications.application")] = (
        resolved(_application, "The application of the instance.")
    )
    environment: Environment = contextual(
        _environment, "The environment of the instance.", reads=("environments", CLOCK)
    )
    sdk: Sdk | None = derived(_sdk, "The SDK of the instance, null if not reported.")
    platform: str | None = derived(
        _platform, "The platform of the instance, such as CPython 3.13; null if not reported."
    )
    spec_version: str | None = plain(
        "The version of the client specification that the SDK implements, null if not reported."
    )
    yggdrasil_version: str | None = plain(
        "The version of the Yggdrasil evaluation engine in the SDK, null if not reported."
    )
    client_ip: str | None = plain(
        "The IP address from which the instance reports, null if unknown."
    )
    started_at: datetime | None = plain(
        "The start time that the SDK reported, null if not reported."
    )
    created_at: datetime = plain("When the instance first reported.")
    last_seen_at: datetime = plain("When the instance last reported.")


@strawberry.type(description="An edge with one application instance and its cursor.")
class ApplicationInstanceEdge(EdgeOf):
    node: ApplicationInstance = plain("The application instance at the end of the edge.")


@strawberry.type(description="A page of the list of application instances.")
class ApplicationInstanceConnection(
    CountedConnectionOf[ApplicationInstanceEdge, ApplicationInstance]
):
    pass
