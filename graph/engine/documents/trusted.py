"""Read trusted documents from the manifest of a frontend's build, and prepare them at start."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec

from graph.engine.documents.persisted import digest_of
from graph.engine.documents.preparing import Document, Documents

_log = logging.getLogger(__name__)


class ManifestError(Exception):
    """The manifest is unusable. The message is a sentence with the reason."""


def read_trusted(manifest: Path, documents: Documents) -> dict[str, Document]:
    """Return the documents of a manifest. Each document has two keys.

    The keys are the ID of the document, and `sha256:` plus the SHA-256 of its source.

    The manifest is a JSON object that maps IDs to documents. The client preset of graphql-codegen
    writes this format with `persistedDocuments`.

    Raises: ManifestError: the manifest is malformed, or a document is invalid or exceeds a limit.
    """
    trusted: dict[str, Document] = {}
    for id, source in _documents_by_id(manifest).items():
        document = documents.read(source)
        if document.errors:
            problem = document.errors[0].message
            raise ManifestError(f"The document '{id[:100]}' in {manifest} cannot run: {problem}")
        trusted[id] = trusted[by_digest(digest_of(source))] = document
    return trusted


def read_built_in(manifest: Path) -> dict[str, str]:
    """Return the sources of the documents of a page that this server ships, by ID.

    The ID of a document is `sha256:` plus the SHA-256 of its source. If the page is not built, the
    result is empty. A defect of the manifest is logged and does not prevent the start.
    """
    if not manifest.is_file():
        return {}
    try:
        sources = _documents_by_id(manifest)
    except ManifestError as error:
        _log.error("The documents of a page of this server are not trusted: %s", error)
        return {}
    wrong = [id for id, source in sources.items() if id != by_digest(digest_of(source))]
    if wrong:
        _log.error(
            "%d of the documents in %s are not trusted, such as '%s': an ID must be sha256: and "
            "the SHA-256 of the text",
            len(wrong),
            manifest,
            wrong[0][:100],
        )
    return {id: source for id, source in sources.items() if id not in wrong}


def by_digest(digest: str) -> str:
    """Return the ID under which `read_trusted` lists the document with a digest."""
    return f"sha256:{digest}"


def _documents_by_id(manifest: Path) -> Mapping[str, str]:
    try:
        content: Any = msgspec.json.decode(manifest.read_bytes())
    except OSError as error:
        raise ManifestError(f"{manifest} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{manifest} is not JSON: {error}.") from None
    if not isinstance(content, dict):
        raise ManifestError(f"{manifest} must be a JSON object from ids to documents.")
    documents = cast("dict[str, Any]", content)
    wrong = next(
        (id for id, document in documents.items() if not id or not isinstance(document, str)), None
    )
    if wrong is not None:
        raise ManifestError(
            f"The entry '{wrong[:100]}' of {manifest} must be the text of a document."
        )
    return documents
