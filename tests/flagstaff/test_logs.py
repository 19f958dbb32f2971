"""Each log record is one line. The line names the request and contains no secrets."""

import json
import logging

import pytest

from flagstaff.logs import JsonFormatter, TextFormatter, configure_logging, redact, request_id

HEX = "0123456789abcdef" * 4


def record(
    message: str, *arguments: object, error: BaseException | None = None
) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("shop", logging.WARNING, __file__, 1, message, arguments, exc_info)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"token *:*.{HEX}", "token *:*.***"),
        ("*:development.unleash-insecure-client, x", "*:development.***, x"),
        (f"'[]:production.{HEX}'", "'[]:production.***'"),
        (f"shop:pre.prod.{HEX} failed", "shop:pre.prod.*** failed"),
        (f"hash {HEX.upper()}", "hash ***"),
        ("Authorization: abc", "Authorization: ***"),
        ("Authorization: Bearer abc", "Authorization: Bearer ***"),
        ("[(b'authorization', b'Basic YTpi')]", "[(b'authorization', b'Basic ***')]"),
        ('{"Authorization": "abc"}', '{"Authorization": "***"}'),
        (f"sent Bearer {'a1' * 10}", "sent Bearer ***"),
        ("DELETE /api/admin/api-tokens/shop:dev.own 200", "DELETE /api/admin/api-tokens/*** 200"),
        ("postgresql+asyncpg://u:hush@db:5432/x", "postgresql+asyncpg://u:***@db:5432/x"),
        ("GET /shop:dev.own-secret-of-ours 404", "GET /shop:dev.*** 404"),
        ("GET /x/shop%253Adev.own-secret-of-ours/y", "GET /x/shop:dev.***/y"),
        (f"GET /x/%2A%3A%2A.{HEX} 404", "GET /x/*:*.*** 404"),
        ("GET /x/%252A%253Adefault%252Ehush-hush 404", "GET /x/*:default.*** 404"),
        ("GET /x/%25252A%25253A%2541.%2568ush 404", "GET /x/*:A.*** 404"),
        (f"GET /x/{'%25' * 3}252A:*.hush 404", "GET /x/%%*:*.*** 404"),
    ],
)
def test_secrets_are_hidden(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:4242/graphql",
        "http://localhost:4242.sixteen-and-more-characters",
        "2026-10-01T12:30:45.123456",
        "store.operations.toggles:create_toggle",
        "GET /api/client/features 200 0.4 ms",
        "authorization was refused",
        "5a1c7be4-6a4f-4c5c-9d0e-0f3f6f8f9a51",
        "GET /api/admin/features/100%25 404 at 5 %, %s and %2",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_a_record_is_one_line_whatever_is_in_it(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        line = formatter.format(record("a\r\nb\x1b[31m\u2028\ud800%s", "c\nd", error=error))

    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert "second" in line


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_tracebacks_are_redacted(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(f"*:*.{HEX}")
    except ValueError as error:
        line = formatter.format(record("failed", error=error))

    assert HEX not in line
    assert "ValueError" in line


def test_text_lines_have_time_level_request_and_logger() -> None:
    token = request_id.set("r-1")
    line = TextFormatter().format(record("%s is %s", "it", "so"))
    request_id.reset(token)

    time, rest = line.split(" ", 1)
    assert time.endswith("Z")
    assert rest == "WARNING [r-1] shop: it is so"


def test_json_lines_are_objects() -> None:
    document = json.loads(JsonFormatter().format(record("%s is %s", "it", "so")))

    time = document.pop("time")
    assert time.endswith("Z")
    assert document == {
        "level": "warning",
        "logger": "shop",
        "request_id": "-",
        "message": "it is so",
    }


def test_all_loggers_write_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    try:
        configure_logging("info", "text")
        logging.getLogger("anything").info("token %s", f"*:*.{HEX}")
        logging.getLogger("anything").debug("too much")
        logging.getLogger("uvicorn.error").info("started")
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        logging.captureWarnings(False)

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["INFO    [-] anything: token *:*.***"]
