"""Requests, GraphQL operations and SQL are traced if OpenTelemetry's variables say so."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from flagstaff.settings_loading import SettingsError
from flagstaff.tracing.variables import exporter_in
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, ForkedServer
from tests.waiting import wait_until

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CREATE = 'mutation Add { toggleCreate(input: { name: "secret-name" }) { toggle { name } } }'


class Collector(ThreadingHTTPServer):
    """A receiver of OTLP over HTTP on loopback."""

    def __init__(self) -> None:
        self.received: list[ExportTraceServiceRequest] = []
        super().__init__(("127.0.0.1", 0), _Receive)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spans(self) -> list[Any]:
        return [
            span
            for request in list(self.received)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class _Receive(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/traces"
        assert isinstance(self.server, Collector)
        self.server.received.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def attributes_of(span: Any) -> Mapping[str, Any]:
    return {item.key: item.value.string_value or item.value.int_value for item in span.attributes}


@pytest.mark.thorough
def test_a_mutation_is_one_trace_with_its_statements(collector: Collector, tmp_path: Path) -> None:
    variables = {ENDPOINT: collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100", **TOKENS}
    with ForkedServer(tmp_path, **variables) as server, httpx.Client(timeout=15) as client:
        answer = client.post(
            f"{server.url}/graphql",
            headers={"Authorization": ADMIN_TOKEN, "traceparent": PARENT, "x-request-id": "mine"},
            json={"query": CREATE},
        )
        assert answer.json()["data"]["toggleCreate"]["toggle"], answer.text
        spans = wait_until(lambda: in_trace(collector, "POST /graphql"))

    by_name = {span.name: span for span in spans}
    request, operation = by_name["POST /graphql"], by_name["mutation"]
    statements = [span for span in spans if "db.query.text" in attributes_of(span)]
    assert request.parent_span_id.hex() == PARENT.split("-")[2]
    assert operation.parent_span_id == request.span_id
    assert statements
    assert {span.parent_span_id for span in statements} <= {operation.span_id, request.span_id}
    assert attributes_of(request) == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/graphql",
        "flagstaff.request_id": "mine",
    }
    assert attributes_of(operation)["graphql.operation.name"] == "Add"
    assert attributes_of(operation)["flagstaff.outcome"] == "ok"
    assert {attributes_of(span)["db.system.name"] for span in statements} == {"sqlite"}
    assert "secret-name" not in str(collector.received)
    (resource,) = {str(request.resource_spans[0].resource) for request in collector.received}
    assert 'string_value: "flagstaff"' in resource


def in_trace(collector: Collector, name: str) -> Sequence[Any]:
    """Return the spans of the trace of the test, when a span with this name has ended."""
    spans = [span for span in collector.spans() if span.trace_id.hex() in PARENT]
    return spans if name in {span.name for span in spans} else []


@pytest.mark.thorough
def test_every_poll_is_traced_with_its_route_and_status(
    collector: Collector, tmp_path: Path
) -> None:
    variables = {ENDPOINT: collector.url, "OTEL_SERVICE_NAME": "toggles", **TOKENS}
    with ForkedServer(tmp_path, **variables) as server, httpx.Client(timeout=15) as client:
        for _ in range(3):
            client.get(f"{server.url}/api/client/features", headers={"Authorization": CLIENT_TOKEN})
        client.get(f"{server.url}/nowhere/secret-path")

    # The server sends its last spans when it ends.
    found = [
        (span.name, attributes_of(span)["http.response.status_code"])
        for span in collector.spans()
        if "http.request.method" in attributes_of(span)
    ]
    assert found == [*[("GET /api/client/features", 200)] * 3, ("GET", 404)]
    assert "secret-path" not in str(collector.received)
    assert 'string_value: "toggles"' in str(collector.received[0].resource_spans[0].resource)


@pytest.mark.thorough
def test_a_missing_collector_does_not_delay_the_server(tmp_path: Path) -> None:
    variables = {ENDPOINT: "http://127.0.0.1:9", **TOKENS}
    with ForkedServer(tmp_path, **variables) as server:
        assert server.request("GET", "/ready").json()["ready"]
        assert server.stop() == 0


@pytest.mark.parametrize(
    ("variables", "exporter"),
    [
        ({}, None),
        ({ENDPOINT: ""}, None),
        ({ENDPOINT: "http://c:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://c:4318"}, None),
        ({"OTEL_SDK_DISABLED": "True", ENDPOINT: "http://c:4318"}, None),
        ({ENDPOINT: "http://c:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, "otlp"),
    ],
)
def test_the_variables_of_opentelemetry_choose_the_exporter(
    variables: Mapping[str, str], exporter: str | None
) -> None:
    assert exporter_in(variables) == exporter


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER: 'zipkin' is not supported"),
        (
            {ENDPOINT: "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' is not supported: use http/protobuf",
        ),
    ],
)
def test_values_that_are_not_supported_are_named(variables: Mapping[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        exporter_in(variables)


@pytest.mark.thorough
def test_nothing_of_opentelemetry_is_imported_without_the_variables() -> None:
    program = "import flagstaff.server, sys; print(*sys.modules)"

    modules = subprocess.check_output([sys.executable, "-c", program], text=True).split()

    assert "flagstaff.tracing.opening" in modules
    assert not [name for name in modules if name.startswith("opentelemetry")]
