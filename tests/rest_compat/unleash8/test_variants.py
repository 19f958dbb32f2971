"""The variants of a toggle in today's admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import FEATURES, add_strategy, create_feature, problems

VARIANTS = f"{FEATURES}/x/environments/default/variants"
BLUE = {"name": "blue", "weight": 600, "weightType": "variable", "stickiness": "default"}
GREEN: dict[str, Any] = {
    "name": "g",
    "weight": 400,
    "weightType": "fix",
    "stickiness": "userId",
    "payload": {"type": "csv", "value": "a,b"},
    "overrides": [{"contextName": "userId", "values": ["7"]}],
}


async def toggle(store: Store) -> None:
    """The toggle `x`."""
    await create_feature(admin_of(store), "x")


pytestmark = begins_with(toggle)


async def test_a_toggle_begins_without_variants(admin: httpx.AsyncClient) -> None:

    assert (await admin.get(VARIANTS)).json() == {"version": 1, "variants": []}


async def test_variants_are_shown_and_served_as_they_were_sent(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:

    answer = await admin.put(VARIANTS, json=[BLUE, GREEN])

    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "variants": [BLUE, GREEN]}
    assert (await admin.get(VARIANTS)).json() == answer.json()
    (feature,) = (await client.get("/api/client/features")).json()["features"]
    assert feature["variants"] == [BLUE, GREEN]


async def test_variants_belong_to_one_environment(admin: httpx.AsyncClient) -> None:
    await admin.put(VARIANTS, json=[BLUE])

    other = await admin.get(f"{FEATURES}/x/environments/staging/variants")

    assert other.json() == {"version": 1, "variants": []}


async def test_the_variants_sent_replace_all_others(admin: httpx.AsyncClient) -> None:
    await admin.put(VARIANTS, json=[BLUE, GREEN])

    await admin.put(VARIANTS, json=[])

    assert (await admin.get(VARIANTS)).json()["variants"] == []


async def test_defaults_are_filled_in(admin: httpx.AsyncClient) -> None:

    answer = await admin.put(VARIANTS, json=[{"name": "blue", "weight": "7"}])

    assert answer.json()["variants"] == [BLUE | {"weight": 1000}]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a=0 b=0 c=0", "a=334 b=333 c=333"),
        ("c=0 b=0 a=0", "a=333 b=333 c=334"),
        ("a=1000 b=0", "a=500 b=500"),
        ("a=300! b=1 c=1", "a=300 b=350 c=350"),
        ("a=1000! b=0", "a=1000 b=0"),
        ("a=333! b=0", "a=333 b=667"),
        ("on=400! off=600", "off=600 on=400"),
    ],
)
async def test_variable_variants_share_what_fixed_ones_leave_and_all_are_sorted(
    admin: httpx.AsyncClient, sent: str, stored: str
) -> None:
    variants = [
        {"name": name, "weight": weight.rstrip("!")}
        | {"weightType": "fix" if weight.endswith("!") else "variable", "stickiness": "default"}
        for name, weight in (part.split("=") for part in sent.split())
    ]

    answer = await admin.put(VARIANTS, json=variants)

    weights = [f"{variant['name']}={variant['weight']}" for variant in answer.json()["variants"]]
    assert " ".join(weights) == stored
    strategy = await add_strategy(admin, "x", name="default", variants=variants)
    assert strategy["variants"] == answer.json()["variants"]


async def test_variants_are_sorted_as_in_a_dictionary(admin: httpx.AsyncClient) -> None:
    names = ["b", "A", "a", "B", "a1", "a-b", "a_b", "ab", "1", "~", "a~"]

    answer = await admin.put(VARIANTS, json=[{"name": name, "weight": 0} for name in names])

    sorted_names = [variant["name"] for variant in answer.json()["variants"]]
    assert sorted_names == ["~", "1", "a", "A", "a_b", "a-b", "a~", "a1", "ab", "b", "B"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/body": "The value must be a list, not an object."}),
        (
            [{"weight": 1001}, {"name": "blue", "weight": 1, "weightType": "other"}, 7],
            {
                "/body/0/name": "The key 'name' is missing.",
                "/body/0/weight": "The value must be at most 1000, not the number 1001.",
                "/body/1/weightType": (
                    "The value must be one of variable, fix, not the string 'other'."
                ),
                "/body/2": "The value must be an object, not the number 7.",
            },
        ),
        (
            [GREEN | {"weight": 1000}],
            {
                "/body": (
                    "At least one variant must have the weight type variable. It gets the weight "
                    "that the variants with fixed weights leave."
                )
            },
        ),
        (
            [GREEN | {"weight": 600}, GREEN | {"name": "h", "weight": 600}, BLUE],
            {"/body": "The fixed weights add up to 1,200, more than 1000."},
        ),
        ([BLUE, BLUE], {"/body/1/name": "More than one variant is named 'blue'."}),
        (
            [BLUE, GREEN | {"name": "a b"}],
            {
                "/body/1/name": (
                    "The variant name 'a b' may contain only letters A to Z, digits and -_.~!*'()."
                )
            },
        ),
    ],
)
async def test_what_is_wrong_with_variants_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, expected: dict[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.put(VARIANTS, json=body)

    assert problems(answer, 400) == expected
    assert store.snapshot is before
