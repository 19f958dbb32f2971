"""Import and export documents with the configuration, and print the results."""

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import typer
from msgspec import UNSET, Struct

from flagstaff.commands.differences import Difference, Fate, find_differences
from flagstaff.commands.document_files import (
    ImportOptions,
    OptionError,
    convert_value,
    read_value,
    source_with_renames,
)
from flagstaff.commands.documents import DocumentKind
from flagstaff.commands.local_store import OPERATOR, command_settings, missing_database, with_store
from flagstaff.garbage import rare_collections
from store import Snapshot, Store
from store.errors import DomainError, Refusal, format_path
from store.model import Actor
from store.operations.messages import format_count
from store.operations.strings import display
from store.transfer.context import ImportMode
from store.transfer.document import Document
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.name_suggestions import NameSuggestion, suggest_names
from store.transfer.renaming import rename_toggles
from store.transfer.unleash.context import TransferWarning
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.exporting import export_unleash
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.transfer.writing import StateFormat, WrittenDocument
from store.transfer.yaml_formatting import format_yaml
from store.unit_of_work import UnitOfWork
from store.usage.summary import UsageSummary

FAILED = 1
# At most this many warnings are printed.
MAX_WARNINGS = 50

_COLOURS = {Fate.CREATED: "green", Fate.CHANGED: "yellow", Fate.REMOVED: "red"}


class Outcome(Struct, frozen=True):
    """The differences and warnings of an import, and the number of omitted warnings.

    `locked_s` is the time for which other writers had to wait for the import, in seconds.
    """

    differences: Sequence[Difference]
    warnings: Sequence[TransferWarning]
    more_warnings: int
    locked_s: float = 0.0


@rare_collections()
def run_import(file: Path, options: ImportOptions) -> None:
    """Import the document in a file. Print warnings, the differences of a dry run, and a summary.

    Raises: typer.Exit for a document that cannot be imported, SettingsError, OSError.
    """
    value: Any = None
    try:
        source = source_with_renames(value := read_value(file), options.renames)
        document = convert_value(source.value, options)
        outcome = with_store(lambda store: import_document(store, document, options))
    except Refusal as refusal:
        fail_with(refusal, rename_toggles(value, options.renames))
    except OptionError as error:
        _fail(f"--{error.option} {error}")
    print_outcome(outcome, options, source.warnings)


def fail_with(refusal: Refusal, value: Any = None) -> NoReturn:
    """Print the errors of a refused document, and suggest names in place of refused names.

    `value` is the document as a JSON value.

    Raises: typer.Exit.
    """
    suggestions = map(_format_suggestion, suggest_names(value, refusal.errors))
    _fail(*(format_problem(error) for error in refusal.errors), *suggestions)


def _format_suggestion(suggestion: NameSuggestion) -> str:
    old = display(suggestion.old)
    if suggestion.is_of_toggle:
        return f"To import it under another name: --rename '{old}={suggestion.new}'"
    return (
        f"Before the import, rename the {suggestion.kind} '{old}' in the Unleash server or in the "
        f"document, for example to '{suggestion.new}'."
    )


def print_outcome(
    outcome: Outcome, options: ImportOptions, more_warnings: Sequence[TransferWarning] = ()
) -> None:
    """Print the warnings and the summary of an import, and the differences of a dry run."""
    warnings = (*more_warnings, *outcome.warnings)
    for warning in warnings[:MAX_WARNINGS]:
        prefix = "Left out" if warning.left_out else "Warning"
        typer.echo(f"{prefix}: {format_problem(warning)}", err=True)
    more = len(warnings[MAX_WARNINGS:]) + outcome.more_warnings
    if more:
        typer.echo(f"Not shown: {format_count(more, 'more warning')}.", err=True)
    if options.dry_run:
        for difference in outcome.differences:
            _print_difference(difference)
    typer.echo(_summary(outcome.differences, dry_run=options.dry_run))


@rare_collections()
def run_export(
    output: Path | None, format: StateFormat | None, document: DocumentKind, *, archived: bool
) -> None:
    """Write the configuration as a document to a file, or to standard output if no file is given.

    Raises: typer.Exit if there is no database, SettingsError, OSError.
    """
    missing = missing_database(command_settings())
    if missing:
        _fail(missing)
    chosen = format or _format_of(output)

    async def write(store: Store) -> str:
        if document is DocumentKind.V3:
            return _format_unleash(store.snapshot, store.usage, chosen)
        now = store.clock()
        own = export_document(store.snapshot, exported_at=now, archived=archived)
        return WrittenDocument(own, chosen, now).content

    content = with_store(write)
    if output is None:
        typer.echo(content, nl=False)
    else:
        output.write_text(content, "utf-8")


async def import_document(
    store: Store,
    document: Document | UnleashDocument,
    options: ImportOptions,
    *,
    actor: Actor = OPERATOR,
) -> Outcome:
    """Import a document in one transaction. On a dry run, roll back the transaction.

    Raises: Refusal.
    """

    async def prepare(work: UnitOfWork) -> tuple[UnitOfWork, UnleashResult]:
        with _progress(_count_of(document)) as on_toggle:
            return work, await _import_document(work, document, options, on_toggle)

    work, imported = await store.write_prepared(actor, prepare, dry_run=options.dry_run)
    events = [change.event for change in imported.made.changes if change.event is not None]
    # Only a dry run prints warnings.
    differences = list(find_differences(work, events, with_warnings=options.dry_run))
    return Outcome(differences, imported.warnings, imported.more_warnings, work.locked_s)


async def _import_document(
    work: UnitOfWork,
    document: Document | UnleashDocument,
    options: ImportOptions,
    on_toggle: Callable[[], None],
) -> UnleashResult:
    if isinstance(document, UnleashDocument):
        return await import_unleash(
            work, document, drop=options.drop, keep=options.keep, on_toggle=on_toggle
        )
    mode = ImportMode.KEEP_EXISTING if options.keep else ImportMode.MERGE
    if options.drop:
        mode = ImportMode.REPLACE_ALL
    made = await import_state(
        work,
        document,
        mode=mode,
        project=options.project,
        environment=options.environment,
        path=(),
        on_toggle=on_toggle,
    )
    return UnleashResult(made, ())


@contextmanager
def _progress(length: int) -> Generator[Callable[[], None]]:
    """Show a progress bar on a terminal. Yield a function that reports a completed toggle."""
    if not _is_terminal():
        yield lambda: None
        return
    with typer.progressbar(length=length, label="Toggles", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _count_of(document: Document | UnleashDocument) -> int:
    if isinstance(document, Document):
        return len(document.toggles)
    features = document.state.features
    return 0 if features is UNSET else len(features)


def _format_unleash(snapshot: Snapshot, usage: UsageSummary, format: StateFormat) -> str:
    state = export_unleash(snapshot, last_seen_at=usage.last_seen_at)
    if format is StateFormat.YAML:
        return format_yaml(state)
    return msgspec.json.format(msgspec.json.encode(state), indent=2).decode() + "\n"


def _format_of(output: Path | None) -> StateFormat:
    is_yaml = output is not None and output.suffix.lower() in (".yml", ".yaml")
    return StateFormat.YAML if is_yaml else StateFormat.JSON


def format_problem(problem: DomainError | TransferWarning) -> str:
    """Return the path and the message of a problem."""
    return f"{format_path(problem.path)}: {problem.message}" if problem.path else problem.message


def _print_difference(difference: Difference) -> None:
    typer.secho(difference.line, fg=_COLOURS[difference.fate])
    for field in difference.fields:
        typer.echo(f"    {field}")
    for warning in difference.warnings:
        typer.echo(f"    ! {warning}")


def _summary(differences: Sequence[Difference], *, dry_run: bool) -> str:
    fates = [difference.fate for difference in differences]
    counts = [f"{fates.count(fate):,} {fate.name.lower()}" for fate in Fate if fate in fates]
    summary = ", ".join(counts) or "nothing to change"
    return (
        f"Nothing was stored. An import would make these changes: {summary}."
        if dry_run
        else f"Imported: {summary}."
    )


def _fail(*problems: str) -> NoReturn:
    for problem in problems:
        typer.echo(problem, err=True)
    raise typer.Exit(FAILED)
