"""From text to a document: JSON or YAML, if nobody says which told apart by how the text
begins."""

import asyncio
from contextlib import suppress
from typing import Any

import orjson

from store.errors import InvalidError, Path, refuse
from store.json_checks import parse_json
from store.transfer.checking import SOURCE, draft_of
from store.transfer.document import Document
from store.transfer.writing import StateFormat
from store.transfer.yaml_values import YamlError, value_of_yaml

MAX_BYTES = 10_000_000


async def read_draft(text: str | bytes, *, path: Path = SOURCE) -> Document:
    """The document in a text, or what is left of it where something is of a wrong type; read in a
    thread, so that others need not wait for a long one.

    Raises: Refusal: with errors whose places begin with `path`.
    """
    return await asyncio.to_thread(lambda: draft_of(value_of_text(text, path=path), path=path))


def value_of_text(
    text: str | bytes,
    *,
    format: StateFormat | None = None,
    path: Path = SOURCE,
    max_bytes: int = MAX_BYTES,
) -> Any:
    """The JSON value in a text, whatever it means.

    Without a format, what begins with a brace or a bracket is JSON and everything else YAML.

    Raises: Refusal.
    """
    text = _readable(text, path, max_bytes)
    braced = text.lstrip()[:1] in ("{", "[")
    if format is None:
        format = StateFormat.JSON if braced else StateFormat.YAML
    if braced and format is StateFormat.YAML:
        # YAML may be JSON, whose pairs of surrogates (`"\ud83d\ude00"`) its parser refuses.
        with suppress(orjson.JSONDecodeError):
            return parse_json(text)
    try:
        return parse_json(text) if format is StateFormat.JSON else value_of_yaml(text)
    except orjson.JSONDecodeError as error:
        refuse(
            InvalidError(
                f"The text is no JSON: {error}.",
                rule="document-syntax",
                path=path,
            )
        )
    except YamlError as error:
        refuse(InvalidError(str(error), rule="document-syntax", path=path))


def _readable(text: str | bytes, path: Path, max_bytes: int) -> str:
    """The text, as long as it is one.

    Raises: Refusal.
    """
    try:
        size = len(text) if isinstance(text, bytes) or len(text) > max_bytes else len(text.encode())
        if size > max_bytes:
            refuse(
                InvalidError(
                    f"The document is longer than {max_bytes:,} bytes.",
                    rule="document-size",
                    path=path,
                )
            )
        text = text.decode() if isinstance(text, bytes) else text
    except UnicodeError:
        refuse(InvalidError("The document is not UTF-8.", rule="document-encoding", path=path))
    if "\0" in text or text.startswith("\ufeff"):
        what = "a byte order mark" if text.startswith("\ufeff") else "the character NUL"
        refuse(
            InvalidError(
                f"The document holds {what}, which text does not.",
                rule="document-encoding",
                path=path,
            )
        )
    return text
