"""From the bytes of an HTTP request to a GraphQL request, or the reason why it is none."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from msgspec import Struct

MAX_QUERY_CHARACTERS = 100_000
MAX_NESTING = 64
MAX_PARAMETERS = 20

_BEYOND = 2**63


class RequestError(Exception):
    """The request cannot be read; the message is a sentence for its sender."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class GraphQLRequest(Struct, frozen=True):
    """One operation to run."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


def from_body(body: bytes) -> GraphQLRequest:
    """The request in a JSON body.

    Raises: RequestError.
    """
    content = _json(body, "The body")
    if isinstance(content, list):
        raise RequestError("Batches of operations are not supported; send one operation.")
    if not isinstance(content, dict):
        raise RequestError("The body must be a JSON object.")
    return _request(cast("dict[str, Any]", content))


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """The request in the query string of an address.

    Raises: RequestError.
    """
    parameters: dict[str, Any] = query_parameters(query_string)
    _check_values([parameters])
    for name in ("variables", "extensions"):
        if name in parameters:
            text: str = parameters[name]
            parameters[name] = _json(text.encode(), f"The parameter '{name}'") if text else None
    return _request(parameters)


def query_parameters(query_string: bytes) -> dict[str, str]:
    """The parameters in an address; the last one of a name counts.

    Raises: RequestError.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise RequestError("The parameters of the address cannot be read.") from None
    return dict(pairs)


def _request(content: dict[str, Any]) -> GraphQLRequest:
    query = content.get("query")
    if query is None or query == "":
        raise RequestError("The request has no 'query'.")
    if not isinstance(query, str):
        raise RequestError("The field 'query' must be a text.")
    if len(query) > MAX_QUERY_CHARACTERS:
        raise RequestError(
            f"The query has {len(query):,} characters; "
            f"at most {MAX_QUERY_CHARACTERS:,} are allowed."
        )
    variables = content.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise RequestError("The field 'variables' must be an object.")
    operation_name = content.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise RequestError("The field 'operationName' must be a text.")
    extensions = content.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise RequestError("The field 'extensions' must be an object.")
    return GraphQLRequest(query, cast("dict[str, Any] | None", variables), operation_name or None)


def _json(text: bytes, what: str) -> Any:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"{what} is not JSON: {error}.") from None
    _check_values([content])
    return content


def _check_values(values: Sequence[Any]) -> None:
    """Refuse what JSON can say and the database cannot hold, level by level.

    Raises: RequestError.
    """
    level: list[Any] = list(values)
    for _ in range(MAX_NESTING + 1):
        level = _level_below(level)
        if not level:
            return
    raise RequestError(f"The request is nested more than {MAX_NESTING} deep.")


def _level_below(level: list[Any]) -> list[Any]:
    # Bodies hold up to millions of values, hence exact types, of which a parser makes these only.
    below: list[Any] = []
    for value in level:
        kind = value.__class__
        if kind is str:
            if "\0" in value:
                raise RequestError("The request holds the character NUL, which cannot be stored.")
        elif kind is dict:
            below.extend(value)
            below.extend(value.values())
        elif kind is list:
            below.extend(value)
        elif (kind is int or kind is float) and not -_BEYOND <= value < _BEYOND:
            # The parser turns whole numbers that are too long into floats.
            raise RequestError(f"The number {value} does not fit into 64 bits.")
    return below
