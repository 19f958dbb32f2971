"""GraphQL documents for the list of toggles: one for PostGraphile, one for all other servers."""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.benchmarks.peers.loads import Request
from tests.benchmarks.peers.peer import Peer

_NUMBERS = count()
_LIST = """query List%(number)s($first: Int!) {
  list%(number)s: toggles(first: $first) { nodes {
    id name description stale archived createdAt updatedAt
    type { name description } project { name title } tags { value }
    environments {
      enabled revision environment { name type }
      strategies { name sortOrder constraints { contextName values } }
      variants { name weight }
    }
  } }
}"""
_POSTGRAPHILE_LIST = """query List($first: Int!) {
  toggles: allTogglesList(first: $first) {
    rowId name description stale archived createdAt updatedAt
    type: toggleTypeByTypeName { name description } project: projectByProjectName { name title }
    tags: tagsByToggleIdList { value }
    environments: toggleEnvironmentsByToggleIdList {
      enabled revision environment: environmentByEnvironmentName { name type }
      strategies: strategiesByToggleEnvironmentIdList {
        name sortOrder constraints: strategyConstraintsByStrategyIdList { contextName values }
      }
      variants: variantsByToggleEnvironmentIdList { name weight }
    }
  }
}"""


def list_request(peer: Peer, first: int) -> Request:
    """Return the request for a list from any server except PostGraphile."""
    return graphql(peer, _LIST % {"number": ""}, {"first": first})


def new_list_request(peer: Peer, first: int) -> Request:
    """Return the request of `list_request` with a document that no server has seen."""
    return graphql(peer, _LIST % {"number": next(_NUMBERS)}, {"first": first})


def postgraphile_list_request(peer: Peer, first: int) -> Request:
    """Return the request for the same list from PostGraphile."""
    return graphql(peer, _POSTGRAPHILE_LIST, {"first": first})


def graphql(peer: Peer, document: str, variables: Mapping[str, Any]) -> Request:
    """Return the request of an operation."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    headers = {"Content-Type": "application/json"}
    if peer.admin_token:
        headers["Authorization"] = peer.admin_token
    return Request(f"{peer.url}/graphql", "POST", headers, body)
