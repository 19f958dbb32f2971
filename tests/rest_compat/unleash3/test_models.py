"""The toggle document of 3.x, which covers only the environment default."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, structs

from rest_compat.unleash3.models import toggle_document, toggle_settings
from store.model import Toggle, ToggleEnvironment, ToggleStrategy
from store.values import Constraint, Variant, VariantOverride, VariantPayload

MONDAY = datetime(2024, 5, 6, 7, 8, 9, 120000, tzinfo=UTC)
TUESDAY = datetime(2024, 5, 7, tzinfo=UTC)


def toggle(*strategies: ToggleStrategy, variants: Any = UNSET, **fields: Any) -> Toggle:
    """A toggle that is off in staging, and on in default with the given strategies and variants."""
    default, staging = (
        ToggleEnvironment(toggle_id="1", environment=environment, updated_at=MONDAY)
        for environment in ("default", "staging")
    )
    default = structs.replace(default, enabled=True, strategies=strategies, variants=variants)
    return Toggle(
        id="1",
        name="a",
        created_at=MONDAY,
        updated_at=MONDAY,
        environments={"default": default, "staging": staging},
        **fields,
    )


def strategy(**fields: Any) -> ToggleStrategy:
    """A strategy named `default` in the environment default."""
    return ToggleStrategy(
        **{"id": "s", "toggle_id": "1", "environment": "default", "name": "default", **fields}
    )


def test_what_was_never_said_is_null_or_left_out() -> None:
    document = toggle_document(toggle(strategy()), last_seen_at=None)

    assert document == {
        "name": "a",
        "description": None,
        "type": "release",
        "project": "default",
        "enabled": True,
        "stale": False,
        "strategies": [{"name": "default"}],
        "variants": None,
        "createdAt": "2024-05-06T07:08:09.120Z",
        "lastSeenAt": None,
    }


def test_what_was_said_is_shown_as_it_was_said() -> None:
    everything = toggle(
        strategy(
            name="userWithId",
            parameters={"userIds": "1", "deep": {"list": [1, None]}},
            constraints=(
                Constraint("userId", "IN", values=("1", "2")),
                Constraint("userId", "ODD_ONE"),
            ),
        ),
        strategy(parameters={}, constraints=None),
        strategy(constraints=()),
        variants=(
            Variant(
                "red",
                0.5,
                weight_type="fix",
                stickiness="userId",
                payload=VariantPayload("json", "{}"),
                overrides=(VariantOverride("userId", ("1",)), VariantOverride("appName")),
            ),
            Variant("blue", 1000, overrides=()),
        ),
        description="",
        type="odd",
        project="nowhere",
        stale_at=TUESDAY,
    )

    document = toggle_document(everything, last_seen_at=TUESDAY)

    assert document == {
        "name": "a",
        "description": "",
        "type": "odd",
        "project": "nowhere",
        "enabled": True,
        "stale": True,
        "strategies": [
            {
                "name": "userWithId",
                "parameters": {"userIds": "1", "deep": {"list": [1, None]}},
                "constraints": [
                    {"contextName": "userId", "operator": "IN", "values": ["1", "2"]},
                    {"contextName": "userId", "operator": "ODD_ONE"},
                ],
            },
            {"name": "default", "parameters": {}, "constraints": None},
            {"name": "default", "constraints": []},
        ],
        "variants": [
            {
                "name": "red",
                "weight": 0.5,
                "weightType": "fix",
                "stickiness": "userId",
                "payload": {"type": "json", "value": "{}"},
                "overrides": [
                    {"contextName": "userId", "values": ["1"]},
                    {"contextName": "appName"},
                ],
            },
            {"name": "blue", "weight": 1000, "overrides": []},
        ],
        "createdAt": "2024-05-06T07:08:09.120Z",
        "lastSeenAt": "2024-05-07T00:00:00.000Z",
    }
    assert msgspec.json.decode(msgspec.json.encode(document)) == document


@pytest.mark.parametrize(("variants", "displayed"), [(UNSET, None), (None, None), ((), [])])
def test_no_variants_are_null_unless_an_empty_list_was_sent(variants: Any, displayed: Any) -> None:
    assert toggle_settings(toggle(variants=variants))["variants"] == displayed


def test_an_archived_toggle_shows_what_it_was_archived_in() -> None:
    assert toggle_settings(toggle(archived_at=TUESDAY))["enabled"] is True


def test_a_toggle_that_was_never_configured_in_default_is_off_without_strategies() -> None:
    elsewhere = structs.replace(toggle(), environments={})

    settings = toggle_settings(elsewhere)

    assert (settings["enabled"], settings["strategies"]) == (False, [])


@pytest.mark.parametrize(
    ("stored", "values"),
    [
        (Constraint("c", "NUM_EQ", value="5", values=()), ["5"]),
        (Constraint("c", "NUM_EQ", values=("5", "6")), ["5", "6"]),
        (Constraint("c", "IN", value="5", values=("6",)), ["6"]),
    ],
)
def test_values_stand_where_3x_knows_them(stored: Constraint, values: list[str]) -> None:
    (document,) = toggle_settings(toggle(strategy(constraints=(stored,))))["strategies"]

    assert document["constraints"][0]["values"] == values
    assert "value" not in document["constraints"][0]


def test_no_values_are_left_out_since_3x_takes_back_no_empty_list() -> None:
    stored = Constraint("c", "IN", values=())

    (document,) = toggle_settings(toggle(strategy(constraints=(stored,))))["strategies"]

    assert document["constraints"] == [{"contextName": "c", "operator": "IN"}]


def test_what_3x_has_no_words_for_is_shown_where_it_says_something() -> None:
    narrowed = strategy(
        title="Some",
        disabled=True,
        segments=(1, 2),
        variants=(Variant("v", 1000),),
        constraints=(
            Constraint("c", "IN", values=("x",), inverted=True, case_insensitive=True),
            Constraint("c", "IN", values=("x",), inverted=False, case_insensitive=False),
        ),
    )

    (document,) = toggle_settings(toggle(narrowed))["strategies"]

    plain = {"contextName": "c", "operator": "IN", "values": ["x"]}
    assert document == {
        "name": "default",
        "title": "Some",
        "disabled": True,
        "segments": [1, 2],
        "variants": [{"name": "v", "weight": 1000}],
        "constraints": [plain | {"inverted": True, "caseInsensitive": True}, plain],
    }
