"""The mutation that imports state documents."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET, argument
from strawberry.scalars import JSON

from graph.context import Info
from graph.enums import ImportMode
from graph.events.change import change_reports_field
from graph.events.change_report import Assess, ChangeReport, assess_by
from graph.events.change_set import ChangeSet
from graph.payload import Payload, mutation_with_info, prepared_change, typed_as
from store import events
from store.errors import Path
from store.operations.change_sets import AppliedChanges
from store.transfer.checking import SOURCE, draft_of
from store.transfer.document import Document
from store.transfer.importing import import_state
from store.transfer.reading import read_draft
from store.unit_of_work import UnitOfWork


@strawberry.input(one_of=True, description="The source of a state document.")
class StateSourceInput:
    document: JSON | None = strawberry.field(default=UNSET, description="The document as JSON.")
    content: str | None = strawberry.field(
        default=UNSET, description="The document as JSON or YAML text."
    )


@strawberry.input(description="A state document, and the options of its import.")
class StateImportInput:
    source: StateSourceInput = strawberry.field(description="The document.")
    mode: ImportMode = strawberry.field(
        default=ImportMode.MERGE, description="How to treat existing objects."
    )
    project: str | None = strawberry.field(
        description=(
            "The project of all imported toggles. If omitted, each toggle gets the project that "
            "the document names."
        )
    )
    environment: str | None = strawberry.field(
        description=(
            "The environment of configurations for which the document names no environment. If "
            "omitted, this is the environment named `default`."
        )
    )
    comment: str = strawberry.field(default="", description="The reason for the import.")
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the configuration that the caller has read. If anything has changed "
            "since, the import is refused."
        )
    )
    dry_run: bool = strawberry.field(
        default=False, description="Whether to report the effects without making any change."
    )


@strawberry.type(description="The outcome of importing a state document.")
class StateImportPayload(Payload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The change set of the import; null on errors, on a dry run, and if nothing changed.",
    )
    changes: Sequence[ChangeReport] = change_reports_field("The effect of each change.")


@mutation_with_info
async def state_import(
    info: Info,
    input: Annotated[
        StateImportInput, argument(description="The document, and the options of the import.")
    ],
) -> StateImportPayload:
    """Import a state document as one change set."""
    path, document = await _read(input.source, info.context.server.max_document_bytes)

    async def prepare(work: UnitOfWork) -> tuple[AppliedChanges, Assess]:
        made = await import_state(
            work,
            document,
            mode=input.mode,
            project=input.project,
            environment=input.environment,
            comment=input.comment,
            path=path,
            expected_revision=input.expected_revision,
        )
        return made, await assess_by(work, made)

    made, assess = await prepared_change(info, prepare, dry_run=input.dry_run)
    return StateImportPayload(
        change_set=None if input.dry_run else made.change_set,
        changes=[ChangeReport(change, assess) for change in made.changes],
    )


async def _read(source: StateSourceInput, max_bytes: int) -> tuple[Path, Document]:
    """Return the path of the input field with the document, and the document.

    The text of the document may have up to `max_bytes`.

    Raises: Refusal.
    """
    if isinstance(source.content, str):
        path = (*SOURCE, "content")
        return path, await read_draft(source.content, path=path, max_bytes=max_bytes)
    path = (*SOURCE, "document")
    return path, await asyncio.to_thread(draft_of, source.document, path=path)
