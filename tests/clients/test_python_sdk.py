"""The unmodified Python SDK on a running server."""

from collections.abc import Iterator

import pytest
from UnleashClient.cache import FileCache
from UnleashClient.clients.unleash_client import UnleashClient

from tests.clients.administration import Administration
from tests.clients.installation import (
    SWITCHED_ON,
    VARIANTS_TOGGLE,
    Installation,
    expected_variant,
)
from tests.clients.reported import application, used_toggles
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client(
    administration: Administration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[UnleashClient]:
    """An SDK that polls and reports every second."""
    made = UnleashClient(
        url=f"{administration.server.url}/api",
        app_name="python-shop",
        instance_id="python-1",
        refresh_interval=1,
        metrics_interval=1,
        custom_headers={"Authorization": administration.server.client_token},
        cache=FileCache("python-shop", directory=str(tmp_path_factory.mktemp("cache"))),
    )
    made.initialize_client()
    yield made
    made.destroy()


def test_every_strategy_and_operator_is_decided_as_configured(
    client: UnleashClient, installation: Installation
):
    cases = [case for case in installation.cases if "python" in case.only]

    wrong = [
        case for case in cases if client.is_enabled(case.toggle, case.context) is not case.enabled
    ]

    assert len(cases) > 100
    assert wrong == []


def test_variants_are_handed_out_as_configured(client: UnleashClient):
    users = ["fan-of-blue", "fan-of-green", *(f"u{number}" for number in range(10))]

    variants = {user: client.get_variant(VARIANTS_TOGGLE, {"userId": user}) for user in users}

    for user, variant in variants.items():
        color = expected_variant(VARIANTS_TOGGLE, user)
        assert (variant["name"], variant["enabled"]) == (color, True), user
        assert variant["payload"] == {"type": "json", "value": f'{{"color":"{color}"}}'}


def test_a_toggle_created_and_switched_is_seen_at_the_next_poll(
    client: UnleashClient, administration: Administration
):
    assert client.is_enabled("python.switched") is False

    administration.create({**SWITCHED_ON, "name": "python.switched"})
    wait_until(lambda: client.is_enabled("python.switched"))
    administration.switch("python.switched", enabled=False)

    assert wait_until(lambda: not client.is_enabled("python.switched"))
    assert administration.events_of("python.switched") == [
        administration.switched_off,
        administration.created,
    ]


def test_registration_and_usage_show_in_graphql(
    client: UnleashClient, administration: Administration
):
    server = administration.server
    client.is_enabled("strategy.default")
    client.is_enabled("never.defined")

    wait_until(
        lambda: {"strategy.default", "never.defined"} <= used_toggles(server, "python-shop"),
        seconds=30,
    )

    found = application(server, "python-shop")
    assert found is not None
    assert found["registered"] is True
    instance = found["instances"]["nodes"][0]
    assert instance["instanceId"] == "python-1"
    assert instance["environment"] == {"name": "default"}
    assert instance["sdk"]["name"] == "unleash-python-sdk"
    known = {usage["toggleName"]: usage["toggle"] for usage in found["usages"]["nodes"]}
    assert known["strategy.default"] == {"name": "strategy.default"}
    assert known["never.defined"] is None
