"""The command `flagstaff health`: ask a running server for its health, for containers."""

from typing import Annotated

import typer

FAILED = 1
TIMEOUT_S = 4.0
_ALL_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1", "[::]": "::1", "": "127.0.0.1"}


def check_health(
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="The server. By default, the server with the same settings on this machine.",
        ),
    ] = None,
    ready: Annotated[
        bool, typer.Option("--ready", help="Ask whether the server can serve toggles.")
    ] = False,
) -> None:
    """Ask a running server whether it is healthy. The exit status is 0 if it is, otherwise 1."""
    from http.client import HTTPException

    from flagstaff.doctor.machine import get

    path = "/ready" if ready else "/health"
    address = url or _own_address()
    try:
        status, _ = get(address, path, TIMEOUT_S)
    except (OSError, HTTPException, ValueError) as error:
        typer.echo(f"{address} does not answer: {error}.", err=True)
        raise typer.Exit(FAILED) from None
    typer.echo(f"{address}{path} answers {status}.", err=status != 200)
    if status != 200:
        raise typer.Exit(FAILED)


def _own_address() -> str:
    from flagstaff.settings_loading import load_settings

    settings = load_settings()
    host = _ALL_ADDRESSES.get(settings.host, settings.host.strip("[]"))
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{settings.port}{settings.base_path}"
