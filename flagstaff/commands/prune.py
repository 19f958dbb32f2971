"""The command `flagstaff prune`: remove expired rows, or count them."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from store import Store


def prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count the rows that would be removed.")
    ] = False,
) -> None:
    """Remove rows whose retention time has passed. Running servers do this every minute.

    The settings FLAGSTAFF_KEEP_* determine the retention times.
    """
    from flagstaff.commands.local_store import with_store

    async def work(store: "Store") -> dict[str, int]:
        expired = await store.count_expired()
        if not dry_run:
            await store.remove_expired()
        return expired

    counts = with_store(work)
    verb = "would be removed" if dry_run else "were removed"
    for kind, count in counts.items():
        typer.echo(f"{count:>10,}  {kind}")
    typer.echo(f"{sum(counts.values()):>10,}  rows {verb}")
