"""Contexts and selections that the tests of evaluation over GraphQL share."""

from typing import Any

from store.operations.inputs import StrategySpec
from tests.graph.gateway import Gateway

EVALUATION = """
  toggle { name }
  environment { name }
  context { userId sessionId remoteAddress appName currentTime properties { name value } }
  enabled reason explanation
  variant { name enabled payload { type value } stickinessValue }
  matchedStrategy { name }
  strategies {
    outcome explanation bucket rollout stickinessValue
    strategy { name }
    constraints { outcome contextValue constraint { contextName operator values inverted } }
    segments { outcome segment { name } constraints { outcome contextValue } }
  }
  dependencies { outcome dependency { enabled variants toggle { name } } }
"""
HALF = StrategySpec(
    name="flexibleRollout",
    parameters={"rollout": "50", "stickiness": "userId", "groupId": "checkout"},
)


def properties(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


async def refused(gateway: Gateway, document: str, **variables: Any) -> str:
    """Return the message of the only error, which must be about the caller's input."""
    response = await gateway.post(document, variables)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (200, "BAD_USER_INPUT"), error
    return error["message"]
