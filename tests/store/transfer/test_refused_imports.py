"""Reasons to refuse an import. A refusal reports all reasons at once, and nothing is stored."""

from typing import Any

import pytest

from store import Store
from store.model import ApiTokenType
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.transfer.checking import MAX_ERRORS
from store.transfer.context import ImportMode
from tests.store.operations.doing import carry_out
from tests.store.transfer.documents import sentences, state, take, wrong_with

LONG = "x" * 101
CONSTRAINT = {"contextName": "a", "operator": "IN"}


def joined(errors: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str]]:
    return [(rule, "/".join(path)) for rule, path in errors]


def toggle(**fields: Any) -> dict[str, Any]:
    return {"toggles": [{"name": "a", **fields}]}


def strategy(**fields: Any) -> dict[str, Any]:
    return toggle(
        environments=[{}, {"environment": "prod", "strategies": [{"name": "s"} | fields]}]
    )


REFERENCE_DATA: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"environments": [{"name": "a b"}]}, [("name-pattern", "environments/0/name")]),
    (
        {"environments": [{"name": "default", "enabled": False, "sortOrder": -1}]},
        [("BUILT_IN", "environments/0/enabled"), ("sort-order-range", "environments/0/sortOrder")],
    ),
    (
        {"projects": [{"name": "p", "title": "a\nb"}, {"name": ""}]},
        [("text-characters", "projects/0/title"), ("text-length", "projects/1/name")],
    ),
    ({"projects": [{"name": "a\nb"}]}, [("text-characters", "projects/0/name")]),
    (
        {"toggleTypes": [{"name": "release", "lifetimeDays": 0}, {"name": "a\nb"}]},
        [
            ("lifetime-range", "toggleTypes/0/lifetimeDays"),
            ("text-characters", "toggleTypes/1/name"),
        ],
    ),
    (
        {"contextFields": [{"name": "f", "legalValues": [{"value": "x"}, {"value": "x"}]}]},
        [("legal-values-unique", "contextFields/0/legalValues/1/value")],
    ),
    ({"tagTypes": [{"name": "t", "color": "red"}]}, [("color-format", "tagTypes/0/color")]),
    (
        {"tags": [{"type": "simple", "value": ""}, {"type": "none", "value": "x"}]},
        [("text-length", "tags/0/value"), ("NOT_FOUND", "tags/1/type")],
    ),
    (
        {"segments": [{"name": "s", "constraints": [CONSTRAINT | {"values": ["\0"]}]}]},
        [("text-characters", "segments/0/constraints/0/values/0")],
    ),
    ({"segments": [{"name": LONG}]}, [("text-length", "segments/0/name")]),
    (
        {"strategies": [{"name": "default", "title": "x", "deprecated": True}]},
        [("BUILT_IN", "strategies/0/title"), ("BUILT_IN", "strategies/0/deprecated")],
    ),
    (
        {"strategies": [{"name": "..", "parameters": [{"name": ""}]}]},
        [("name-reserved", "strategies/0/name"), ("text-length", "strategies/0/parameters/0/name")],
    ),
    (
        {"segments": [{"name": "s"}, {"name": "s"}], "toggles": [{"name": "a"}, {"name": "a"}]},
        [("names-unique", "segments/1/name"), ("names-unique", "toggles/1/name")],
    ),
]
TOGGLES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"toggles": [{"name": LONG}]}, [("name-length", "toggles/0/name")]),
    ({"toggles": [{"name": "a/b"}]}, [("name-pattern", "toggles/0/name")]),
    (toggle(description="\x1b"), [("text-characters", "toggles/0/description")]),
    (toggle(type=""), [("text-length", "toggles/0/type")]),
    (toggle(project=LONG), [("text-length", "toggles/0/project")]),
    (
        toggle(tags=[{"type": "simple", "value": "x" * 51}, {"type": "none", "value": "x"}]),
        [("text-length", "toggles/0/tags/0/value"), ("NOT_FOUND", "toggles/0/tags/1/type")],
    ),
    (
        toggle(
            dependencies=[
                {"toggle": "a"},
                {"toggle": "none"},
                {"toggle": "there", "variants": [""]},
                {"toggle": "there"},
            ]
        ),
        [
            ("dependency-itself", "toggles/0/dependencies/0/toggle"),
            ("NOT_FOUND", "toggles/0/dependencies/1/toggle"),
            ("text-length", "toggles/0/dependencies/2/variants/0"),
            ("dependencies-unique", "toggles/0/dependencies/3/toggle"),
        ],
    ),
    (
        toggle(environments=[{}, {"environment": "default"}, {"environment": "nowhere"}]),
        [
            ("environments-unique", "toggles/0/environments/1"),
            ("NOT_FOUND", "toggles/0/environments/2/environment"),
        ],
    ),
    (
        toggle(environments=[{"environment": "a\n"}, {"environment": ""}]),
        [
            ("NOT_FOUND", "toggles/0/environments/0/environment"),
            ("NOT_FOUND", "toggles/0/environments/1/environment"),
        ],
    ),
    (
        toggle(environments=[{"variants": [{"name": "v", "weight": -1}]}]),
        [("weight-range", "toggles/0/environments/0/variants/0/weight")],
    ),
]
STRATEGIES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"name": ""}, [("name-length", "name")]),
    ({"title": "a\nb"}, [("text-characters", "title")]),
    ({"parameters": {"a": "\0"}}, [("text-characters", "parameters/a")]),
    ({"constraints": [CONSTRAINT | {"operator": ""}]}, [("text-length", "constraints/0/operator")]),
    ({"segments": ["there", "none"]}, [("NOT_FOUND", "segments/1")]),
    (
        {"variants": [{"name": "v", "weight": 1, "weightType": "odd"}]},
        [("weight-type", "variants/0/weightType")],
    ),
]


@pytest.mark.parametrize(("sections", "errors"), REFERENCE_DATA + TOGGLES)
async def test_a_refusal_says_where(
    store: Store, sections: dict[str, Any], errors: list[tuple[str, str]]
):
    await carry_out(store, create_toggle, name="there")

    assert sorted(joined(await wrong_with(store, sections))) == sorted(errors)


@pytest.mark.parametrize(("fields", "errors"), STRATEGIES)
async def test_a_refused_strategy_says_where(
    store: Store, fields: dict[str, Any], errors: list[tuple[str, str]]
):
    around = {"environments": [{"name": "prod"}], "segments": [{"name": "there"}]}

    found = joined(await wrong_with(store, around | strategy(**fields)))

    assert found == [
        (rule, f"toggles/0/environments/1/strategies/0/{path}") for rule, path in errors
    ]


async def test_what_refers_to_something_refused_is_none_the_worse_for_it(store: Store):
    sections = {
        "environments": [{"name": "a b"}],
        "tagTypes": [{"name": "team", "color": "red"}],
        "segments": [{"name": "s", "description": "\0"}],
        "toggles": [
            {
                "name": "a",
                "tags": [{"type": "team", "value": "x"}],
                "dependencies": [{"toggle": "b"}],
                "environments": [
                    {"environment": "a b", "strategies": [{"name": "s", "segments": ["s"]}]}
                ],
            },
            {"name": "b", "type": ""},
        ],
    }

    assert sorted(joined(await wrong_with(store, sections))) == [
        ("color-format", "tagTypes/0/color"),
        ("name-pattern", "environments/0/name"),
        ("text-characters", "segments/0/description"),
        ("text-length", "toggles/1/type"),
    ]


async def test_values_of_wrong_types_and_broken_rules_are_reported_together(store: Store):
    strategy = {"name": "", "title": 7, "constraints": [{"contextName": "", "values": [1]}]}
    sections = {
        "projects": [{"name": "a b", "title": None}, {"nmae": "p"}],
        "toggles": [
            {"name": "a b", "impressionData": "yes"},
            {"name": "c/d"},
            5,
            {"name": "e", "environments": [{"environment": "default", "strategies": [strategy]}]},
            {"name": "e"},
        ],
    }

    assert sorted(joined(await wrong_with(store, sections))) == [
        ("document-key", "projects/1/nmae"),
        ("document-required", "projects/1/name"),
        (
            "document-required",
            "toggles/3/environments/0/strategies/0/constraints/0/operator",
        ),
        ("document-type", "projects/0/title"),
        ("document-type", "toggles/0/impressionData"),
        ("document-type", "toggles/2"),
        ("document-type", "toggles/3/environments/0/strategies/0/constraints/0/values/0"),
        ("document-type", "toggles/3/environments/0/strategies/0/title"),
        ("name-length", "toggles/3/environments/0/strategies/0/name"),
        ("name-pattern", "toggles/0/name"),
        ("name-pattern", "toggles/1/name"),
        ("names-unique", "toggles/4/name"),
        ("text-length", "toggles/3/environments/0/strategies/0/constraints/0/contextName"),
    ]


async def test_what_merely_follows_from_a_wrong_type_is_not_reported(store: Store):
    sections = {
        "tagTypes": [{"name": 5}],
        "segments": [{"constraints": []}],
        "toggles": [
            {
                "name": "a",
                "tags": [{"type": "team", "value": "x"}],
                "environments": [
                    {"environment": 1},
                    {"environment": "default", "strategies": [{"name": "s", "segments": ["s"]}]},
                    {"environment": "nowhere"},
                ],
            },
            {"name": "b", "environments": [5, {"environment": "default"}]},
        ],
    }

    assert sorted(joined(await wrong_with(store, sections))) == [
        ("NOT_FOUND", "toggles/0/environments/2/environment"),
        ("document-required", "segments/0/name"),
        ("document-type", "tagTypes/0/name"),
        ("document-type", "toggles/0/environments/0/environment"),
        ("document-type", "toggles/1/environments/0"),
    ]


@pytest.mark.parametrize("mode", ImportMode)
async def test_a_cycle_is_refused_with_the_way_round(store: Store, mode: ImportMode):
    cycle = [
        {"name": "a", "dependencies": [{"toggle": "b"}]},
        {"name": "b", "dependencies": [{"toggle": "d"}, {"toggle": "c"}]},
        {"name": "c", "dependencies": [{"toggle": "a"}]},
        {"name": "d"},
    ]

    assert await wrong_with(store, {"toggles": cycle}, mode=mode) == [
        ("dependency-cycle", ("toggles", "0", "dependencies", "0", "toggle"))
    ]
    assert await sentences(store, {"toggles": cycle}, mode=mode) == [
        "Toggle 'a' would depend on itself: a → b → c → a."
    ]


@pytest.mark.parametrize(
    ("names", "steps"),
    [
        ("abcdefg", "a → b → c → d → e → f → g → a"),
        ("abcdefgh", "a → b → c → d → e → f → … → a"),
    ],
)
async def test_of_a_long_cycle_the_beginning_and_the_end_are_shown(
    store: Store, names: str, steps: str
):
    toggles = [
        {"name": name, "dependencies": [{"toggle": parent}]}
        for name, parent in zip(names, names[1:] + names[0], strict=True)
    ]

    assert await sentences(store, {"toggles": toggles}) == [
        f"Toggle 'a' would depend on itself: {steps}."
    ]


async def test_a_cycle_through_toggles_that_are_there_is_refused(store: Store):
    await take(
        store, state(toggles=[{"name": "b", "dependencies": [{"toggle": "a"}]}, {"name": "a"}])
    )
    sections = {"toggles": [{"name": "c"}, {"name": "a", "dependencies": [{"toggle": "b"}]}]}

    assert await wrong_with(store, sections) == [
        ("dependency-cycle", ("toggles", "1", "dependencies", "0", "toggle"))
    ]
    assert (await take(store, state(**sections), mode=ImportMode.KEEP_EXISTING)).change_set
    # Replaced toggles have no dependencies any more.
    both = {"toggles": [*sections["toggles"], {"name": "b"}]}
    await take(store, state(**both), mode=ImportMode.REPLACE_ALL)


async def test_what_is_replaced_cannot_be_depended_on(store: Store):
    await carry_out(store, create_toggle, name="there")
    sections = toggle(dependencies=[{"toggle": "there"}])

    assert await wrong_with(store, sections, mode=ImportMode.REPLACE_ALL) == [
        ("NOT_FOUND", ("toggles", "0", "dependencies", "0", "toggle"))
    ]


async def test_targets_that_are_nowhere_are_refused(store: Store):
    found = await wrong_with(
        store, toggle(), project="nowhere", environment="nowhere", comment="\0"
    )

    assert found == [
        ("NOT_FOUND", ("project",)),
        ("NOT_FOUND", ("environment",)),
        ("text-characters", ("comment",)),
    ]


@pytest.mark.parametrize("mode", ImportMode)
async def test_one_bad_toggle_among_many_rejects_everything(store: Store, mode: ImportMode):
    await carry_out(store, create_strategy, name="mine")
    await carry_out(
        store, create_toggle, name="canary", enabled=True, strategies=[StrategySpec(name="mine")]
    )
    await carry_out(store, create_token, name="ops", type=ApiTokenType.ADMIN)
    toggles: list[dict[str, Any]] = [{"name": f"t{at}"} for at in range(500)]
    toggles[321]["environments"] = [
        {
            "strategies": [
                {"name": "default"},
                {"name": "x", "constraints": [{**CONSTRAINT, "contextName": ""}]},
            ]
        }
    ]

    # `wrong_with` checks that nothing was stored.
    found = await wrong_with(store, {"toggles": toggles}, mode=mode)

    assert joined(found) == [
        (
            "text-length",
            "toggles/321/environments/0/strategies/1/constraints/0/contextName",
        )
    ]


async def test_more_errors_than_anybody_reads_are_cut_off(store: Store):
    toggles = [{"name": f"a b{at}", "type": ""} for at in range(2_000)]

    assert len(await wrong_with(store, {"toggles": toggles})) == MAX_ERRORS
