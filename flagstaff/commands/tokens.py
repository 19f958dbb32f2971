"""The commands `flagstaff token create | list | revoke`."""

from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from store.model import ApiToken, ApiTokenType

if TYPE_CHECKING:
    from store import Store

token_app = typer.Typer(
    help="Manage API tokens in the configured database.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@token_app.command("create")
def token_create(
    name: Annotated[str, typer.Option(help="A name that describes the purpose of the token.")],
    type: Annotated[
        ApiTokenType, typer.Option(help="The type, which determines what the token permits.")
    ],
    environment: Annotated[
        str | None,
        typer.Option(help="The environment that a client or frontend token reads."),
    ] = None,
    project: Annotated[
        list[str] | None,
        typer.Option(help="A project that a client or frontend token reads; may be repeated."),
    ] = None,
    expires_at: Annotated[
        datetime | None,
        typer.Option(
            help="When the token expires, in UTC unless an offset is given.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
        ),
    ] = None,
) -> None:
    """Create a token and print it. The token cannot be printed again."""
    from flagstaff.commands.local_store import OPERATOR, with_store
    from store.operations.tokens import create_token

    async def create(store: "Store") -> str:
        async with store.write(OPERATOR) as work:
            _, secret = await create_token(
                work,
                name=name,
                type=type,
                environment=environment,
                projects=project or (),
                expires_at=_to_utc(expires_at),
            )
        return secret

    typer.echo(with_store(create))


@token_app.command("list")
def token_list() -> None:
    """List the tokens, oldest first, without their secrets."""
    from flagstaff.commands.local_store import with_store

    async def read(store: "Store") -> list[list[str]]:
        tokens = sorted(store.snapshot.tokens.values(), key=attrgetter("created_at", "id"))
        return [_row(store, token) for token in tokens]

    header = ["ID", "TYPE", "ENVIRONMENT", "PROJECTS", "NAME", "TOKEN", "EXPIRES", "LAST USED"]
    rows = [header, *with_store(read)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


@token_app.command("revoke")
def token_revoke(
    token_id: Annotated[
        str, typer.Argument(metavar="ID", help="The ID of the token, as `list` shows it.")
    ],
    children: Annotated[
        bool,
        typer.Option(
            "--children", help=("Also revoke the tokens that were created with this token.")
        ),
    ] = False,
) -> None:
    """Revoke a token. Servers refuse it within a second."""
    from flagstaff.commands.local_store import OPERATOR, with_store
    from store.operations.tokens import revoke_token

    async def revoke(store: "Store") -> ApiToken:
        async with store.write(OPERATOR) as work:
            return await revoke_token(work, token_id, revoke_children=children)

    typer.echo(f"Token '{with_store(revoke).name}' is revoked.")


def _row(store: "Store", token: ApiToken) -> list[str]:
    return [
        token.id,
        token.type,
        token.environment or "*",
        ",".join(token.projects) or "*",
        token.name,
        f"…{token.hint}" if token.hint else "",
        _format_time(token.expires_at),
        _format_time(store.token_use.last_used_at(token.id)),
    ]


def _format_time(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M") if time else "never"


def _to_utc(time: datetime | None) -> datetime | None:
    if time is None:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
