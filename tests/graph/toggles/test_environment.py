"""A toggle's configurations in its environments."""

import pytest
from msgspec import structs

from store import Store
from store.values import Constraint, Variant
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import toggle

pytestmark = pytest.mark.asyncio(loop_scope="module")


ODD = Constraint("country", "SOUNDS_LIKE", values=("x",))
# Each toggle, given by name, has variants with these weights.
WEIGHTS = {"two": (1, 3), "nothing": (0, 0), "fractions": (333.5, 666.5)}


async def fill(store: Store) -> None:
    """Create a toggle with a value in every field, and toggles that mutations cannot create."""
    installed = Installation(store)
    await installed.rich_toggle("checkout")
    await fill_odd(installed)
    for name, weights in WEIGHTS.items():
        stored = await installed.toggle(name)
        configured = structs.replace(
            stored.environments["default"],
            variants=tuple(Variant(f"v{weight}", weight) for weight in weights),
        )
        await installed.put(structs.replace(stored, environments={"default": configured}))


async def fill_odd(installed: Installation) -> None:
    """Create a toggle with an undefined strategy."""
    stored = await installed.rich_toggle("odd")
    configured = stored.environments["production"]
    strange = structs.replace(
        configured.strategies[0],
        name="fromElsewhere",
        parameters={"list": ["a", 1], "on": True, "nothing": None},
        constraints=(ODD,),
        segments=(),
    )
    changed = structs.replace(configured, strategies=(strange,))
    await installed.put(structs.replace(stored, environments={"production": changed}))


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


async def test_strategies_show_all_that_was_configured(shared_gateway: Gateway) -> None:
    result = await toggle(
        shared_gateway,
        "checkout",
        """
        strategies {
          name title disabled sortOrder summary parameters { name value } variants { name }
          constraints {
            contextName operator values caseInsensitive inverted
            contextField { name legalValues { value description } }
          }
          segments { id name } strategy { title }
          toggleEnvironment { enabled environment { name } toggle { name } }
        }
        """,
    )

    first, second = result["strategies"]
    assert first.pop("segments") == [{"id": "U2VnbWVudDox", "name": "beta testers"}]
    assert first == {
        "name": "flexibleRollout",
        "title": "a quarter",
        "disabled": False,
        "sortOrder": 0,
        "summary": (
            "Matches 25 % of everybody, kept stable by user or session, if country is one of de or "
            "fr and age is not at least 18 within the segment beta testers."
        ),
        "parameters": [
            {"name": "rollout", "value": "25"},
            {"name": "stickiness", "value": "default"},
            {"name": "groupId", "value": "g"},
        ],
        "variants": [],
        "constraints": [
            {
                "contextName": "country",
                "operator": "IN",
                "values": ["de", "fr"],
                "caseInsensitive": False,
                "inverted": False,
                "contextField": {
                    "name": "country",
                    "legalValues": [
                        {"value": "de", "description": "Germany"},
                        {"value": "fr", "description": ""},
                    ],
                },
            },
            {
                "contextName": "age",
                "operator": "NUM_GTE",
                "values": ["18"],
                "caseInsensitive": False,
                "inverted": True,
                "contextField": None,
            },
        ],
        "strategy": {"title": "Gradual rollout"},
        "toggleEnvironment": {
            "enabled": False,
            "environment": {"name": "default"},
            "toggle": {"name": "checkout"},
        },
    }
    assert (second["name"], second["disabled"], second["sortOrder"]) == ("default", True, 1)


async def test_a_strategy_that_nobody_defined_is_shown_without_a_definition(
    shared_gateway: Gateway,
) -> None:
    result = await toggle(
        shared_gateway,
        "odd",
        'strategies(environment: "production") { name strategy { name } parameters { name value } '
        "constraints { operator } }",
    )

    assert result["strategies"] == [
        {
            "name": "fromElsewhere",
            "strategy": None,
            "parameters": [
                {"name": "list", "value": '["a",1]'},
                {"name": "on", "value": "true"},
                {"name": "nothing", "value": ""},
            ],
            "constraints": [{"operator": "SOUNDS_LIKE"}],
        }
    ]


async def test_variants_show_their_shares_payloads_and_overrides(shared_gateway: Gateway) -> None:
    result = await toggle(
        shared_gateway,
        "checkout",
        "variants { name weight percentage weightType stickiness payload { type value } "
        "overrides { contextName values } }",
    )

    assert result["variants"] == [
        {
            "name": "red",
            "weight": 500,
            "percentage": 50,
            "weightType": "VARIABLE",
            "stickiness": "default",
            "payload": {"type": "string", "value": "#f00"},
            "overrides": [],
        },
        {
            "name": "blue",
            "weight": 500,
            "percentage": 50,
            "weightType": "FIX",
            "stickiness": "default",
            "payload": None,
            "overrides": [{"contextName": "userId", "values": ["ada", "bob"]}],
        },
    ]


@pytest.mark.parametrize(
    ("name", "percentages"),
    [("two", [25, 75]), ("nothing", [0, 0]), ("fractions", [33.35, 66.65])],
)
async def test_percentages_are_right_for_weights_of_any_sum(
    shared_gateway: Gateway, name: str, percentages: list[float]
) -> None:
    result = await toggle(shared_gateway, name, "variants { percentage weightType stickiness }")

    assert [variant["percentage"] for variant in result["variants"]] == pytest.approx(percentages)
    assert {(variant["weightType"], variant["stickiness"]) for variant in result["variants"]} == {
        ("VARIABLE", "default")
    }


async def test_environments_come_in_order_configured_or_not(shared_gateway: Gateway) -> None:
    result = await toggle(
        shared_gateway,
        "checkout",
        """
        environments { enabled revision strategies { name } environment { name type } }
        chosen: environments(names: ["production", "nope"]) { environment { name } }
        production: environment(name: "production") { enabled }
        nowhere: environment(name: "nope") { enabled }
        enabled on: enabled(environment: "production")
        """,
    )

    in_default, in_development, in_production = result["environments"]
    assert in_development == {
        "enabled": False,
        "revision": 0,
        "strategies": [],
        "environment": {"name": "development", "type": "DEVELOPMENT"},
    }
    assert in_production["enabled"] is True
    assert in_production["strategies"] == [{"name": "userWithId"}]
    assert in_default["environment"] == {"name": "default", "type": "PRODUCTION"}
    assert result["chosen"] == [{"environment": {"name": "production"}}]
    assert result["production"] == {"enabled": True}
    assert result["nowhere"] is None
    assert (result["enabled"], result["on"]) == (False, True)


async def test_an_environment_out_of_use_is_left_out_of_lists_but_found_by_name(
    own_gateway: Gateway,
) -> None:
    await Installation(own_gateway.store).disable("development")

    result = await toggle(
        own_gateway,
        "checkout",
        'environments { environment { name } } environment(name: "development") { enabled }',
    )

    assert [environment["environment"]["name"] for environment in result["environments"]] == [
        "default",
        "production",
    ]
    assert result["environment"] == {"enabled": False}
