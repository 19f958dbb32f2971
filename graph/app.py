"""Create the ASGI application of the GraphQL API, which runs the engine with the schema."""

from functools import partial

from msgspec import structs
from starlette.types import ASGIApp

from graph.console.page import DOCUMENTS
from graph.context import Context, ServerFacts
from graph.engine.http.endpoint import endpoint
from graph.engine.run.config import GraphConfig
from graph.engine.run.counting import OperationCounts, Trace
from graph.engine.run.operations import Operations
from graph.events.stored_changes import changes_from_json
from graph.federation.schema import subgraph_schema
from graph.ide.page import graphiql
from graph.schema import print_sdl, schema, schema_hash
from store import Store


def graphql_app(
    store: Store,
    config: GraphConfig,
    counts: OperationCounts | None = None,
    trace: Trace | None = None,
) -> ASGIApp:
    """Return the ASGI application for `/graphql` and `/schema.graphql`.

    `counts` counts the operations that ran, and `trace` traces them.

    Raises: ManifestError: the trusted documents cannot be used.
    """
    operations = create_operations(store, config, counts, trace)
    return endpoint(store, config, operations, page=graphiql(), sdl=print_sdl)


def create_operations(
    store: Store,
    config: GraphConfig,
    counts: OperationCounts | None = None,
    trace: Trace | None = None,
) -> Operations:
    """Create the `Operations` that prepare and run GraphQL operations on a store.

    The function also configures the store to apply scheduled change sets. The changes of a
    scheduled change set are stored as GraphQL inputs.

    Raises: ManifestError: the trusted documents cannot be used.
    """
    server = ServerFacts(
        config.version,
        config.started_at or store.clock(),
        schema_hash,
        limits=config.limits,
        introspection=config.introspection,
        max_document_bytes=config.max_admin_body_bytes,
    )

    store.scheduler.use(partial(changes_from_json, schema), auth=config.auth)
    if config.built_in_documents is None:
        config = structs.replace(config, built_in_documents=DOCUMENTS)
    context = partial(Context, store, server=server)
    used_schema = subgraph_schema() if config.federation else schema
    return Operations(used_schema, config, context, counts, trace)
