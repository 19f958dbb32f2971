"""Compose the application from one store, the GraphQL and REST APIs, and the middleware."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from flagstaff import __version__
from flagstaff.access_log import AccessLog
from flagstaff.answers import HeadAsGet
from flagstaff.base_path import BelowPath
from flagstaff.bootstrap import FirstTokens, given_tokens, provide_tokens
from flagstaff.compression import Compression
from flagstaff.cross_origin import CrossOrigin
from flagstaff.demo import create_demo
from flagstaff.first_import import import_first
from flagstaff.middleware import LastResort, LoopbackNamesOnly, RequestIds, refuse
from flagstaff.monitoring.endpoint import METRICS_PATHS, metrics_app
from flagstaff.monitoring.sources import Sources
from flagstaff.monitoring.traffic import CountRequests, Traffic
from flagstaff.pages.on_demand import PagesOnDemand
from flagstaff.proxies import ProxyHeaders, TrustedProxies
from flagstaff.repeated_polls import RepeatedPolls, may_repeat_polls
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from flagstaff.tracing.opening import open_tracing
from flagstaff.webhooks.addresses import AddressRules
from flagstaff.webhooks.on_demand import SenderOnDemand
from flagstaff.welcome import announce
from flagstaff.workers.link import SupervisorLink
from graph.app import graphql_app
from graph.console.page import console
from graph.console.page import serves as is_console
from graph.engine.documents.trusted import ManifestError
from graph.engine.run.config import GraphConfig
from graph.engine.run.counting import OperationCounts
from graph.ide.page import ASSETS
from rest_compat.app import RestConfig, no_route, open_streams, rest_app
from rest_compat.http.primary import Primary, PrimaryOnlyError
from store import Store

if TYPE_CHECKING:
    from flagstaff.tracing.spans import Tracing

_log = logging.getLogger(__name__)

_ENDPOINT_PATHS = frozenset({"/graphql", "/graphql/"})
_GRAPHQL_PATHS = _ENDPOINT_PATHS | {"/schema.graphql"}


class RunningApp(NamedTuple):
    """The application on an open store, and the tokens created at the first start.

    `drain` makes `/ready` report that the server is about to stop. `end_streams` ends endless
    responses, so that the server can stop. `polls` answers repeated requests without `app`. If the
    settings require that each request reaches `app`, `polls` is None. `traffic` counts requests and
    connections. `count_toggles` returns the number of toggles in memory.
    """

    app: ASGIApp
    first_tokens: FirstTokens | None
    drain: Callable[[], None]
    end_streams: Callable[[], None]
    polls: RepeatedPolls | None
    traffic: Traffic
    count_toggles: Callable[[], int]


@asynccontextmanager
async def run_app(
    settings: Settings, *, demo: bool = False, link: SupervisorLink | None = None
) -> AsyncGenerator[RunningApp, None]:
    """Open the store, and create the first tokens. Before that, import the settings' file, if any.

    With `demo`, also create the example installation. `link` connects a worker to its supervisor.
    Only the first worker imports the file and creates the example installation.

    Raises:
        SettingsError: a token in the settings cannot be created, a file in the settings cannot be
            used, or a variable of OpenTelemetry is not supported.
        StoreUnavailableError: the database cannot be reached.
    """
    # Refuse malformed tokens before the database is opened or created.
    given_tokens(settings)
    is_first = link is None or link.is_first
    if demo and is_first:
        announce(await create_demo(settings.database_url))
    async with open_tracing() as tracing:
        store = await Store.open(
            settings.database_url,
            retention=settings.retention,
            snapshot_file=settings.snapshot_file,
        )
        late: asyncio.Task[None] | None = None
        try:
            first_tokens = None
            if store.connected.is_set():
                first_tokens = await _prepare(store, settings, is_first=is_first)
            else:
                late = asyncio.create_task(_prepare_late(store, settings))
            # Repeated polls do not reach the application, so they would have no traces.
            repeats = may_repeat_polls(settings) and tracing is None
            polls = RepeatedPolls(store, settings.base_path) if repeats else None
            traffic = Traffic()
            app = compose(
                store,
                settings,
                demo=demo,
                polls=polls,
                traffic=traffic,
                tracing=tracing,
                link=link,
            )
            yield RunningApp(
                app,
                first_tokens,
                store.drain,
                store.end_feeds,
                polls,
                traffic,
                lambda: len(store.snapshot.toggles),
            )
        finally:
            if late is not None:
                late.cancel()
            await store.close()
            _log.info("The database is closed", extra={"fields": {"event": "stopped"}})


async def _prepare(store: Store, settings: Settings, *, is_first: bool) -> FirstTokens | None:
    """Import the settings' file and create the first tokens; return random tokens."""
    await _log_start(store)
    if is_first:
        await import_first(store, settings)
    return await provide_tokens(store, settings)


async def _prepare_late(store: Store, settings: Settings) -> None:
    """Create the tokens in the settings as soon as the database can be reached."""
    await store.connected.wait()
    try:
        await _log_start(store)
        tokens = await provide_tokens(store, settings)
    except Exception as error:
        _log.error("The tokens in the settings were not created: %s", error)
        return
    if tokens is not None:
        announce(f"The database has no tokens. A new admin token: {tokens.admin}")


async def _log_start(store: Store) -> None:
    database, migration = await store.database_version(), await store.migration()
    _log.info(
        "Flagstaff %s opened %s %s at migration %s and revision %d",
        __version__,
        store.dialect,
        database,
        migration,
        store.snapshot.revision,
        extra={
            "fields": {
                "event": "started",
                "version": __version__,
                "database": f"{store.dialect} {database}",
                "migration": migration,
                "revision": store.snapshot.revision,
                "installation_id": store.installation_id,
            }
        },
    )


def compose(
    store: Store,
    settings: Settings,
    *,
    demo: bool = False,
    polls: RepeatedPolls | None = None,
    traffic: Traffic | None = None,
    tracing: "Tracing | None" = None,
    link: SupervisorLink | None = None,
    primary: Primary | None = None,
) -> ASGIApp:
    """Return the GraphQL and REST APIs on an open store, with their middleware.

    Requests are first routed to REST, so that polls of SDKs skip all other routing. `polls` records
    the answers to polls. `traffic` counts the requests, and `tracing` traces them. With `link`,
    `/metrics` shows the sums over all workers. With `demo`, the index page says that the database
    contains the example installation. A reader has a `primary`, which alone serves GraphQL, the
    admin API and pages.
    """
    traffic = traffic or Traffic()
    store.webhooks.use(SenderOnDemand(AddressRules(settings.webhook_networks), store.clock))
    rest = RestConfig(
        auth=settings.auth,
        client_api=settings.client_api,
        metrics=settings.metrics,
        ready=settings.ready,
        max_body_bytes=settings.max_body_bytes,
        max_import_bytes=settings.max_admin_body_bytes,
        max_streams=settings.max_streams,
        max_streams_per_token=settings.max_streams_per_token,
        max_stream_age_s=settings.max_stream_age_s,
        version=__version__,
        public_url=settings.public_url or "",
        base_path=settings.base_path,
    )
    streams = open_streams(rest)
    sources = Sources(store, traffic, OperationCounts(), polls, lambda: streams.total, primary)
    if primary is None:
        fallback = _fallback_app(sources, settings, tracing, link, demo=demo)
    else:
        fallback = _metrics_only(sources, settings, primary)
    app = rest_app(store, rest, fallback, streams, primary)
    app = _surround(LastResort(Compression(app)), settings, traffic, tracing)
    if settings.base_path:
        outside = _surround(LastResort(_answer_outside), settings, traffic, tracing)
        app = BelowPath(app, settings.base_path, outside)
    if polls is not None:
        app = polls.record(app)
    proxies = TrustedProxies(settings.trusted_proxies)
    return ProxyHeaders(app, proxies) if proxies else app


def _surround(
    app: ASGIApp, settings: Settings, traffic: Traffic, tracing: "Tracing | None"
) -> ASGIApp:
    """Return the application with the middleware for every request."""
    app = CrossOrigin(
        app, origins=settings.cors_origins, frontend_origins=settings.effective_frontend_origins
    )
    if settings.auth == "none":
        app = LoopbackNamesOnly(app)
    app = HeadAsGet(app)
    if settings.access_log:
        app = AccessLog(app)
    app = CountRequests(RequestIds(app), traffic)
    return app if tracing is None else tracing.requests(app)


async def _answer_outside(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer 404 to a request outside of the base path."""
    await refuse(scope, send, no_route(scope["path"]))


def _metrics_only(sources: Sources, settings: Settings, primary: Primary) -> ASGIApp:
    """Return the application of a reader for all paths that are not for SDKs."""
    metrics: ASGIApp | None = None
    if settings.prometheus != "off":
        metrics = metrics_app(sources, access=settings.prometheus, auth=settings.auth)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if metrics is not None and scope["path"] in METRICS_PATHS:
            await metrics(scope, receive, send)
        else:
            await refuse(scope, send, PrimaryOnlyError.at(primary.url))

    return app


def _fallback_app(
    sources: Sources,
    settings: Settings,
    tracing: "Tracing | None",
    link: SupervisorLink | None,
    *,
    demo: bool,
) -> ASGIApp:
    """Return the application for the paths of GraphQL, metrics and pages."""
    store = sources.store
    config = GraphConfig(
        auth=settings.auth,
        version=__version__,
        max_body_bytes=settings.max_body_bytes,
        max_admin_body_bytes=settings.max_admin_body_bytes,
        operation_timeout_s=settings.graphql_timeout_s,
        max_parallel_operations=settings.graphql_max_parallel,
        max_answer_bytes=settings.graphql_max_answer_bytes,
        max_push_cost_per_second=settings.graphql_max_push_cost,
        partial_status=int(settings.graphql_partial_status),
        introspection=settings.introspection == "on",
        federation=settings.federation == "on",
        limits=settings.graphql_limits,
        trusted_documents=settings.trusted_documents,
        trusted_only=settings.trusted_documents_only,
        max_sockets_per_address=settings.max_sockets_per_address,
        max_sockets_per_token=settings.max_sockets_per_token,
        max_subscriptions_per_socket=settings.max_subscriptions_per_socket,
        max_stream_age_s=settings.max_stream_age_s,
        origins=settings.cors_origins,
    )
    try:
        trace = None if tracing is None else tracing.operation
        graphql = graphql_app(store, config, sources.operations, trace)
    except ManifestError as error:
        raise SettingsError(f"FLAGSTAFF_TRUSTED_DOCUMENTS: {error}") from None
    has_console = settings.console == "on"
    page_app = PagesOnDemand(docs=settings.docs == "on", demo=demo, console=has_console)
    console_app = console() if has_console else page_app
    metrics = page_app
    if settings.prometheus != "off":
        metrics = metrics_app(sources, access=settings.prometheus, auth=settings.auth, link=link)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["type"] == "websocket" and path not in _ENDPOINT_PATHS:
            await refuse(scope, send, no_route(path))
            return
        if path in _GRAPHQL_PATHS or path.startswith(ASSETS):
            await graphql(scope, receive, send)
        elif path in METRICS_PATHS:
            await metrics(scope, receive, send)
        else:
            await (console_app if is_console(path) else page_app)(scope, receive, send)

    return app
