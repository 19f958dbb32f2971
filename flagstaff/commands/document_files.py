"""Read documents for `flagstaff import` from files, and give toggles other names."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from msgspec import Struct

from store.operations.strings import display
from store.transfer.document import Document
from store.transfer.options import find_unsuitable_option
from store.transfer.reading import parse_content
from store.transfer.recognizing import document_of
from store.transfer.renaming import check_renames, rename_toggles
from store.transfer.unleash.batch import BatchTarget, ServedContent, served_content_of
from store.transfer.unleash.context import TransferWarning
from store.transfer.unleash.document import UnleashDocument

STANDARD_INPUT = Path("-")
# A file may have at most this many bytes. This limit is high, because operators are trusted.
MAX_BYTES = 1_000_000_000


class ImportOptions(Struct, frozen=True, kw_only=True):
    """The options of `flagstaff import`.

    `environment` and `project` are targets. `segments` is a file with the constraints of segments.
    `renames` maps names of toggles in the document to their new names.
    """

    drop: bool
    keep: bool
    dry_run: bool
    environment: str | None
    project: str | None
    segments: Path | None
    renames: Mapping[str, str] = {}


class OptionError(Exception):
    """An option does not fit the kind of document. The message follows the name of the option."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message)
        self.option = option


class Source(Struct, frozen=True):
    """A document as a JSON value, and warnings about the new names of its toggles."""

    value: Any
    warnings: Sequence[TransferWarning]


def read_renames(pairs: Iterable[str]) -> Mapping[str, str]:
    """Return the new name for each old name in strings such as `OLD=NEW`.

    Raises: typer.BadParameter.
    """
    renames: dict[str, str] = {}
    for pair in pairs:
        # New names have no equals sign.
        old, equals, new = pair.rpartition("=")
        if not (equals and old and new):
            raise typer.BadParameter(f"--rename needs OLD=NEW, not '{display(pair)}'.")
        if old in renames:
            raise typer.BadParameter(f"--rename names '{display(old)}' twice.")
        renames[old] = new
    return renames


def read_value(file: Path) -> Any:
    """Return the JSON value in a file.

    Raises: Refusal, OSError.
    """
    content = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
    return parse_content(content, path=(), max_bytes=MAX_BYTES)


def source_with_renames(value: Any, renames: Mapping[str, str]) -> Source:
    """Return a document in which toggles have their new names.

    Raises: Refusal.
    """
    warnings = check_renames(value, renames)
    return Source(rename_toggles(value, renames), warnings)


def convert_value(value: Any, options: ImportOptions) -> Document | UnleashDocument:
    """Convert a JSON value to a document. The keys of the value determine the kind.

    Toggles in the value already have their new names.

    Raises: Refusal, OSError, OptionError.
    """
    served = ServedContent()
    if options.segments is not None:
        listed = parse_content(options.segments.read_bytes(), path=(), max_bytes=MAX_BYTES)
        listed = rename_toggles(listed, options.renames)
        served = served_content_of(listed, path=("--segments",))
    target = BatchTarget(options.environment, options.project, served)
    document = document_of(value, target=target)
    unsuitable = find_unsuitable_option(
        document,
        replaces=options.drop,
        environment=options.environment,
        project=options.project,
        has_segments=options.segments is not None,
    )
    if unsuitable is not None:
        raise OptionError(unsuitable.name, unsuitable.message)
    return document
