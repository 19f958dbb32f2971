"""Flagstaff as a subgraph in Apollo's composition and gateway, with a second subgraph."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.packages import fetch_packages, run_node
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server

PROGRAMS = Path(__file__).parent / "federation"

TEAMS = """{
  teams {
    name
    toggles { name type { name } team { name } environments { environment { name } enabled } }
    others {
      __typename
      ... on Application { name description }
      ... on Environment { name type builtIn }
      ... on Strategy { builtIn parameters { name } }
      ... on Segment { description constraints { contextName } }
      ... on Project { revision name }
    }
  }
}"""
TOGGLES = """{
  toggles(first: 10) { nodes { name team { name } } pageInfo { hasNextPage } totalCount }
  application(name: "shop") { team { name } }
}"""
MUTATION = (
    'mutation { toggleSetEnabled(input: {name: "checkout", enabled: true}) { errors { code } } }'
)


@pytest.fixture(scope="module")
def subgraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is a subgraph. It has the objects to which the other subgraph refers."""
    variables = {**TOKENS, "FLAGSTAFF_FEDERATION": "on"}
    with ForkedServer(tmp_path_factory.mktemp("subgraph"), **variables) as server:
        server.graphql(
            """mutation {
              toggleCreate(input: {name: "checkout"}) { errors { message } }
              segmentCreate(input: {
                name: "beta testers"
                description: "Those who asked."
                constraints: [{contextName: "userId", operator: IN, values: ["7"]}]
              }) { errors { message } }
            }"""
        )
        registered = httpx.post(
            f"{server.url}/api/client/register",
            headers={"Authorization": CLIENT_TOKEN},
            json={
                "appName": "shop",
                "instanceId": "one",
                "strategies": ["default"],
                "started": "2026-01-01T00:00:00Z",
                "interval": 10_000,
            },
        )
        assert registered.status_code == 202
        yield server


@pytest.fixture(scope="module")
def federated(subgraph: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The result of composition, and the gateway's answers."""
    folder = tmp_path_factory.mktemp("federation")
    fetch_packages(PROGRAMS, folder, what="what a federation needs")
    printed = run_node(
        "federate.js",
        folder,
        input=json.dumps([TEAMS, TOGGLES, MUTATION]),
        FLAGSTAFF_URL=f"{subgraph.url}/graphql",
        FLAGSTAFF_TOKEN=subgraph.admin_token,
    )
    return json.loads(printed)


@pytest.mark.thorough
def test_both_subgraphs_compose(federated: dict[str, Any]) -> None:
    assert federated["errors"] == []


@pytest.mark.thorough
def test_entities_named_by_another_subgraph_are_resolved(federated: dict[str, Any]) -> None:
    answer = federated["results"][0]

    assert "errors" not in answer
    (team,) = answer["data"]["teams"]
    checkout = {
        "name": "checkout",
        "type": {"name": "release"},
        "team": {"name": "payments"},
        "environments": [{"environment": {"name": "default"}, "enabled": False}],
    }
    assert team["toggles"] == [checkout, None, checkout]
    assert team["others"] == [
        {"__typename": "Application", "name": "shop", "description": ""},
        {"__typename": "Environment", "name": "default", "type": "PRODUCTION", "builtIn": True},
        {
            "__typename": "Strategy",
            "builtIn": True,
            "parameters": [{"name": "rollout"}, {"name": "stickiness"}, {"name": "groupId"}],
        },
        {
            "__typename": "Segment",
            "description": "Those who asked.",
            "constraints": [{"contextName": "userId"}],
        },
        {"__typename": "Project", "name": "default", "revision": 0},
    ]


def test_other_subgraphs_extend_entities_of_flagstaff(federated: dict[str, Any]) -> None:
    answer = federated["results"][1]

    assert answer == {
        "data": {
            "toggles": {
                "nodes": [{"name": "checkout", "team": {"name": "payments"}}],
                "pageInfo": {"hasNextPage": False},
                "totalCount": 1,
            },
            "application": {"team": {"name": "payments"}},
        }
    }


def test_mutations_pass_through_the_gateway(federated: dict[str, Any], subgraph: Server) -> None:
    assert federated["results"][2] == {"data": {"toggleSetEnabled": {"errors": []}}}
    assert subgraph.graphql('{ toggle(name: "checkout") { enabled } }') == {
        "toggle": {"enabled": True}
    }
