"""Read the data that an SDK reported."""

from typing import Any

from tests.server import Server

APPLICATION = """
query Reported($name: String!) {
  application(name: $name) {
    registered
    strategies { name }
    instances { nodes { instanceId environment { name } sdk { name version } } }
    usages { nodes { toggleName environment { name } toggle { name } } }
  }
}
"""


def application(server: Server, name: str) -> dict[str, Any] | None:
    """An application, read over GraphQL."""
    return server.graphql(APPLICATION, name=name)["application"]


def used_toggles(server: Server, name: str) -> set[str]:
    """The toggles that an application reported using."""
    found = application(server, name)
    return {usage["toggleName"] for usage in found["usages"]["nodes"]} if found else set()
