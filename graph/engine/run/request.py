"""One GraphQL request, independent of its transport."""

from typing import Any

from msgspec import Struct

from graph.engine.codes import ErrorCode


class RequestError(Exception):
    """The request is malformed or refused. The message is a sentence for the client."""

    def __init__(
        self, message: str, code: ErrorCode = ErrorCode.BAD_USER_INPUT, *, status: int = 400
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


class GraphQLRequest(Struct, frozen=True):
    """One operation to run. The request contains the document or refers to a stored document.

    `digest` is the SHA-256 of a persisted document. `document_id` is the ID of a trusted document.
    """

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    digest: str | None = None
    document_id: str | None = None
