"""Start and end the traces of a process."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING

from flagstaff import __version__
from flagstaff.tracing.variables import Exporter, exporter_in

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

    from flagstaff.tracing.spans import Tracing

# The last spans are lost if the collector does not accept them within this time, because the server
# must end in time.
_LAST_EXPORT_S = 1.0
_SERVICE = "flagstaff"

_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_tracing() -> AsyncGenerator["Tracing | None"]:
    """Trace until the context ends, as the variables of OpenTelemetry say; None if traces are off.

    Raises: SettingsError: a variable has a value that is not supported.
    """
    exporter = exporter_in(os.environ)
    if exporter is None:
        yield None
        return
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        from flagstaff.tracing.spans import Tracing

        target = _create(exporter)
    except ModuleNotFoundError as error:
        _log.warning(
            "The variables of OpenTelemetry ask for traces, which need the extra (pip install "
            "'flagstaff[otel]'): %s",
            error,
        )
        yield None
        return
    resource = Resource.create({SERVICE_VERSION: __version__})
    if not os.environ.get("OTEL_SERVICE_NAME") and SERVICE_NAME not in os.environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    ):
        resource = resource.merge(Resource({SERVICE_NAME: _SERVICE}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(target))
    tracing = Tracing(provider.get_tracer(_SERVICE, __version__))
    try:
        with tracing.statements():
            yield tracing
    finally:
        # The provider may wait for the collector for longer than the server may.
        ending = Thread(target=provider.shutdown, daemon=True, name="end-traces")
        ending.start()
        await asyncio.to_thread(ending.join, _LAST_EXPORT_S)


def _create(exporter: Exporter) -> "SpanExporter":
    if exporter == "console":
        import sys

        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        # Standard output shows the first tokens only.
        return ConsoleSpanExporter(out=sys.stderr)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
