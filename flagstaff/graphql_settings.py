"""The settings of the GraphQL API."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings

from flagstaff.setting_field import setting
from graph.engine.documents.limits import Limits
from graph.engine.run.config import GraphConfig

_LIMITS = Limits()
_DEFAULTS = GraphConfig()


class GraphQLSettings(BaseSettings):
    """The settings of the GraphQL API: limits, trusted documents, and access to the schema."""

    graphql_timeout_s: float = setting(
        5.0,
        "The maximum duration of a GraphQL operation, in seconds.",
        "FLAGSTAFF_GRAPHQL_TIMEOUT_S",
        gt=0,
    )
    graphql_max_parallel: int = setting(
        _DEFAULTS.max_parallel_operations,
        "The maximum number of GraphQL queries and mutations that run at the same time with "
        "one token. Further operations are refused (429). REST requests and running "
        "subscriptions do not count.",
        "FLAGSTAFF_GRAPHQL_MAX_PARALLEL",
        ge=1,
    )
    graphql_max_answer_bytes: int = setting(
        _DEFAULTS.max_answer_bytes,
        "The maximum size of a GraphQL response, or of one result of a subscription, in "
        "bytes. For responses with `stateExport`, the maximum is "
        "`FLAGSTAFF_MAX_ADMIN_BODY_BYTES` if that is greater.",
        "FLAGSTAFF_GRAPHQL_MAX_ANSWER_BYTES",
        ge=1_000,
    )
    graphql_partial_status: Literal["200", "294"] = setting(
        "200",
        "The status of answers in `application/graphql-response+json` that contain both data "
        "and errors. `294` follows the draft of the specification. Choose it only if all "
        "clients and proxies accept it.",
        "FLAGSTAFF_GRAPHQL_PARTIAL_STATUS",
    )
    graphql_max_characters: int = setting(
        _LIMITS.characters,
        "The maximum length of a GraphQL document, in characters.",
        "FLAGSTAFF_GRAPHQL_MAX_CHARACTERS",
        ge=1_000,
    )
    graphql_max_tokens: int = setting(
        _LIMITS.tokens,
        "The maximum number of tokens (names, values, punctuators) in a GraphQL document.",
        "FLAGSTAFF_GRAPHQL_MAX_TOKENS",
        ge=100,
    )
    graphql_max_depth: int = setting(
        _LIMITS.depth,
        "The maximum depth of the selections of a GraphQL operation. Root fields have the depth 1.",
        "FLAGSTAFF_GRAPHQL_MAX_DEPTH",
        ge=1,
    )
    graphql_max_introspection_depth: int = setting(
        _LIMITS.introspection_depth,
        "The maximum depth of introspection queries. Common tools need 15.",
        "FLAGSTAFF_GRAPHQL_MAX_INTROSPECTION_DEPTH",
        ge=1,
    )
    graphql_max_aliases: int = setting(
        _LIMITS.aliases,
        "The maximum number of aliases in a GraphQL operation. Aliases in a fragment count "
        "each time that the fragment is used.",
        "FLAGSTAFF_GRAPHQL_MAX_ALIASES",
        ge=0,
    )
    graphql_max_root_fields: int = setting(
        _LIMITS.root_fields,
        "The maximum number of root fields of a GraphQL operation.",
        "FLAGSTAFF_GRAPHQL_MAX_ROOT_FIELDS",
        ge=1,
    )
    graphql_max_directives: int = setting(
        _LIMITS.directives,
        "The maximum number of directives on one field, fragment or operation.",
        "FLAGSTAFF_GRAPHQL_MAX_DIRECTIVES",
        ge=0,
    )
    graphql_max_cost: int = setting(
        _LIMITS.cost,
        "The maximum [cost](graphql.md#cost) of a GraphQL operation, which is the number of "
        "objects that it can return.",
        "FLAGSTAFF_GRAPHQL_MAX_COST",
        ge=1,
    )
    graphql_max_push_cost: int = setting(
        _DEFAULTS.max_push_cost_per_second,
        "The maximum [cost](graphql.md#cost) of the results that the subscriptions of one "
        "token get per second. Further results wait. If several subscribers share a result, "
        "it counts once.",
        "FLAGSTAFF_GRAPHQL_MAX_PUSH_COST",
        ge=1,
    )
    max_sockets_per_address: int = setting(
        _DEFAULTS.max_sockets_per_address,
        "The maximum number of WebSockets per address that have not sent `connection_init` "
        "yet. They must send it within 2 seconds. A further WebSocket waits until it can "
        "replace one that has been silent for half a second.",
        "FLAGSTAFF_MAX_SOCKETS_PER_ADDRESS",
        ge=1,
    )
    max_sockets_per_token: int = setting(
        _DEFAULTS.max_sockets_per_token,
        "The maximum number of WebSockets and streamed GraphQL responses per token. Further "
        "connections are refused. If 1,000 subscribers use one token, set `1000`.",
        "FLAGSTAFF_MAX_SOCKETS_PER_TOKEN",
        ge=1,
    )
    max_subscriptions_per_socket: int = setting(
        _DEFAULTS.max_subscriptions_per_socket,
        "The maximum number of operations that run on one WebSocket at the same time.",
        "FLAGSTAFF_MAX_SUBSCRIPTIONS_PER_SOCKET",
        ge=1,
    )
    graphql_max_values: int = setting(
        _LIMITS.values,
        "The maximum number of argument values in a GraphQL request. A value in the variables"
        " counts once, a value in the document counts twice, and an omitted field counts "
        "half. A JSON value counts once, regardless of its size. A regular expression counts "
        "as 50 more values.",
        "FLAGSTAFF_GRAPHQL_MAX_VALUES",
        ge=100,
    )
    introspection: Literal["on", "off"] = setting(
        "on",
        "With `off`, only admin tokens can use introspection and `/schema.graphql`, and error"
        " messages no longer suggest names.",
        "FLAGSTAFF_INTROSPECTION",
    )
    federation: Literal["on", "off"] = setting(
        "off",
        "With `on`, the server is a subgraph of an Apollo federation. Routers read the schema"
        " from `_service`, and look up toggles and other entities with `_entities`.",
        "FLAGSTAFF_FEDERATION",
    )
    trusted_documents: Path | None = setting(
        None,
        "The path of a JSON file with trusted documents, which requests can name by "
        "`documentId`. The client preset of graphql-codegen writes this file with "
        "`persistedDocuments: true`.",
        "FLAGSTAFF_TRUSTED_DOCUMENTS",
    )
    trusted_documents_only: bool = setting(
        False,
        "Whether the server runs only trusted documents.",
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
