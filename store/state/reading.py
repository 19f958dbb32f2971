"""From text to a document: JSON or YAML, told apart by how the text begins."""

import asyncio
from typing import Any

import orjson

from store.errors import InvalidError, Path, refuse
from store.state.checking import SOURCE, document_of
from store.state.document import Document
from store.state.yaml_values import YamlError, value_of_yaml

MAX_BYTES = 10_000_000


async def read_document(text: str | bytes, *, path: Path = SOURCE) -> Document:
    """The document in a text, read in a thread, so that others need not wait for a long one.

    Raises: Refusal: with all errors, whose places begin with `path`.
    """
    return await asyncio.to_thread(document_of_text, text, path=path)


def document_of_text(text: str | bytes, *, path: Path = SOURCE) -> Document:
    """The document in a text.

    Raises: Refusal: with all errors, whose places begin with `path`.
    """
    return document_of(value_of_text(text, path=path), path=path)


def value_of_text(text: str | bytes, *, path: Path = SOURCE) -> Any:
    """The JSON value in a text, whatever it means.

    What begins with a brace or a bracket is JSON, everything else YAML.

    Raises: Refusal.
    """
    text = _readable(text, path)
    try:
        if text.lstrip()[:1] in ("{", "["):
            return orjson.loads(text)
        return value_of_yaml(text)
    except orjson.JSONDecodeError as error:
        refuse(
            InvalidError(
                f"The text begins like JSON and is none: {error}.",
                rule="document-syntax",
                path=path,
            )
        )
    except YamlError as error:
        refuse(InvalidError(str(error), rule="document-syntax", path=path))


def _readable(text: str | bytes, path: Path) -> str:
    """The text, as long as it is one.

    Raises: Refusal.
    """
    try:
        size = len(text) if isinstance(text, bytes) or len(text) > MAX_BYTES else len(text.encode())
        if size > MAX_BYTES:
            refuse(
                InvalidError(
                    f"The document is longer than {MAX_BYTES:,} bytes.",
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
