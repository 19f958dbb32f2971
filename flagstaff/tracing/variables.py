"""Read the standard variables of OpenTelemetry that decide whether and where traces are sent."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from flagstaff.settings_loading import SettingsError

EXPORTER = "OTEL_TRACES_EXPORTER"
_DISABLED = "OTEL_SDK_DISABLED"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
# The first variable that is set decides.
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL = "http/protobuf"

Exporter: TypeAlias = Literal["otlp", "console"]


def exporter_in(environ: Mapping[str, str]) -> Exporter | None:
    """Return the exporter that the variables choose; None if traces are off.

    Traces are on if an exporter or an OTLP endpoint is named. An empty variable counts as unset.

    Raises: SettingsError: the exporter or the protocol is not supported.
    """
    if environ.get(_DISABLED, "").strip().lower() == "true":
        return None
    name = environ.get(EXPORTER, "").strip()
    if not name and any(environ.get(endpoint) for endpoint in _ENDPOINTS):
        name = "otlp"
    if name in ("", "none"):
        return None
    if name == "console":
        return "console"
    if name != "otlp":
        raise SettingsError(f"{EXPORTER}: '{name}' is not supported: use otlp, console or none.")
    for variable in _PROTOCOLS:
        protocol = environ.get(variable, "").strip()
        if protocol and protocol != _PROTOCOL:
            raise SettingsError(f"{variable}: '{protocol}' is not supported: use {_PROTOCOL}.")
        if protocol:
            break
    return "otlp"
