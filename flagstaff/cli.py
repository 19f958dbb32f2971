"""The command line: `flagstaff serve` and the commands for operators."""

from typing import Annotated

import typer

from flagstaff import __version__
from flagstaff.commands.as_code import apply, diff
from flagstaff.commands.backup import backup, restore
from flagstaff.commands.doctor import diagnose
from flagstaff.commands.documents import export_file, import_file
from flagstaff.commands.health import check_health
from flagstaff.commands.migrate import migrate_database
from flagstaff.commands.prune import prune
from flagstaff.commands.schema import schema
from flagstaff.commands.tokens import token_app
from flagstaff.importing import quick_imports

app = typer.Typer(
    name="flagstaff",
    help="A feature toggle server with a GraphQL API, compatible with every Unleash SDK.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(token_app, name="token")


def main() -> None:
    """Run the command line, and print each error as one line on standard error."""
    try:
        app()
    except Exception as error:
        # A command imports its modules only when it runs, so printing the help does not import
        # these modules.
        from flagstaff.commands.failures import exit_with

        exit_with(error)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Settings are read from FLAGSTAFF_* variables; docs/configuration.md lists them."""
    if version:
        typer.echo(f"flagstaff {__version__}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; overrides FLAGSTAFF_HOST.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; overrides FLAGSTAFF_PORT.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="The number of worker processes; overrides FLAGSTAFF_WORKERS."),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with an example installation.")
    ] = False,
    reader: Annotated[
        bool,
        typer.Option(
            "--reader", help="Serve only SDKs, with the toggles of the server FLAGSTAFF_UPSTREAM."
        ),
    ] = False,
) -> None:
    """Serve GraphQL, and REST for Unleash SDKs.

    The server stops on SIGINT, SIGTERM or SIGHUP. With several workers, SIGHUP restarts the workers
    one after the other.
    """
    options = {"host": host, "port": port, "workers": workers}
    with quick_imports():
        from flagstaff.settings_loading import load_settings
    settings = load_settings(**options)
    if settings.workers > 1 and not reader:
        # A supervisor does not import the application.
        from flagstaff.workers.serving import serve_with_workers

        raise typer.Exit(serve_with_workers(settings, options, demo=demo))
    with quick_imports():
        from flagstaff.server import serve as run_server
    run_server(settings, demo=demo, reader=reader)


app.command(name="migrate")(migrate_database)
app.command()(schema)
app.command(name="import")(import_file)
app.command(name="export")(export_file)
app.command()(diff)
app.command()(apply)
app.command()(backup)
app.command()(restore)
app.command(name="doctor")(diagnose)
app.command(name="health")(check_health)
app.command()(prune)
