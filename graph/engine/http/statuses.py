"""Which HTTP status an answer of GraphQL has."""

from collections.abc import Collection

from graph.engine.codes import ErrorCode

# Of errors for which nothing was run, those first that decide. What is wrong with the request
# itself, such as its variables, does so before what is wrong with the document.
_STATUSES = (
    (ErrorCode.INTERNAL_SERVER_ERROR, 500),
    (ErrorCode.UNAVAILABLE, 503),
    (ErrorCode.RATE_LIMITED, 429),
    (ErrorCode.FORBIDDEN, 403),
    (ErrorCode.BAD_USER_INPUT, 400),
    (ErrorCode.GRAPHQL_PARSE_FAILED, 400),
    (ErrorCode.GRAPHQL_VALIDATION_FAILED, 422),
    (ErrorCode.COST_LIMIT, 422),
)


def status_of_refusal(codes: Collection[str], *, telling: bool) -> int:
    """The status of an answer without `data`: a document or its variables that cannot run."""
    status = next((status for code, status in _STATUSES if code in codes), 400)
    return 200 if status in (400, 422) and not telling else status
