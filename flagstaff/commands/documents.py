"""The commands `flagstaff import` and `flagstaff export` for documents with the configuration."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from store.transfer.writing import StateFormat


class DocumentKind(StrEnum):
    """The document formats of `flagstaff export`."""

    FLAGSTAFF = "flagstaff"
    V3 = "3.x"


def import_file(
    file: Annotated[
        Path | None,
        typer.Argument(help="The file with the JSON or YAML document; - reads standard input."),
    ] = None,
    from_database: Annotated[
        str | None,
        typer.Option(
            help=(
                "The postgresql:// URL of the database of an Unleash server (3.17 to 8.2), whose "
                "configuration and API tokens are imported. The database is only read."
            )
        ),
    ] = None,
    schema: Annotated[
        str | None,
        typer.Option(help="The schema of Unleash's tables, if the server has DATABASE_SCHEMA."),
    ] = None,
    into_same_database: Annotated[
        bool,
        typer.Option(
            "--into-same-database",
            help="Import into the schema 'flagstaff' of the Unleash server's database.",
        ),
    ] = False,
    drop: Annotated[
        bool,
        typer.Option(
            "--drop",
            help=(
                "Also remove toggles, including archived toggles, and custom strategies that are "
                "not in the document. With a state export, remove all objects that its sections "
                "omit."
            ),
        ),
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave existing objects unchanged.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the changes without storing them.")
    ] = False,
    environment: Annotated[
        str | None,
        typer.Option(
            help=(
                "The environment to import a batch export into, instead of the one that it names. "
                "With Flagstaff's own document, the environment of configurations that name none."
            )
        ),
    ] = None,
    project: Annotated[
        str | None,
        typer.Option(help="The project of all toggles in a batch export or own document."),
    ] = None,
    segments: Annotated[
        Path | None,
        typer.Option(
            help=(
                "The file with the constraints of the segments that a batch export names: a client "
                "payload, a list of segments, or Flagstaff's own document."
            )
        ),
    ] = None,
) -> None:
    """Import Flagstaff's own document, an export of an Unleash server, or its database.

    Unleash 3.x to 5.x exports its state, and 6.x to 8.x a batch of toggles in one environment.

    The document is imported into the configured database as a whole or not at all. Running servers
    use the imported configuration within a second. Tokens are unchanged.
    """
    from flagstaff.commands.transfer import ImportOptions, run_import

    options = ImportOptions(
        drop=drop,
        keep=keep,
        dry_run=dry_run,
        environment=environment,
        project=project,
        segments=segments,
    )
    if from_database is None:
        if schema is not None or into_same_database:
            raise typer.BadParameter("--schema and --into-same-database need --from-database.")
        if file is None:
            raise typer.BadParameter("Name a file, or the database of an Unleash server.")
        run_import(file, options)
        return
    for name, value in (
        ("a file", file),
        ("--drop", drop or None),
        ("--environment", environment),
        ("--project", project),
        ("--segments", segments),
    ):
        if value is not None:
            raise typer.BadParameter(f"--from-database cannot be combined with {name}.")
    from flagstaff.commands.server_import import ServerSource, run_server_import

    run_server_import(ServerSource(from_database, schema, into_same_database), options)


def export_file(
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output.")
    ] = None,
    format: Annotated[
        StateFormat | None,
        typer.Option(
            help=(
                "The format. By default, it is taken from the extension of the output file, or is "
                "json."
            )
        ),
    ] = None,
    document: Annotated[
        DocumentKind,
        typer.Option(
            help=(
                "The kind of document. flagstaff: Flagstaff's own document, with everything except "
                "tokens and history. 3.x: a state export of the environment default, for Unleash "
                "3.x servers."
            )
        ),
    ] = DocumentKind.FLAGSTAFF,
    archived: Annotated[
        bool, typer.Option(help="Include archived toggles in Flagstaff's own document.")
    ] = True,
) -> None:
    """Export the configuration as a document for `import`."""
    from flagstaff.commands.transfer import run_export

    run_export(output, format, document, archived=archived)
