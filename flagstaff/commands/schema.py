"""The command `flagstaff schema`: prints, writes, checks and compares the GraphQL schema."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from graphql import GraphQLError


def schema(
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; fail unless the file holds this very schema."),
    ] = False,
    federation: Annotated[
        bool,
        typer.Option("--federation", help="Print it as a subgraph of an Apollo federation."),
    ] = False,
    released: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Print nothing; fail if operations written for the schema in this file (- for "
            "standard input) would break, and warn of what may surprise them.",
        ),
    ] = None,
) -> None:
    """Print the GraphQL schema."""
    from graph.federation.subgraph import print_subgraph_sdl
    from graph.schema import print_sdl

    sdl = print_sdl()
    if released is not None:
        _compare(_text(released), sdl)
    elif check:
        _check(output or Path("schema.graphql"), sdl)
    else:
        text = print_subgraph_sdl() if federation else sdl
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, "utf-8")


def _check(file: Path, sdl: str) -> None:
    if not file.is_file() or file.read_text("utf-8") != sdl:
        typer.echo(
            f"{file} is not the current schema; write it with: flagstaff schema --output {file}",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(f"{file} is current.")


def _compare(released: str, sdl: str) -> None:
    from graph.evolution import compare

    try:
        evolution = compare(released, sdl)
    except (GraphQLError, TypeError) as error:
        typer.echo(f"The released schema cannot be read: {error}", err=True)
        raise typer.Exit(1) from None
    for change in evolution.dangerous:
        typer.echo(f"May surprise: {change}", err=True)
    for change in evolution.breaking:
        typer.echo(f"Breaks: {change}", err=True)
    if evolution.breaking:
        typer.echo("Deprecate first what is to go, and take it out in a later release.", err=True)
        raise typer.Exit(1)
    typer.echo("Operations written for the released schema go on working.")


def _text(file: str) -> str:
    return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
