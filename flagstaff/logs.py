"""Log lines: text or JSON, one per record, each with its request and none with a secret."""

import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import unquote

import orjson

request_id: ContextVar[str] = ContextVar("request_id", default="-")

HIDDEN = "***"

# What a secret can look like in a message. Whole API tokens come first; the scope they begin with
# (`project:environment.`) tells nobody anything and stays.
_NAME = r"[A-Za-z0-9_.~!'()-]"
_SECRETS = (
    (re.compile(rf"((?:\*|\[\]):(?:\*|{_NAME}{{1,100}}?)\.)[^\s\"',;]+"), rf"\1{HIDDEN}"),
    (
        re.compile(rf"((?<!{_NAME})(?<!//){_NAME}{{1,100}}:{_NAME}{{1,100}}?\.)[\w-]{{16,}}"),
        rf"\1{HIDDEN}",
    ),
    # A token may be named by its secret where it is revoked (`DELETE /api/admin/api-tokens/…`).
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
# A percent sign, however often it was encoded itself.
_ENCODED_PERCENT = re.compile(r"%(?:25)+")
_MAX_DECODINGS = 5
# What a whole text that is a token looks like, however short its random part.
_TOKEN = re.compile(r"[^\s:]+:[^\s.]+\.\S+")
# Everything that could end a line or steer a terminal, written so that JSON reads it back.
_CONTROLS = {
    code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
} | {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}


def redact(text: str) -> str:
    """The text without tokens, hashes of tokens, credentials of headers and passwords of URLs.

    Percent-encoded secrets are found, too; a text that holds one is returned decoded.
    """
    plain = _decoded(text)
    hidden = _redacted(plain)
    return hidden if hidden != plain else _redacted(text)


def may_hold_secret(text: str) -> bool:
    """Whether a text without white space looks like a token or holds something secret."""
    plain = _decoded(text)
    return _TOKEN.search(plain) is not None or _redacted(plain) != plain


def _redacted(text: str) -> str:
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def _decoded(text: str) -> str:
    """The text with its percent-encoding undone, however often it was applied."""
    for _ in range(_MAX_DECODINGS):
        if "%" not in text:
            return text
        decoded = unquote(_ENCODED_PERCENT.sub("%", text))
        if decoded == text:
            return text
        text = decoded
    return HIDDEN  # nobody but an attacker encodes so deeply


class TextFormatter(logging.Formatter):
    """Lines for people: time, level, request, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, a traceback's line ends written as \\n."""
        time_text = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
        text = (
            f"{time_text[:-3]}Z {record.levelname:<7} [{request_id.get()}] "
            f"{record.name}: {_message(self, record)}"
        )
        return text.translate(_CONTROLS)


class JsonFormatter(logging.Formatter):
    """Lines for machines: one JSON object each."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one JSON object."""
        document = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": request_id.get(),
            "message": _encodable(redact(record.getMessage())),
        }
        error = _traceback(self, record)
        if error:
            document["error"] = _encodable(redact(error))
        return orjson.dumps(document, option=orjson.OPT_UTC_Z).decode().translate(_CONTROLS)


def _encodable(text: str) -> str:
    """The text with halves of surrogate pairs, which UTF-8 does not know, written out."""
    return text.encode("utf-8", "backslashreplace").decode()


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
    """Send the records of all loggers to standard error, from `level` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    # Their news at level info (a process started, a migration context was made) is of no use here.
    for name in ("alembic", "uvicorn", "uvicorn.error", "sqlalchemy", "aiosqlite", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
