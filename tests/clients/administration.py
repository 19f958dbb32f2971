"""Two ways to set up a server: only with GraphQL, or only with the 3.x admin API."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.server import Server

CREATE = """
mutation Create($input: ToggleCreateInput!) {
  toggleCreate(input: $input) {
    toggle { name }
    errors { code message path }
  }
}
"""
SET_ENABLED = """
mutation Switch($input: ToggleSetEnabledInput!) {
  toggleSetEnabled(input: $input) { toggleEnvironment { enabled } errors { message } }
}
"""
EVENTS = """
query Events($name: String!) { toggle(name: $name) { events { nodes { type } } } }
"""
FEATURES = "/api/admin/features"


class Administration(ABC):
    """An administrator who sets up toggles and reads the types of the resulting events."""

    created: ClassVar[str]
    switched_off: ClassVar[str]

    def __init__(self, server: Server) -> None:
        self.server = server

    @abstractmethod
    def create(self, toggle: Mapping[str, Any]) -> None:
        """Create a toggle from its document in the 3.x admin API."""

    @abstractmethod
    def switch(self, name: str, *, enabled: bool) -> None:
        """Switch a toggle on or off."""

    @abstractmethod
    def events_of(self, name: str) -> list[str]:
        """The types of a toggle's events, the newest first."""


class GraphQLAdministration(Administration):
    """An administrator who uses GraphQL. The server computes the weights of variants."""

    created = "TOGGLE_CREATED"
    switched_off = "TOGGLE_DISABLED"

    def create(self, toggle: Mapping[str, Any]) -> None:
        requested = {
            **toggle,
            "strategies": [_strategy_input(strategy) for strategy in toggle["strategies"]],
            "variants": [_variant_input(item) for item in toggle.get("variants", ())],
        }
        payload = self.server.graphql(CREATE, input=requested)["toggleCreate"]
        assert payload["errors"] == [], (toggle, payload)

    def switch(self, name: str, *, enabled: bool) -> None:
        payload = self.server.graphql(SET_ENABLED, input={"name": name, "enabled": enabled})
        assert payload["toggleSetEnabled"]["errors"] == []

    def events_of(self, name: str) -> list[str]:
        toggle = self.server.graphql(EVENTS, name=name)["toggle"]
        return [event["type"] for event in toggle["events"]["nodes"]]


class RestAdministration(Administration):
    """An administrator whose scripts were written for the 3.x admin API."""

    created = "feature-created"
    switched_off = "feature-updated"

    def create(self, toggle: Mapping[str, Any]) -> None:
        self.server.request("POST", FEATURES, json=toggle)

    def switch(self, name: str, *, enabled: bool) -> None:
        self.server.request("POST", f"{FEATURES}/{name}/toggle/{'on' if enabled else 'off'}")

    def events_of(self, name: str) -> list[str]:
        answer = self.server.request("GET", f"/api/admin/events/{name}")
        return [event["type"] for event in answer.json()["events"]]


def _strategy_input(strategy: Mapping[str, Any]) -> dict[str, Any]:
    parameters = strategy.get("parameters", {}).items()
    return {
        **strategy,
        "parameters": [{"name": key, "value": parameter} for key, parameter in parameters],
    }


def _variant_input(variant: Mapping[str, Any]) -> dict[str, Any]:
    payload = {**variant["payload"], "type": variant["payload"]["type"].upper()}
    return {**{key: item for key, item in variant.items() if key != "weight"}, "payload": payload}
