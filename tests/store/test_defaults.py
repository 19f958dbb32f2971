"""Every installation begins with the built-in content."""

from store import Store, defaults
from store.model import EnvironmentType
from store.operations.names import is_name


async def test_an_empty_installation_has_everything_built_in(store: Store):
    snapshot = store.snapshot

    assert {
        environment.name: environment.type for environment in snapshot.environments.values()
    } == {"default": EnvironmentType.PRODUCTION}
    assert set(snapshot.projects) == {"default"}
    assert set(snapshot.tag_types) == {"simple"}
    assert [
        field.name
        for field in sorted(
            snapshot.context_fields.values(), key=lambda built_in: built_in.sort_order
        )
    ] == [
        "environment",
        "userId",
        "appName",
        "currentTime",
        "sessionId",
    ]
    assert all(field.built_in for field in snapshot.context_fields.values())
    assert (snapshot.toggles, snapshot.tokens, snapshot.segments) == ({}, {}, {})


def test_toggle_types_have_the_lifetimes_of_the_contract():
    assert {item.name: item.lifetime_days for item in defaults.toggle_types()} == {
        "release": 40,
        "experiment": 40,
        "operational": 7,
        "kill-switch": None,
        "permission": None,
        "sunset": 90,
    }


async def test_built_in_strategies_have_the_parameters_of_the_contract(store: Store):
    listed = {
        strategy.name: [
            f"{p.name}{'*' if p.required else ''} {p.type}" for p in strategy.parameters
        ]
        for strategy in store.snapshot.strategies.values()
    }

    assert listed == {
        "default": [],
        "userWithId": ["userIds list"],
        "applicationHostname": ["hostNames list"],
        "remoteAddress": ["IPs* list"],
        "gradualRolloutRandom": ["percentage percentage"],
        "gradualRolloutSessionId": ["percentage percentage", "groupId* string"],
        "gradualRolloutUserId": ["percentage percentage", "groupId* string"],
        "flexibleRollout": ["rollout percentage", "stickiness* string", "groupId* string"],
    }
    assert all(
        strategy.built_in and not strategy.deprecated
        for strategy in store.snapshot.strategies.values()
    )


async def test_everything_built_in_is_named_by_the_rule_and_described(store: Store):
    everything = defaults.everything(store.clock())

    assert all(is_name(getattr(item, "name", "")) for item in everything)
    assert all(
        getattr(item, "description", "described").endswith(("described", "."))
        for item in everything
    )


def test_toggle_types_are_numbered_in_their_order():
    orders = [item.sort_order for item in defaults.toggle_types()]

    assert orders == [*range(len(orders))]
