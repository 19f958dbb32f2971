"""Start the streams that answer subscriptions over HTTP."""

from graphql import OperationType
from starlette.requests import Request

from graph.engine.codes import ErrorCode
from graph.engine.documents.preparing import Document
from graph.engine.errors import codes_of
from graph.engine.http.answers import RefusedError, method_not_allowed, status_of_refusal
from graph.engine.http.event_stream import FORMS, StreamedAnswer, StreamForm
from graph.engine.http.negotiation import accept_of, accepted_types
from graph.engine.http.sessions import RETRY_AFTER_S, Session, Sessions, TooManyConnectionsError
from graph.engine.run.config import GraphConfig
from graph.engine.run.request import GraphQLRequest
from graph.engine.run.streaming import RefusedOperationError, Streams
from store.identity import Principal


def stream_form_for(accept: str | None) -> StreamForm | None:
    """Return the stream form that the client prefers; None if the client accepts no streams."""
    accepted = accepted_types(accept or "")
    named = [form for form in FORMS if accepted.get(form.media_type, 0.0) > 0]
    return max(named, key=lambda form: accepted[form.media_type], default=None)


class StreamAnswers:
    """Starts streamed answers."""

    def __init__(self, streams: Streams, sessions: Sessions, config: GraphConfig) -> None:
        self._streams = streams
        self._max_age_s = config.max_stream_age_s
        self._sessions = sessions

    async def answer(
        self,
        request: Request,
        principal: Principal,
        graphql_request: GraphQLRequest,
        document: Document,
    ) -> StreamedAnswer:
        """Return the stream for a subscription, or for a client that accepts only streams.

        Raises: RefusedError.
        """
        form = stream_form_for(accept_of(request.headers))
        if form is None:
            raise RefusedError(
                406,
                ErrorCode.BAD_USER_INPUT,
                "Subscriptions are streamed: connect by WebSocket (graphql-transport-ws), "
                "or accept text/event-stream or multipart/mixed.",
            )
        operation = document.operation(graphql_request.operation_name)
        if (
            request.method == "GET"
            and operation is not None
            and operation.type is OperationType.MUTATION
        ):
            raise method_not_allowed("POST", "Mutations cannot be sent by GET; use POST.")
        session = self._session(request, principal)
        try:
            results = await self._streams.open(principal, graphql_request, document)
        except RefusedOperationError as refused:
            self._sessions.close(session)
            status = status_of_refusal(codes_of(refused.errors), uses_error_status=True)
            headers = {"Retry-After": "1"} if status == 429 else None
            error = RefusedError(
                status, ErrorCode.BAD_USER_INPUT, "The operation cannot run.", headers
            )
            error.errors = refused.errors
            raise error from None
        except BaseException:
            self._sessions.close(session)
            raise
        return StreamedAnswer(form, results, self._sessions, session, max_age_s=self._max_age_s)

    def _session(self, request: Request, principal: Principal) -> Session:
        client = request.client
        session = self._sessions.open(client.host if client else "", _nothing_yet)
        try:
            self._sessions.attach(session, principal)
        except TooManyConnectionsError as error:
            self._sessions.close(session)
            raise RefusedError(
                429, ErrorCode.RATE_LIMITED, error.message, {"Retry-After": str(RETRY_AFTER_S)}
            ) from None
        return session


def _nothing_yet() -> None:
    """Do nothing, because the answer has not started."""
