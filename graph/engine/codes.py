"""The codes of errors outside of payloads, in `errors[].extensions.code`."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable names for errors that concern a request or a field rather than a change."""

    UNAUTHENTICATED = "UNAUTHENTICATED"  # no token came, or none that the server knows
    FORBIDDEN = "FORBIDDEN"  # the token is known, and does not allow this
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"  # the document is no GraphQL
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"  # the document does not fit the schema
    COST_LIMIT = "COST_LIMIT"  # the document asks for more than one request may
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"  # send the text beside its hash
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"  # only trusted documents run
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"  # no trusted document has the id
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"  # only trusted documents run, and it is none
    BAD_USER_INPUT = "BAD_USER_INPUT"  # a variable, an argument or the request itself is malformed
    RATE_LIMITED = "RATE_LIMITED"  # too much at a time, or too many tries; try again later
    TIMEOUT = "TIMEOUT"  # the operation, or the arrival of its body, took too long
    UNAVAILABLE = "UNAVAILABLE"  # the database is away, or memory is short; try again
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"  # a fault, logged under an incident id
