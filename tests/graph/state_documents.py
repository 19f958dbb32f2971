"""Helpers for tests of exports and imports."""

from typing import Any

from store import Store
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

EXPORT = """
query Export(
  $filter: ToggleFilter, $environments: [String!], $toggles: Boolean! = true,
  $strategies: Boolean! = true, $format: StateFormat! = JSON
) {
  stateExport(
    filter: $filter, environments: $environments, toggles: $toggles, strategies: $strategies,
    format: $format
  ) { version content mediaType fileName document toggleCount strategyCount }
}
"""


async def something_to_export(store: Store) -> None:
    """Create a toggle with a value in every field, a plain toggle, and an archived toggle."""
    installation = Installation(store)
    await installation.rich_toggle("rich")
    await installation.toggles("plain", "old")
    await installation.archive("old")


async def export(gateway: Gateway, token: str = "admin", **arguments: Any) -> Any:
    """Query the document of an export."""
    return (await gateway.run(EXPORT, arguments, token=token))["stateExport"]
