"""The HTTP status of a refused operation."""

from collections.abc import Collection

from graph.engine.codes import ErrorCode

# The most significant error decides the status when nothing ran. Errors of the request itself, such
# as those of its variables, outrank those of the document.
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
    """The status of an answer without `data`; 200 for refused documents unless `telling`."""
    status = next((status for code, status in _STATUSES if code in codes), 400)
    return 200 if status in (400, 422) and not telling else status
