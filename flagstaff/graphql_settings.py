"""The settings of the GraphQL edge."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings

from flagstaff.setting_field import setting
from graph.engine.documents.limits import Limits
from graph.engine.run.config import GraphConfig

_LIMITS = Limits()
_DEFAULTS = GraphConfig()


class GraphQLSettings(BaseSettings):
    """What the GraphQL edge can be told: its limits, its documents, and who may see the schema."""

    graphql_timeout_s: float = setting(
        5.0,
        "How long a GraphQL operation may take, in seconds.",
        "FLAGSTAFF_GRAPHQL_TIMEOUT_S",
        gt=0,
    )
    graphql_max_parallel: int = setting(
        _DEFAULTS.max_parallel_operations,
        "The most GraphQL queries and mutations that run at a time with one token; one more is "
        "refused (429). REST and live subscriptions do not count.",
        "FLAGSTAFF_GRAPHQL_MAX_PARALLEL",
        ge=1,
    )
    graphql_max_answer_bytes: int = setting(
        _DEFAULTS.max_answer_bytes,
        "The largest answer to a GraphQL query and the largest result of a subscription, in bytes, "
        "counted while it is made. With `stateExport` it may have `FLAGSTAFF_MAX_ADMIN_BODY_BYTES` "
        "if that is more.",
        "FLAGSTAFF_GRAPHQL_MAX_ANSWER_BYTES",
        ge=1_000,
    )
    graphql_partial_status: Literal["200", "294"] = setting(
        "200",
        "The status of `application/graphql-response+json` with data and errors: `294` as the "
        "draft would have it, where everything on the way knows that.",
        "FLAGSTAFF_GRAPHQL_PARTIAL_STATUS",
    )
    graphql_max_characters: int = setting(
        _LIMITS.characters,
        "The longest text of a GraphQL document, in characters.",
        "FLAGSTAFF_GRAPHQL_MAX_CHARACTERS",
        ge=1_000,
    )
    graphql_max_tokens: int = setting(
        _LIMITS.tokens,
        "The most tokens (names, values, signs) in a GraphQL document.",
        "FLAGSTAFF_GRAPHQL_MAX_TOKENS",
        ge=100,
    )
    graphql_max_depth: int = setting(
        _LIMITS.depth,
        "How deeply the selections of a GraphQL operation may nest, counted from 1.",
        "FLAGSTAFF_GRAPHQL_MAX_DEPTH",
        ge=1,
    )
    graphql_max_introspection_depth: int = setting(
        _LIMITS.introspection_depth,
        "How deeply they may nest where they ask for the schema; common tools need 15.",
        "FLAGSTAFF_GRAPHQL_MAX_INTROSPECTION_DEPTH",
        ge=1,
    )
    graphql_max_aliases: int = setting(
        _LIMITS.aliases,
        "The most aliases in a GraphQL operation, those of fragments counted at each use.",
        "FLAGSTAFF_GRAPHQL_MAX_ALIASES",
        ge=0,
    )
    graphql_max_root_fields: int = setting(
        _LIMITS.root_fields,
        "The most fields at the top of a GraphQL operation.",
        "FLAGSTAFF_GRAPHQL_MAX_ROOT_FIELDS",
        ge=1,
    )
    graphql_max_directives: int = setting(
        _LIMITS.directives,
        "The most directives on one field, fragment or operation.",
        "FLAGSTAFF_GRAPHQL_MAX_DIRECTIVES",
        ge=0,
    )
    graphql_max_cost: int = setting(
        _LIMITS.cost,
        "The highest cost of a GraphQL operation: the objects on its pages, page sizes multiplied "
        "along each path.",
        "FLAGSTAFF_GRAPHQL_MAX_COST",
        ge=1,
    )
    graphql_max_push_cost: int = setting(
        _DEFAULTS.max_push_cost_per_second,
        "The highest cost of what is pushed to the subscriptions of one token in a second; more "
        "waits. A result that several subscribers share is paid for once.",
        "FLAGSTAFF_GRAPHQL_MAX_PUSH_COST",
        ge=1,
    )
    max_sockets_per_address: int = setting(
        _DEFAULTS.max_sockets_per_address,
        "The most WebSockets of one address that have not sent `connection_init` yet, for which "
        "they have 2 seconds. One more waits, and takes the place of one that has been silent for "
        "half a second.",
        "FLAGSTAFF_MAX_SOCKETS_PER_ADDRESS",
        ge=1,
    )
    max_sockets_per_token: int = setting(
        _DEFAULTS.max_sockets_per_token,
        "The most WebSockets and streamed answers of GraphQL that may be open with one token; one "
        "more is refused. 1,000 subscribers of one token need `1000` here.",
        "FLAGSTAFF_MAX_SOCKETS_PER_TOKEN",
        ge=1,
    )
    max_subscriptions_per_socket: int = setting(
        _DEFAULTS.max_subscriptions_per_socket,
        "The most operations that run on one WebSocket at a time.",
        "FLAGSTAFF_MAX_SUBSCRIPTIONS_PER_SOCKET",
        ge=1,
    )
    graphql_max_values: int = setting(
        _LIMITS.values,
        "The most values for arguments in a GraphQL request; one written out in the document "
        "counts as two in variables, a JSON document as one, a field left out as half, "
        "a regular expression as 50 more.",
        "FLAGSTAFF_GRAPHQL_MAX_VALUES",
        ge=100,
    )
    introspection: Literal["on", "off"] = setting(
        "on",
        "`off` leaves introspection and `/schema.graphql` to holders of admin tokens, and errors "
        "no longer suggest names.",
        "FLAGSTAFF_INTROSPECTION",
    )
    federation: Literal["on", "off"] = setting(
        "off",
        "`on` makes the server a subgraph of an Apollo federation: routers read `_service` and "
        "look toggles and other entities up by `_entities`.",
        "FLAGSTAFF_FEDERATION",
    )
    trusted_documents: Path | None = setting(
        None,
        "A JSON file of documents that requests may name by `documentId`, as graphql-codegen's "
        "client preset writes it with `persistedDocuments`.",
        "FLAGSTAFF_TRUSTED_DOCUMENTS",
    )
    trusted_documents_only: bool = setting(
        False,
        "Whether nothing but the trusted documents runs.",
        "FLAGSTAFF_TRUSTED_DOCUMENTS_ONLY",
    )

    @property
    def graphql_limits(self) -> Limits:
        """The limits on documents and operations."""
        return Limits(
            characters=self.graphql_max_characters,
            tokens=self.graphql_max_tokens,
            depth=self.graphql_max_depth,
            introspection_depth=self.graphql_max_introspection_depth,
            aliases=self.graphql_max_aliases,
            root_fields=self.graphql_max_root_fields,
            directives=self.graphql_max_directives,
            cost=self.graphql_max_cost,
            values=self.graphql_max_values,
        )
