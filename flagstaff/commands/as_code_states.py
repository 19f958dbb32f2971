"""Read and change the configuration of a file, a server or the configured database."""

import os
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from flagstaff.commands.document_files import MAX_BYTES
from flagstaff.commands.local_store import (
    OPERATOR,
    command_settings,
    missing_database,
    with_store,
)
from flagstaff.openapi.code_samples.request import TOKEN_VARIABLE
from store import Store
from store.errors import InvalidError, refuse
from store.operations.change_sets import AppliedChanges
from store.transfer.checking import draft_of
from store.transfer.context import ImportMode
from store.transfer.document import FORMAT, Document
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.reading import parse_content
from store.unit_of_work import UnitOfWork

TIMEOUT_S = 120.0
DATABASE = "database"
_PROJECT = "project"

_EXPORT = "{ stateExport(archived: true) { document revision } }"
_IMPORT = """
mutation Apply($input: StateImportInput!) {
  stateImport(input: $input) { errors { message path } changeSet { id } }
}
"""


class AsCodeError(Exception):
    """A source cannot be read, or a target refuses the change. The message has all reasons."""


class State(Struct, frozen=True):
    """A configuration. `project` is the only project that a file describes.

    `revision` is the revision of a server or database, and None for a file.
    """

    document: Document
    revision: int | None = None
    project: str | None = None


class _Answer(Struct, frozen=True):
    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] = []


class Target(Protocol):
    """A configuration that can be read and changed."""

    def read(self) -> State:
        """Return the current configuration."""
        ...

    def change(
        self, document: Document, mode: ImportMode, *, comment: str, expected_revision: int
    ) -> str | None:
        """Import a document. Return the ID of the change set; None if nothing changed.

        Raises: Refusal, AsCodeError: also if the configuration has another revision.
        """
        ...


def read_store(store: Store) -> State:
    """Return the configuration in an open store."""
    document = export_document(store.snapshot, archived=True)
    return State(document, store.snapshot.revision)


async def change_store(
    store: Store, document: Document, mode: ImportMode, *, comment: str, expected_revision: int
) -> str | None:
    """Import a document into an open store, like `Target.change`.

    Raises: Refusal: also if the configuration has another revision.
    """

    async def prepare(work: UnitOfWork) -> AppliedChanges:
        return await import_state(
            work,
            document,
            mode=mode,
            comment=comment,
            path=(),
            expected_revision=expected_revision,
        )

    made = await store.write_prepared(OPERATOR, prepare)
    return made.change_set.id if made.change_set is not None else None


class DatabaseTarget:
    """The configured database."""

    def read(self) -> State:
        """Return the configuration in the database."""

        async def read(store: Store) -> State:
            return read_store(store)

        return with_store(read)

    def change(
        self, document: Document, mode: ImportMode, *, comment: str, expected_revision: int
    ) -> str | None:
        """Import a document into the database."""

        async def change(store: Store) -> str | None:
            return await change_store(
                store, document, mode, comment=comment, expected_revision=expected_revision
            )

        return with_store(change)


class ServerTarget:
    """A running server, which is asked over GraphQL."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AsCodeError(f"'{url}' is not the URL of a server such as http://localhost:4242.")
        self._url = url
        self._parts = parts
        self._token = token

    def read(self) -> State:
        """Return the configuration of the server."""
        exported = self._run(_EXPORT, {})["stateExport"]
        return State(draft_of(exported["document"], path=()), exported["revision"])

    def change(
        self, document: Document, mode: ImportMode, *, comment: str, expected_revision: int
    ) -> str | None:
        """Import a document into the server."""
        source = {"document": msgspec.json.decode(msgspec.json.encode(document))}
        given = {
            "source": source,
            "mode": mode.name,
            "comment": comment,
            "expectedRevision": expected_revision,
        }
        payload = self._run(_IMPORT, {"input": given})["stateImport"]
        if payload["errors"]:
            self._fail(payload["errors"])
        return payload["changeSet"]["id"] if payload["changeSet"] else None

    def _run(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=TIMEOUT_S)
        body = msgspec.json.encode({"query": document, "variables": variables})
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/graphql-response+json",
            **({"Authorization": self._token} if self._token else {}),
        }
        try:
            path = f"{self._parts.path.rstrip('/')}/graphql"
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            status, content = response.status, response.read()
        except (OSError, HTTPException) as error:
            raise AsCodeError(f"{self._url} does not answer: {error}.") from None
        finally:
            connection.close()
        try:
            answer = msgspec.json.decode(content, type=_Answer)
        except msgspec.DecodeError:
            answer = _Answer()
        if answer.errors:
            self._fail(answer.errors)
        if answer.data is None:
            raise AsCodeError(f"{self._url} is not a Flagstaff server: it answers {status}.")
        return answer.data

    def _fail(self, errors: list[dict[str, Any]]) -> NoReturn:
        reasons = "\n".join(str(error.get("message")) for error in errors)
        raise AsCodeError(f"{self._url} refuses: {reasons}")


def target_of(server: str | None, token_file: Path | None) -> Target:
    """Return the server, or the configured database if no server is named."""
    if server is None:
        return DatabaseTarget()
    token = os.environ.get(TOKEN_VARIABLE, "")
    if token_file is not None:
        token = token_file.read_text("utf-8").strip()
    return ServerTarget(server, token)


def read_state(source: str, token_file: Path | None) -> State:
    """Read the source of a comparison: a file, the URL of a server, or the word `database`.

    Raises: AsCodeError, Refusal, OSError.
    """
    if source == DATABASE:
        # Opening a missing file would create it.
        if missing := missing_database(command_settings()):
            raise AsCodeError(missing)
        return DatabaseTarget().read()
    if source.startswith(("http://", "https://")):
        return target_of(source, token_file).read()
    return read_file(Path(source))


def read_file(file: Path) -> State:
    """Read Flagstaff's own document, which may describe only one `project`.

    Raises: Refusal, OSError.
    """
    value = parse_content(file.read_bytes(), path=(), max_bytes=MAX_BYTES)
    project: object = None
    if isinstance(value, dict):
        content = cast("dict[str, Any]", value)
        project = content.pop(_PROJECT, None)
        if project is not None and not isinstance(project, str):
            refuse(
                InvalidError("The project must be a name.", rule="project-name", path=(_PROJECT,))
            )
        if "format" not in content:
            refuse(
                InvalidError(
                    f"The file must be Flagstaff's own document, with the format '{FORMAT}', as "
                    "`flagstaff export` writes it.",
                    rule="document-kind",
                    path=(),
                )
            )
    document = draft_of(value, path=())
    return State(document, project=project)
