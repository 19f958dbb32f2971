"""The spans of requests, GraphQL operations and SQL statements.

Names and attributes follow OpenTelemetry's semantic conventions for HTTP, GraphQL and databases.
"""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from opentelemetry import propagate
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, get_current_span
from sqlalchemy import event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.logs import request_id
from flagstaff.middleware import header_values
from flagstaff.monitoring.traffic import OTHER, route_of
from rest_compat.app import ROUTE_KEY

_SPAN = "flagstaff_span"


class Tracing:
    """Creates the spans of a process."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def requests(self, app: ASGIApp) -> ASGIApp:
        """Return an application that creates a span for each HTTP request.

        The span continues the trace in the request's headers. WebSockets have no span, because they
        may last for hours; each of their operations begins a trace.
        """

        async def traced(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            method = scope["method"]
            with self._tracer.start_as_current_span(
                method,
                context=propagate.extract(scope, getter=_HEADERS),
                kind=SpanKind.SERVER,
                attributes={"http.request.method": method},
                record_exception=False,
            ) as span:
                try:
                    await app(scope, receive, _observe(send, span))
                finally:
                    route = scope.get(ROUTE_KEY) or route_of(scope["path"])
                    # Paths may contain tokens, so spans have routes only.
                    span.set_attribute("flagstaff.request_id", request_id.get())
                    if route != OTHER:
                        span.update_name(f"{method} {route}")
                        span.set_attribute("http.route", route)

        return traced

    @contextmanager
    def operation(
        self, name: str | None, kind: str
    ) -> Generator[Callable[[str, int | None], None]]:
        """Create a span for a GraphQL operation of a kind such as `query`.

        The context's function records the outcome and the cost.
        """
        attributes = {"graphql.operation.type": kind}
        if name:
            attributes["graphql.operation.name"] = name
        with self._tracer.start_as_current_span(
            kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:

            def end(outcome: str, cost: int | None) -> None:
                span.set_attribute("flagstaff.outcome", outcome)
                if cost is not None:
                    span.set_attribute("flagstaff.cost", cost)
                if outcome != "ok":
                    span.set_status(Status(StatusCode.ERROR))

            yield end

    @contextmanager
    def statements(self) -> Generator[None]:
        """Create a span for each SQL statement inside another span, until the context ends.

        The statements of background work have no span, and neither have the statements that the
        store sends to the driver together. Spans contain the texts of statements without their
        parameters.
        """
        listeners = (
            ("before_cursor_execute", self._begin_statement),
            ("after_cursor_execute", _end_statement),
            ("handle_error", _end_failed_statement),
        )
        for name, function in listeners:
            event.listen(sa.Engine, name, function)
        try:
            yield
        finally:
            for name, function in listeners:
                event.remove(sa.Engine, name, function)

    def _begin_statement(
        self,
        connection: sa.Connection,
        _cursor: Any,
        statement: str,
        _parameters: Any,
        context: Any,
        _many: bool,
    ) -> None:
        if context is None or not get_current_span().is_recording():
            return
        verb = statement.split(maxsplit=1)[0].upper()
        span = self._tracer.start_span(
            verb,
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": connection.dialect.name,
                "db.operation.name": verb,
                "db.query.text": statement,
            },
        )
        setattr(context, _SPAN, span)


def _end_statement(
    _connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    span: Span | None = getattr(context, _SPAN, None)
    if span is not None:
        span.end()


def _end_failed_statement(context: sa.ExceptionContext) -> None:
    span: Span | None = getattr(context.execution_context, _SPAN, None)
    if span is not None:
        error = context.original_exception
        # Messages of drivers may contain values.
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(Status(StatusCode.ERROR))
        span.end()


def _observe(send: Send, span: Span) -> Send:
    def observed(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            status = message["status"]
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(Status(StatusCode.ERROR))
        return send(message)

    return observed


class _Headers(Getter[Scope]):
    """Reads the headers of a request."""

    def get(self, carrier: Scope, key: str) -> list[str] | None:
        values = header_values(carrier, key.lower().encode("latin-1"))
        return [value.decode("latin-1") for value in values] or None

    def keys(self, carrier: Scope) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier["headers"]]


_HEADERS = _Headers()
