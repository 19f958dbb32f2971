"""Write documents as text, and derive media types and file names."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

import msgspec
import orjson
from msgspec import Struct

from store.transfer.document import Document
from store.transfer.yaml_formatting import format_yaml


class StateFormat(StrEnum):
    """The text format of a document; the value is also the suffix of the file name."""

    JSON = "json"
    YAML = "yaml"


class WrittenDocument(Struct, frozen=True, dict=True):
    """An exported document, and the revision of the exported configuration, if it is known."""

    state: Document
    format: StateFormat
    written_at: datetime
    revision: int = 0

    @property
    def version(self) -> int:
        """The version of the document's format."""
        return self.state.version

    @property
    def media_type(self) -> str:
        """The media type of the text."""
        return f"application/{self.format.value}"

    @property
    def file_name(self) -> str:
        """A file name that contains the day and the format."""
        return f"flagstaff-export-{self.written_at.astimezone(UTC):%Y-%m-%d}.{self.format.value}"

    @property
    def toggle_count(self) -> int:
        """The number of toggles in the document."""
        return len(self.state.toggles)

    @property
    def strategy_count(self) -> int:
        """The number of strategy definitions in the document."""
        return len(self.state.strategies)

    @cached_property
    def compact(self) -> bytes:
        """The document as compact JSON.

        Use this property and `content` in a thread, because writing a large document is slow.
        """
        return msgspec.json.encode(self.state)

    @cached_property
    def content(self) -> str:
        """The document as text."""
        document = msgspec.json.decode(self.compact)
        return format_yaml(document) if self.format is StateFormat.YAML else _json_of(document)


def _json_of(document: dict[str, Any]) -> str:
    """Return compact JSON with one line for each object, so that line-based diffs are readable."""
    return (
        "{\n" + ",\n".join(f'  "{key}": {_part(part)}' for key, part in document.items()) + "\n}\n"
    )


def _part(value: Any) -> str:
    if not isinstance(value, list):
        return _line(value)
    lines = map(_line, cast("list[Any]", value))
    return "[\n    " + ",\n    ".join(lines) + "\n  ]"


def _line(value: Any) -> str:
    return orjson.dumps(value).decode()
