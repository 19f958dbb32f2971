"""The command `flagstaff doctor`: check the installation and name problems."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flagstaff.doctor.findings import Finding
    from flagstaff.settings import Settings

FAILED = 1


def diagnose(
    url: Annotated[
        list[str] | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="A server to check, such as http://localhost:4242; may be repeated.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as one JSON object.")
    ] = False,
) -> None:
    """Check the settings, the database, the clock, the disk, the tokens and servers.

    Nothing is changed. The exit status is 1 if a check failed; warnings do not change it.
    """
    findings = _find(url or [])
    has_failed = any(finding.status == "failed" for finding in findings)
    if as_json:
        listed = [
            {"check": finding.check, "status": finding.status, "message": finding.message}
            for finding in findings
        ]
        typer.echo(json.dumps({"ok": not has_failed, "findings": listed}, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{finding.status.upper():8} {finding.check:10} {finding.message}")
    if has_failed:
        raise typer.Exit(FAILED)


def _find(urls: list[str]) -> "list[Finding]":
    from flagstaff.commands.local_store import command_settings
    from flagstaff.doctor.findings import failed
    from flagstaff.doctor.machine import check_server
    from flagstaff.settings_loading import SettingsError

    try:
        settings = command_settings()
    except SettingsError as error:
        findings = [failed("settings", problem) for problem in error.problems]
    else:
        findings = asyncio.run(_check(settings))
    return [*findings, *map(check_server, urls)]


async def _check(settings: "Settings") -> "list[Finding]":
    from flagstaff.doctor.installation import check_installation

    return [finding async for finding in check_installation(settings)]
