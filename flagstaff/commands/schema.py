"""The command `flagstaff schema`: print, write, check or compare the GraphQL schema."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only check the file: fail if it is not up to date."),
    ] = False,
    federation: Annotated[
        bool,
        typer.Option("--federation", help="Print the schema as a subgraph for Apollo Federation."),
    ] = False,
    released: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help=(
                "Compare with the released schema in this file (- for standard input). Fail if "
                "operations for the released schema would break, and warn of dangerous changes."
            ),
        ),
    ] = None,
) -> None:
    """Print the GraphQL schema."""
    from graph.federation.subgraph import print_subgraph_sdl
    from graph.schema import print_sdl

    sdl = print_sdl()
    if released is not None:
        _compare(_read(released), sdl)
    elif check:
        _check(output or Path("schema.graphql"), sdl)
    else:
        printed = print_subgraph_sdl() if federation else sdl
        if output is None:
            typer.echo(printed, nl=False)
        else:
            output.write_text(printed, "utf-8")


def _check(file: Path, sdl: str) -> None:
    if not file.is_file() or file.read_text("utf-8") != sdl:
        typer.echo(
            f"{file} is out of date; update it with: flagstaff schema --output {file}",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(f"{file} is up to date.")


def _compare(released: str, sdl: str) -> None:
    from graphql import GraphQLError

    from graph.evolution import compare

    try:
        evolution = compare(released, sdl)
    except (GraphQLError, TypeError) as error:
        typer.echo(f"The released schema cannot be read: {error}", err=True)
        raise typer.Exit(1) from None
    for change in evolution.dangerous:
        typer.echo(f"Dangerous: {change}", err=True)
    for change in evolution.breaking:
        typer.echo(f"Breaking: {change}", err=True)
    if evolution.breaking:
        typer.echo("Deprecate fields first and remove them in a later release.", err=True)
        raise typer.Exit(1)
    typer.echo("Operations for the released schema still work.")


def _read(file: str) -> str:
    return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
