"""The mutation that imports state documents and exports of Unleash servers."""

import asyncio
from typing import Annotated, Any, cast

import strawberry
from msgspec import Struct
from strawberry import UNSET, argument
from strawberry.scalars import JSON

from graph.context import Info
from graph.engine.run.fields import plain
from graph.enums import ImportMode
from graph.events.change_report import Assess, ChangeReport, assess_by
from graph.events.change_set import ChangeSet
from graph.events.changes_payload import ChangesPayload
from graph.node import shows
from graph.payload import MAX_ERRORS, mutation_with_info, prepared_change, typed_as
from store import events
from store.errors import InvalidError, Path, refuse
from store.transfer.checking import SOURCE
from store.transfer.document import Document
from store.transfer.importing import import_state
from store.transfer.options import find_unsuitable_option
from store.transfer.reading import parse_content
from store.transfer.recognizing import document_of
from store.transfer.unleash.batch import BatchTarget, ServedContent, served_content_of
from store.transfer.unleash.context import TransferWarning
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.unit_of_work import UnitOfWork


@strawberry.input(one_of=True, description="The source of a state document.")
class StateSourceInput:
    document: JSON | None = strawberry.field(default=UNSET, description="The document as JSON.")
    content: str | None = strawberry.field(
        default=UNSET, description="The document as JSON or YAML text."
    )


@strawberry.input(description="A state document, and the options of its import.")
class StateImportInput:
    source: StateSourceInput = strawberry.field(
        description=(
            "The document: Flagstaff's own document, a state export of Unleash 3.x to 5.x, or a "
            "batch export of Unleash 6.x to 8.x. The keys of the document show its kind."
        )
    )
    segments: StateSourceInput | None = strawberry.field(
        description=(
            "What a batch export omits: the constraints of segments and the order of strategies. "
            "The source is the body that SDKs of the same environment get, a list of segments, or "
            "Flagstaff's own document. If omitted, existing segments of the same name are used. "
            "Other documents do not accept it."
        )
    )
    mode: ImportMode = strawberry.field(
        default=ImportMode.MERGE, description="How to treat existing objects."
    )
    project: str | None = strawberry.field(
        description=(
            "The project of all imported toggles. If omitted, each toggle gets the project that "
            "the document names. State exports do not accept it."
        )
    )
    environment: str | None = strawberry.field(
        description=(
            "The environment of configurations for which the document names no environment. If "
            "omitted, this is the environment named `default`. A batch export is imported into "
            "this environment instead of the one that it names. State exports do not accept it."
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


@strawberry.type(description="An item of an Unleash export that is not imported as it is.")
@shows(TransferWarning)
class StateImportWarning:
    message: str = plain("The reason in one sentence.")
    path: list[str] = plain("The path of the item, as in errors.")
    left_out: bool = plain("Whether the item is left out.")


@strawberry.type(description="The outcome of importing a state document.")
class StateImportPayload(ChangesPayload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The change set of the import; null on errors, on a dry run, and if nothing changed.",
    )
    warnings: list[StateImportWarning] = strawberry.field(
        default_factory=list[StateImportWarning],
        description=(
            f"The first {MAX_ERRORS:,} warnings about a document of an Unleash server. Other "
            "documents have no warnings."
        ),
    )
    warning_count: int = strawberry.field(default=0, description="The number of all warnings.")


@mutation_with_info
async def state_import(
    info: Info,
    input: Annotated[
        StateImportInput, argument(description="The document, and the options of the import.")
    ],
) -> StateImportPayload:
    """Import a state document as one change set.

    The document may also be an export of an Unleash server.
    """
    source = await asyncio.to_thread(_read, input, info.context.server.max_document_bytes)

    async def prepare(work: UnitOfWork) -> tuple[UnleashResult, Assess]:
        result = await _import(work, source, input)
        return result, await assess_by(work, result.made)

    result, assess = await prepared_change(info, prepare, dry_run=input.dry_run)
    made, warnings = result.made, result.warnings
    return StateImportPayload(
        change_set=None if input.dry_run else made.change_set,
        reports=[ChangeReport(change, assess) for change in made.changes],
        warnings=cast("list[StateImportWarning]", warnings[:MAX_ERRORS]),
        warning_count=len(warnings) + result.more_warnings,
    )


class _Source(Struct, frozen=True):
    """A document, and the path of the input field that contains the document."""

    path: Path
    document: Document | UnleashDocument


async def _import(work: UnitOfWork, source: _Source, input: StateImportInput) -> UnleashResult:
    if isinstance(source.document, UnleashDocument):
        return await import_unleash(
            work,
            source.document,
            drop=input.mode is ImportMode.REPLACE_ALL,
            keep=input.mode is ImportMode.KEEP_EXISTING,
            comment=input.comment,
            path=source.path,
            expected_revision=input.expected_revision,
        )
    made = await import_state(
        work,
        source.document,
        mode=input.mode,
        project=input.project,
        environment=input.environment,
        comment=input.comment,
        path=source.path,
        expected_revision=input.expected_revision,
    )
    return UnleashResult(made, ())


def _read(input: StateImportInput, max_bytes: int) -> _Source:
    """Return the document of an input. The texts in the input may have up to `max_bytes`.

    Raises: Refusal: a text is no document, or an option does not fit the document.
    """
    path, value = _value_of(input.source, SOURCE, max_bytes)
    served = ServedContent()
    if input.segments is not None:
        segments_path, segments = _value_of(input.segments, ("segments",), max_bytes)
        served = served_content_of(segments, path=segments_path)
    target = BatchTarget(input.environment, input.project, served)
    document = document_of(value, target=target, path=path)
    unsuitable = find_unsuitable_option(
        document,
        replaces=input.mode is ImportMode.REPLACE_ALL,
        environment=input.environment,
        project=input.project,
        has_segments=input.segments is not None,
    )
    if unsuitable is not None:
        subject, field = _SUBJECTS[unsuitable.name]
        refuse(
            InvalidError(f"{subject} {unsuitable.message}", rule="document-option", path=(field,))
        )
    return _Source(path, document)


def _value_of(source: StateSourceInput, path: Path, max_bytes: int) -> tuple[Path, Any]:
    """Return the path of the input field with a document, and the document as a JSON value.

    Raises: Refusal.
    """
    if isinstance(source.content, str):
        path = (*path, "content")
        return path, parse_content(source.content, path=path, max_bytes=max_bytes)
    return (*path, "document"), source.document


# For each option, the subject of the error and the field of the input.
_SUBJECTS = {
    "drop": ("The mode REPLACE_ALL", "mode"),
    "environment": ("The environment", "environment"),
    "project": ("The project", "project"),
    "segments": ("The field", "segments"),
}
