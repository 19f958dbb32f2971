"""The commands `flagstaff import` and `flagstaff export` for documents with the configuration."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.transfer.writing import StateFormat

if TYPE_CHECKING:
    from flagstaff.commands.document_files import ImportOptions


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
    from_unleash: Annotated[
        str | None,
        typer.Option(
            help=(
                "The URL of a running Unleash server (3.17, or 4.19 to 8.2), whose configuration "
                "and API tokens are imported over its admin API."
            )
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help=(
                "The file with an admin token for --from-unleash. By default, UNLEASH_TOKEN has "
                "the token."
            )
        ),
    ] = None,
    verify: Annotated[
        str | None,
        typer.Option(
            help=(
                "The URL of an Unleash server. After the import, or without one, evaluate 10,000 "
                "contexts with what the server and the configured database send to SDKs. The exit "
                "status is 0 if all evaluations are equal, 1 if some differ, and 2 on errors."
            )
        ),
    ] = None,
    client_tokens_file: Annotated[
        Path | None,
        typer.Option(
            help=(
                "The file with a client token for each environment, for --verify. By default, "
                "UNLEASH_CLIENT_TOKENS has the tokens, separated by commas."
            )
        ),
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD=NEW",
            help="Import the toggle OLD with the name NEW. The option can be repeated.",
        ),
    ] = None,
    undo: Annotated[
        str | None,
        typer.Option(
            help=(
                "Remove the history, the applications and the counts that the import of a database "
                "with this ID has brought."
            )
        ),
    ] = None,
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
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result of --verify as one JSON array.")
    ] = False,
) -> None:
    """Import Flagstaff's own document, an export of an Unleash server, its database, or the server.

    Unleash 3.x to 5.x exports its state, and 5.12 to 8.x a batch of toggles in one environment.

    The document is imported into the configured database as a whole or not at all. Running servers
    use the imported configuration within a second. Tokens are unchanged.
    """
    from flagstaff.commands.document_files import ImportOptions, read_renames

    if verify is not None and dry_run:
        raise typer.BadParameter("--verify compares what is stored, so --dry-run excludes it.")
    if verify is None and (client_tokens_file is not None or as_json):
        raise typer.BadParameter("--client-tokens-file and --json need --verify.")
    options = ImportOptions(
        drop=drop,
        keep=keep,
        dry_run=dry_run,
        environment=environment,
        project=project,
        segments=segments,
        renames=read_renames(rename or ()),
    )
    if undo is not None:
        values = (file, from_database, from_unleash, schema, environment, project, segments, verify)
        flags = (into_same_database, drop, keep, dry_run, bool(rename))
        if any((*(value is not None for value in values), *flags)):
            raise typer.BadParameter("--undo cannot be combined with a file or other options.")
        from flagstaff.commands.server_import import run_undo

        run_undo(undo)
        return
    if from_database is None and (schema is not None or into_same_database):
        raise typer.BadParameter("--schema and --into-same-database need --from-database.")
    if from_unleash is None and token_file is not None:
        raise typer.BadParameter("--token-file needs --from-unleash.")
    servers = {"--from-database": from_database, "--from-unleash": from_unleash}
    for source, url in servers.items():
        if url is not None:
            others = {other: value for other, value in servers.items() if other != source}
            _refuse_others(source, file, options, **others)
    if from_database is not None:
        from flagstaff.commands.server_import import ServerSource, run_server_import

        run_server_import(ServerSource(from_database, schema, into_same_database), options)
    elif from_unleash is not None:
        from flagstaff.commands.url_import import run_url_import

        run_url_import(from_unleash, token_file, options)
    elif file is not None:
        from flagstaff.commands.transfer import run_import

        run_import(file, options)
    elif verify is None:
        raise typer.BadParameter("Name a file, or the database or the URL of an Unleash server.")
    if verify is not None:
        from flagstaff.commands.verify import run_verify

        run_verify(verify, client_tokens_file, options.renames, as_json=as_json)


def _refuse_others(
    source: str, file: Path | None, options: "ImportOptions", **others: str | None
) -> None:
    """Refuse what cannot be combined with the import of a server.

    Raises: typer.BadParameter.
    """
    for name, value in (
        ("a file", file),
        ("--drop", options.drop or None),
        ("--environment", options.environment),
        ("--project", options.project),
        ("--segments", options.segments),
        *others.items(),
    ):
        if value is not None:
            raise typer.BadParameter(f"{source} cannot be combined with {name}.")


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
