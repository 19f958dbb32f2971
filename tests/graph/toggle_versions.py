"""Requests for the versions of a toggle, and the objects that versions refer to."""

from typing import Any

from tests.graph.gateway import Gateway

VERSIONS = """
query Versions($name: String!, $first: Int, $after: String, $last: Int, $before: String) {
  toggle(name: $name) { versions(first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes {
      revision
      event { type revision actor { name } changeSet { id } }
      toggle {
        name description typeName type { name } projectName project { name }
        impressionData stale archived archivedAt
        tags { typeName type { name } value }
        dependencies { toggleName toggle { name } enabled variants }
        environments {
          environmentName environment { name } enabled updatedAt
          variants { name weight percentage payload { type value } overrides { values } }
          strategies {
            strategyId name title disabled sortOrder strategy { title }
            parameters { name value }
            constraints { contextName operator values contextField { name } }
            segments { name } variants { name }
          }
        }
      }
    }
  } }
}
"""


async def versions(gateway: Gateway, name: str, **page: Any) -> Any:
    """A page of the versions of a toggle."""
    data = await gateway.run(VERSIONS, {"name": name, **page})
    return data["toggle"]["versions"]


async def create_segment(gateway: Gateway, name: str) -> str:
    """Create a segment that can be deleted, and return its ID."""
    payload = await gateway.change(
        "segmentCreate", {"name": name, "constraints": []}, "segment { id }"
    )
    return payload["segment"]["id"]
