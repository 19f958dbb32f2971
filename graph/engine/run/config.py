"""The settings of the GraphQL API."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from graph.engine.documents.limits import Limits
from store.spreading import DEFAULT_MAX_STREAM_AGE_S


class GraphConfig(Struct, frozen=True, kw_only=True):
    """The settings of the GraphQL API; `auth` is `token` or `none`.

    Without `introspection`, only admins can read the schema, by introspection or as a file. With
    `trusted_only`, only trusted documents run. `built_in_documents` is the manifest of a page that
    the server ships. The documents in this manifest are also trusted. With `federation`, the server
    is a subgraph of an Apollo federation.
    """

    auth: str = "token"
    version: str = ""
    started_at: datetime | None = None
    introspection: bool = True
    federation: bool = False
    limits: Limits = Limits()
    trusted_documents: Path | None = None
    trusted_only: bool = False
    built_in_documents: Path | None = None
    max_body_bytes: int = 1_000_000
    max_admin_body_bytes: int = 10_000_000
    body_deadline_s: float = 30.0
    operation_timeout_s: float = 5.0
    max_parallel_operations: int = 20
    max_answer_bytes: int = 20_000_000
    max_push_cost_per_second: int = 5_000
    partial_status: int = 200
    # This limit applies only to sockets that have not sent `connection_init`.
    max_sockets_per_address: int = 50
    max_sockets_per_token: int = 100
    max_subscriptions_per_socket: int = 20
    max_stream_age_s: float = DEFAULT_MAX_STREAM_AGE_S
    # Pages of these origins may open sockets, in addition to the server's own pages. `*` means all
    # origins.
    origins: tuple[str, ...] = ()
