"""Read documents from JSON or YAML."""

from contextlib import suppress
from typing import Any

import orjson

from store.errors import InvalidError, Path, refuse
from store.json_checks import parse_json
from store.transfer.checking import SOURCE
from store.transfer.writing import StateFormat
from store.transfer.yaml_values import YamlError, parse_yaml

MAX_BYTES = 10_000_000


def parse_content(
    content: str | bytes,
    *,
    format: StateFormat | None = None,
    path: Path = SOURCE,
    max_bytes: int = MAX_BYTES,
) -> Any:
    """Parse JSON or YAML to a JSON value.

    Without a format, the first character determines the format. Content that begins with a brace or
    a bracket is JSON. Other content is YAML.

    Raises: Refusal.
    """
    content = _decode(content, path, max_bytes)
    braced = content.lstrip()[:1] in ("{", "[")
    if format is None:
        format = StateFormat.JSON if braced else StateFormat.YAML
    if braced and format is StateFormat.YAML:
        # Do not read JSON as YAML: the YAML parser refuses escaped surrogate pairs
        # (`"\ud83d\ude00"`).
        with suppress(orjson.JSONDecodeError):
            return parse_json(content)
    try:
        return parse_json(content) if format is StateFormat.JSON else parse_yaml(content)
    except orjson.JSONDecodeError as error:
        refuse(
            InvalidError(
                f"The text is not JSON: {error}.",
                rule="document-syntax",
                path=path,
            )
        )
    except YamlError as error:
        refuse(InvalidError(str(error), rule="document-syntax", path=path))


def _decode(raw: str | bytes, path: Path, max_bytes: int) -> str:
    """Decode the content; check the size and the characters.

    Raises: Refusal.
    """
    try:
        size = len(raw) if isinstance(raw, bytes) or len(raw) > max_bytes else len(raw.encode())
        if size > max_bytes:
            refuse(
                InvalidError(
                    f"The document is longer than {max_bytes:,} bytes.",
                    rule="document-size",
                    path=path,
                )
            )
        content = raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeError:
        refuse(InvalidError("The document is not UTF-8.", rule="document-encoding", path=path))
    if "\0" in content or content.startswith("\ufeff"):
        what = "a byte order mark" if content.startswith("\ufeff") else "the character NUL"
        refuse(
            InvalidError(
                f"The document holds {what}, which is not allowed.",
                rule="document-encoding",
                path=path,
            )
        )
    return content
