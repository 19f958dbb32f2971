"""The types of the fields `viewer` and `serverInfo`."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graph.context import Context
from graph.engine.run.fields import contextual, derived, plain, resolved
from graph.enums import ApiTokenType
from graph.environments.type import Environment
from graph.loaders import LIVE
from graph.paging import MAX_PAGE_SIZE
from graph.projects.type import Project
from graph.tokens.actor import Actor
from store import events_log, model
from store.identity import Principal
from store.operations.change_sets import MAX_CHANGES
from store.operations.limits import MAX_NAME_LENGTH
from store.operations.names import NAME_PATTERN
from store.operations.rollouts import MAX_STEPS
from store.operations.scheduling import MAX_SCHEDULED
from store.usage import applications, instances

# Client libraries use these names for the subscription protocols.
SUBSCRIPTION_PROTOCOLS = ["graphql-transport-ws", "graphql-sse", "multipart-subscription"]

# ------------------------------------------------------------------ the caller


def _token_type(root: Principal) -> ApiTokenType | None:
    return None if root.token is None else root.token.type


def _expires_at(root: Principal) -> datetime | None:
    return None if root.token is None else root.token.expires_at


def _environment(root: Principal, context: Context) -> model.Environment | None:
    bound = None if root.token is None else root.token.environment
    return context.snapshot.environments.get(bound or "")


def _projects(root: Principal, context: Context) -> Sequence[model.Project]:
    projects = context.snapshot.projects
    return [projects[name] for name in root.projects if name in projects]


@strawberry.type(description="The party making this request.")
class Viewer:
    actor: Actor = plain("The identity of the party.")
    token_type: ApiTokenType | None = derived(
        _token_type,
        "The type of the party's token, null on a server that runs without authentication.",
    )
    can_write: bool = plain("Whether the party may make changes.")
    environment: Environment | None = contextual(
        _environment,
        "The environment to which the party's token is bound, null if the token is bound to none.",
        reads=("environments",),
    )
    projects: list[Project] = contextual(
        _projects, "The projects that the party may see; empty means all.", reads=("projects",)
    )
    expires_at: datetime | None = derived(
        _expires_at,
        "When the party's token expires, null if the token never expires or if there is no token.",
    )


# ------------------------------------------------------------------ the server


@strawberry.type(description="The database of the server.")
class DatabaseInfo:
    dialect: str = plain("The kind of database, such as sqlite or postgresql.")
    version: str = plain("The version of the database.")
    migration: str = plain("The last migration that was applied to the database.")


@strawberry.type(description="The limits of a server on requests.")
class ServerLimits:
    max_depth: int = plain("The maximum depth of nested selections.")
    max_aliases: int = plain("The maximum number of aliases in a document.")
    max_tokens: int = plain("The maximum number of tokens in a document.")
    max_cost: int = plain("The maximum cost of a document.")
    max_page_size: int = plain("The maximum value of the arguments first and last.")
    max_changes: int = plain("The maximum number of changes in a change set.")
    max_scheduled: int = plain(
        "The maximum number of change sets that can be in the state `SCHEDULED` at the same time."
    )
    max_steps: int = plain("The maximum number of steps in a rollout.")
    max_import_bytes: int = plain(
        "The maximum size of the body of a request with an imported document, in bytes."
    )
    max_name_length: int = plain(
        "The maximum length of the name of a toggle, strategy, environment, project, context "
        "field, tag type or variant, in characters."
    )
    name_pattern: str = plain(
        "The regular expression, in the syntax of JavaScript, that the names listed at "
        "`maxNameLength` must match."
    )


async def _applications(root: Context) -> int:
    async with root.store.read() as session:
        return await applications.count_applications(session)


async def _live_instances(root: Context) -> int:
    async with root.store.read() as session:
        live = instances.InstanceFilter(seen_since=root.now - LIVE)
        return await instances.count_all_instances(session, live)


async def _events(root: Context) -> int:
    async with root.store.read() as session:
        return await events_log.count_events(session, events_log.ALL_EVENTS)


@strawberry.type(description="The numbers of objects on a server.")
class ServerStatistics:
    toggles: int = derived(
        lambda root: len(root.snapshot.live_toggles), "The number of active toggles."
    )
    archived_toggles: int = derived(
        lambda root: len(root.snapshot.archived_toggles), "The number of archived toggles."
    )
    applications: int = resolved(_applications, "The number of applications.")
    live_instances: int = resolved(
        _live_instances, "The number of instances that reported in the last 24 hours."
    )
    events: int = resolved(_events, "The number of events in the audit log.")


async def _database(root: Context) -> DatabaseInfo:
    return DatabaseInfo(
        dialect=root.store.dialect,
        version=await root.store.database_version(),
        migration=await root.store.migration(),
    )


def _limits(root: Context) -> ServerLimits:
    limits = root.server.limits
    return ServerLimits(
        max_depth=limits.depth,
        max_aliases=limits.aliases,
        max_tokens=limits.tokens,
        max_cost=limits.cost,
        max_page_size=MAX_PAGE_SIZE,
        max_changes=MAX_CHANGES,
        max_scheduled=MAX_SCHEDULED,
        max_steps=MAX_STEPS,
        max_import_bytes=root.server.max_document_bytes,
        max_name_length=MAX_NAME_LENGTH,
        name_pattern=NAME_PATTERN,
    )


def _itself(root: Context) -> Context:
    return root


@strawberry.type(description="Information about this server.")
class ServerInfo:
    version: str = derived(lambda root: root.server.version, "The version of Flagstaff.")
    revision: int = derived(
        lambda root: root.snapshot.revision,
        "The revision of the configuration that this process serves. Every committed change "
        "increments the revision.",
    )
    schema_hash: str = derived(
        lambda root: root.server.schema_hash(),
        "The SHA-256 hash of the schema, for checking whether a generated client is up to date.",
    )
    started_at: datetime = derived(
        lambda root: root.server.started_at, "When the server was started."
    )
    database: DatabaseInfo = resolved(_database, "The database of the server.")
    limits: ServerLimits = derived(_limits, "The limits on requests.")
    subscription_protocols: list[str] = derived(
        lambda _root: SUBSCRIPTION_PROTOCOLS, "The protocols for subscriptions."
    )
    statistics: ServerStatistics = derived(_itself, "The numbers of objects on the server.")
