"""The codes of errors outside of payloads, in `errors[].extensions.code`."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable names for errors of requests and fields. Refused changes have other codes."""

    UNAUTHENTICATED = "UNAUTHENTICATED"  # the token is missing or unknown
    FORBIDDEN = "FORBIDDEN"  # the token does not permit the request or the field
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"  # the document is not GraphQL
    GRAPHQL_VALIDATION_FAILED = (
        "GRAPHQL_VALIDATION_FAILED"  # the document is invalid for the schema
    )
    COST_LIMIT = "COST_LIMIT"  # the document exceeds a limit
    PERSISTED_QUERY_NOT_FOUND = (
        "PERSISTED_QUERY_NOT_FOUND"  # the client must send the document with its hash
    )
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"  # only trusted documents run
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"  # no trusted document has the ID
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"  # only trusted documents run
    BAD_USER_INPUT = "BAD_USER_INPUT"  # a variable, an argument or the request itself is malformed
    RATE_LIMITED = "RATE_LIMITED"  # too many operations or attempts; try again later
    TIMEOUT = "TIMEOUT"  # the operation or the request body took too long
    UNAVAILABLE = "UNAVAILABLE"  # the database or memory is unavailable; try again
    INTERNAL_SERVER_ERROR = (
        "INTERNAL_SERVER_ERROR"  # an unexpected exception, logged under an incident ID
    )
