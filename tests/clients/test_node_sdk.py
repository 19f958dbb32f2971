"""The unmodified Node SDK on a running server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.clients.administration import Administration
from tests.clients.installation import (
    SWITCHED_ON,
    VARIANTS_TOGGLE,
    Installation,
    expected_variant,
)
from tests.clients.packages import node_process
from tests.clients.reported import application, used_toggles
from tests.waiting import wait_until

pytestmark = pytest.mark.npm


class NodeClient:
    """The SDK in its own process. Each input line is a question."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions = questions
        self._answers = answers

    def is_enabled(self, toggle: str, context: dict[str, Any] | None = None) -> bool:
        return self._ask("isEnabled", toggle, context)

    def get_variant(self, toggle: str, context: dict[str, Any]) -> dict[str, Any]:
        return self._ask("getVariant", toggle, context)

    def read(self) -> Any:
        line = self._answers.readline()
        assert line, "the Node SDK has ended"
        return json.loads(line)

    def _ask(self, command: str, toggle: str, context: dict[str, Any] | None) -> Any:
        question = {"command": command, "toggle": toggle, "context": context or {}}
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        return self.read()


@pytest.fixture(scope="module")
def client(administration: Administration, javascript: Path) -> Iterator[NodeClient]:
    """An SDK that polls five times a second and reports three times a second."""
    server = administration.server
    about = {"SERVER_URL": server.url, "CLIENT_TOKEN": server.client_token}
    with node_process("probe.js", javascript, **about) as (questions, answers):
        made = NodeClient(questions, answers)
        assert made.read() == {"ready": True}
        yield made


def test_every_strategy_and_operator_is_decided_as_configured(
    client: NodeClient, installation: Installation
):
    cases = [case for case in installation.cases if "node" in case.only]

    wrong = [
        case for case in cases if client.is_enabled(case.toggle, case.context) is not case.enabled
    ]

    assert len(cases) > 100
    assert wrong == []


def test_variants_are_handed_out_as_configured(client: NodeClient):
    users = ["fan-of-blue", "fan-of-green", *(f"u{number}" for number in range(10))]

    variants = {user: client.get_variant(VARIANTS_TOGGLE, {"userId": user}) for user in users}

    for user, variant in variants.items():
        color = expected_variant(VARIANTS_TOGGLE, user)
        assert (variant["name"], variant["enabled"]) == (color, True), user
        assert variant["payload"] == {"type": "json", "value": f'{{"color":"{color}"}}'}


def test_a_toggle_created_and_switched_is_seen_at_the_next_poll(
    client: NodeClient, administration: Administration
):
    assert client.is_enabled("node.switched") is False

    administration.create({**SWITCHED_ON, "name": "node.switched"})
    wait_until(lambda: client.is_enabled("node.switched"))
    administration.switch("node.switched", enabled=False)

    assert wait_until(lambda: not client.is_enabled("node.switched"))
    assert administration.events_of("node.switched") == [
        administration.switched_off,
        administration.created,
    ]


def test_registration_and_usage_show_in_graphql(client: NodeClient, administration: Administration):
    server = administration.server
    client.is_enabled("strategy.default")

    wait_until(lambda: "strategy.default" in used_toggles(server, "node-shop"), seconds=30)

    found = application(server, "node-shop")
    assert found is not None
    assert found["registered"] is True
    assert "flexibleRollout" in {strategy["name"] for strategy in found["strategies"]}
    instance = found["instances"]["nodes"][0]
    assert instance["instanceId"] == "node-1"
    assert instance["sdk"]["name"] in ("unleash-node-sdk", "unleash-client-node")
