"""The commands `flagstaff import` and `flagstaff export`: the configuration as a document."""

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import msgspec
import typer
from msgspec import UNSET, Struct

from flagstaff.commands.differences import Difference, Fate, differences
from flagstaff.commands.local_store import OPERATOR, command_settings, missing_database, with_store
from store import Snapshot, Store
from store.errors import DomainError, Refusal, format_path
from store.metrics.usage import UsageSummary
from store.transfer.checking import draft_of
from store.transfer.context import ImportMode
from store.transfer.document import FORMAT, Document
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.reading import value_of_text
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.context import TransferWarning
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.exporting import export_unleash
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.transfer.writing import StateFormat, WrittenDocument
from store.transfer.yaml_text import yaml_of
from store.unit_of_work import UnitOfWork

FAILED = 1
STANDARD_INPUT = Path("-")
# A file at hand is no stranger's, and an installation may be large.
MAX_BYTES = 1_000_000_000

# How many warnings are printed.
MAX_WARNINGS = 50

_V3_KEYS = frozenset(
    "features strategies projects tagTypes tags featureTags environments featureEnvironments "
    "featureStrategies segments featureStrategySegments".split()
)
_COLOURS = {Fate.CREATED: "green", Fate.CHANGED: "yellow", Fate.REMOVED: "red"}


class DocumentKind(StrEnum):
    """Which document to write."""

    FLAGSTAFF = "flagstaff"
    V3 = "3.x"


class Outcome(Struct, frozen=True):
    """What an import did, or would do, what it warns of, and how many more warnings there are."""

    differences: Sequence[Difference]
    warnings: Sequence[TransferWarning]
    more_warnings: int


def import_file(
    file: Annotated[Path, typer.Argument(help="The document, JSON or YAML; - for standard input.")],
    drop: Annotated[
        bool,
        typer.Option(
            "--drop",
            help="Remove the toggles (archived ones, too) and custom strategies that the document "
            "does not have; of a state document everything of the parts that it does have.",
        ),
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave alone what is there already.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store nothing; print what would change.")
    ] = False,
) -> None:
    """Import a document, Flagstaff's own or the state of an Unleash server (3.x to 5.x): all of it
    or nothing.

    It goes into the configured database; a running server notices within a second. Tokens stay.
    """
    try:
        document = _read(file)
        outcome = with_store(
            lambda store: _import(store, document, drop=drop, keep=keep, dry_run=dry_run)
        )
    except Refusal as refusal:
        _fail(*(_told(error) for error in refusal.errors))
    for warning in outcome.warnings[:MAX_WARNINGS]:
        prefix = "Left out" if warning.left_out else "Warning"
        typer.echo(f"{prefix}: {_told(warning)}", err=True)
    more = len(outcome.warnings[MAX_WARNINGS:]) + outcome.more_warnings
    if more:
        typer.echo(f"There are {more:,} more warnings.", err=True)
    if dry_run:
        for difference in outcome.differences:
            _print(difference)
    typer.echo(_summary(outcome.differences, dry_run=dry_run))


def export_file(
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output.")
    ] = None,
    format: Annotated[
        StateFormat | None,
        typer.Option(help="By default what the name of the file ends in, else json."),
    ] = None,
    document: Annotated[
        DocumentKind,
        typer.Option(
            help="Flagstaff's own document, with everything but tokens and history, or the state "
            "of the environment default as 3.x servers know it."
        ),
    ] = DocumentKind.FLAGSTAFF,
    archived: Annotated[
        bool, typer.Option(help="Put archived toggles into Flagstaff's own document.")
    ] = True,
) -> None:
    """Export the configuration as a document that `import` takes in again."""
    missing = missing_database(command_settings())
    if missing:
        _fail(missing)
    chosen = format or _format_of(output)

    async def write(store: Store) -> str:
        if document is DocumentKind.V3:
            return _v3_text(store.snapshot, store.usage, chosen)
        now = store.clock()
        own = export_document(store.snapshot, exported_at=now, archived=archived)
        return WrittenDocument(own, chosen, now).content

    text = with_store(write)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")


def _read(file: Path) -> Document | UnleashDocument:
    """The document in a file, told apart by what it says of itself.

    Raises: Refusal, OSError.
    """
    text = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
    value = value_of_text(text, path=(), max_bytes=MAX_BYTES)
    keys = cast("dict[str, Any]", value).keys() if isinstance(value, dict) else set[str]()
    if "format" in keys:
        return draft_of(value, path=())
    if not keys & _V3_KEYS:
        _fail(
            f"{file} is neither Flagstaff's own document, which says that its format is "
            f"'{FORMAT}', nor the state of an Unleash server, which has keys such as 'features'."
        )
    return unleash_document_of(value)


async def _import(
    store: Store, document: Document | UnleashDocument, *, drop: bool, keep: bool, dry_run: bool
) -> Outcome:
    """Raises: Refusal."""

    async def prepare(work: UnitOfWork) -> Outcome:
        with _progress(_count_of(document)) as on_toggle:
            done = await _import_of_kind(work, document, drop, keep, on_toggle)
        events = [it.event for it in done.made.changes if it.event is not None]
        found = list(differences(work, events))
        return Outcome(found, done.warnings, done.more_warnings)

    return await store.write_prepared(OPERATOR, prepare, dry_run=dry_run)


async def _import_of_kind(
    work: UnitOfWork,
    document: Document | UnleashDocument,
    drop: bool,
    keep: bool,
    on_toggle: Callable[[], None],
) -> UnleashResult:
    if isinstance(document, UnleashDocument):
        return await import_unleash(work, document, drop=drop, keep=keep, on_toggle=on_toggle)
    mode = ImportMode.KEEP_EXISTING if keep else ImportMode.MERGE
    if drop:
        mode = ImportMode.REPLACE_ALL
    made = await import_state(work, document, mode=mode, path=(), on_toggle=on_toggle)
    return UnleashResult(made, ())


@contextmanager
def _progress(length: int) -> Generator[Callable[[], None]]:
    """What to call for each toggle; somebody at a terminal sees how far it is."""
    if not _is_watched():
        yield lambda: None
        return
    with typer.progressbar(length=length, label="Toggles", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _count_of(document: Document | UnleashDocument) -> int:
    if isinstance(document, Document):
        return len(document.toggles)
    features = document.state.features
    return 0 if features is UNSET else len(features)


def _v3_text(snapshot: Snapshot, usage: UsageSummary, format: StateFormat) -> str:
    state = export_unleash(snapshot, last_seen_at=usage.last_seen_at)
    if format is StateFormat.YAML:
        return yaml_of(state)
    return msgspec.json.format(msgspec.json.encode(state), indent=2).decode() + "\n"


def _format_of(output: Path | None) -> StateFormat:
    is_yaml = output is not None and output.suffix.lower() in (".yml", ".yaml")
    return StateFormat.YAML if is_yaml else StateFormat.JSON


def _told(told: DomainError | TransferWarning) -> str:
    return f"{format_path(told.path)}: {told.message}" if told.path else told.message


def _print(difference: Difference) -> None:
    typer.secho(difference.line, fg=_COLOURS[difference.fate])
    for field in difference.fields:
        typer.echo(f"    {field}")
    for warning in difference.warnings:
        typer.echo(f"    ! {warning}")


def _summary(found: Sequence[Difference], *, dry_run: bool) -> str:
    fates = [it.fate for it in found]
    counts = [f"{fates.count(it):,} {it.name.lower()}" for it in Fate if it in fates]
    words = ", ".join(counts) or "nothing to change"
    return f"Nothing was stored; it would be: {words}." if dry_run else f"Imported: {words}."


def _fail(*problems: str) -> NoReturn:
    for problem in problems:
        typer.echo(problem, err=True)
    raise typer.Exit(FAILED)
