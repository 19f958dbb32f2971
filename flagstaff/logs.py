"""Format logs as text or JSON: one line per record, with the request ID and without secrets."""

import logging
import re
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import unquote

import orjson

request_id: ContextVar[str] = ContextVar("request_id", default="-")

HIDDEN = "***"

# These patterns match secrets in messages. The first pattern matches whole API tokens. The start of
# a token (`project:environment.`) is not secret and remains readable.
_NAME = r"[A-Za-z0-9_.~!'()-]"
_SECRETS = (
    (re.compile(rf"((?:\*|\[\]):(?:\*|{_NAME}{{1,100}}?)\.)[^\s\"',;]+"), rf"\1{HIDDEN}"),
    (
        re.compile(rf"((?<!{_NAME})(?<!//){_NAME}{{1,100}}:{_NAME}{{1,100}}?\.)[\w-]{{16,}}"),
        rf"\1{HIDDEN}",
    ),
    # Paths may contain a token to revoke (`DELETE /api/admin/api-tokens/…`).
    (re.compile(r"(/api-tokens/)[^\s\"'?]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])"), HIDDEN),
    (
        re.compile(
            r"(authorization[\"']?\s*[:=,]\s*(?:b?[\"'])?(?:(?:bearer|basic)\s+)?)[^\s\"',;)\]}]+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(Bearer|Basic) +[\w+/=.:*~-]{16,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
)
# Matches a percent sign that is encoded any number of times.
_ENCODED_PERCENT = re.compile(r"%(?:25)+")
_MAX_DECODINGS = 5
# Matches a string that consists of one token, even if the random part is short.
_TOKEN = re.compile(r"[^\s:]+:[^\s.]+\.\S+")
# These JSON escapes replace characters that could end a line or control a terminal.
_CONTROLS = {
    code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
} | {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}


def redact(string: str) -> str:
    """Replace tokens, hashes of tokens, credentials in headers and passwords in URLs.

    Percent-encoded secrets are also replaced. If the string contains such a secret, the result
    is decoded.
    """
    plain = _decode_percent(string)
    redacted = _replace_secrets(plain)
    return redacted if redacted != plain else _replace_secrets(string)


def may_hold_secret(string: str) -> bool:
    """Whether a string without white space looks like a token or contains a secret."""
    plain = _decode_percent(string)
    return _TOKEN.search(plain) is not None or _replace_secrets(plain) != plain


def _replace_secrets(string: str) -> str:
    for pattern, replacement in _SECRETS:
        string = pattern.sub(replacement, string)
    return string


def _decode_percent(string: str) -> str:
    """Undo percent-encoding, even if it was applied several times."""
    for _ in range(_MAX_DECODINGS):
        if "%" not in string:
            return string
        decoded = unquote(_ENCODED_PERCENT.sub("%", string))
        if decoded == string:
            return string
        string = decoded
    return HIDDEN  # only an attacker would encode a string more than `_MAX_DECODINGS` times


class TextFormatter(logging.Formatter):
    """Formats records as text: time, level, request ID, logger and message."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record as one line, with line ends escaped as \\n."""
        time = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
        line = (
            f"{time[:-3]}Z {record.levelname:<7} [{request_id.get()}] "
            f"{record.name}: {_message(self, record)}"
        )
        return line.translate(_CONTROLS)


class JsonFormatter(logging.Formatter):
    """Formats records as JSON objects.

    Records may have further keys in `extra={"fields": {...}}`. Keys without a value are omitted.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format the record as one line with a JSON object."""
        document: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": request_id.get(),
            "message": _escape_surrogates(redact(record.getMessage())),
        }
        fields: Mapping[str, object] = vars(record).get("fields", {})
        document |= {
            name: _escape_surrogates(redact(value)) if isinstance(value, str) else value
            for name, value in fields.items()
            if value is not None
        }
        error = _traceback(self, record)
        if error:
            document["error"] = _escape_surrogates(redact(error))
        return orjson.dumps(document, option=orjson.OPT_UTC_Z).decode().translate(_CONTROLS)


def _escape_surrogates(string: str) -> str:
    """Escape unpaired surrogates, which UTF-8 cannot encode."""
    return string.encode("utf-8", "backslashreplace").decode()


def _message(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    error = _traceback(formatter, record)
    return redact(record.getMessage() + (f"\n{error}" if error else ""))


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts: list[str] = []
    if record.exc_info:
        parts.append(formatter.formatException(record.exc_info))
    if record.stack_info:
        parts.append(formatter.formatStack(record.stack_info))
    return "\n".join(parts)


def configure_logging(level: str, format: Literal["text", "json"]) -> None:
    """Write the records of all loggers at `level` or above to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    # Messages of these libraries at level info are not useful to operators.
    for name in (
        "alembic",
        "uvicorn",
        "uvicorn.error",
        "sqlalchemy",
        "aiosqlite",
        "asyncio",
        "httpx",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
