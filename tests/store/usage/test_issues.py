"""Issues of applications: mismatches in their toggles, strategies and SDKs."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.usage import issues
from store.usage.issues import (
    ApplicationIssues,
    applications_with_issues,
    find_issues,
    load_suspects,
)
from store.usage.reports import AnyReport, ToggleCounts
from store.usage.sdks import is_outdated
from tests.store.conftest import Filled
from tests.store.usage.reporting import NOW, registration_report, usage_report

DAY = timedelta(days=1)
STANDARD = ("default", "flexibleRollout")


async def furnish(store: Store) -> None:
    """Create `plain`, `rainy` with a custom strategy in production, and the archived `old`."""
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="production")
        await create_strategy(work, name="byWeather")
        for name in ("plain", "rainy", "old"):
            await create_toggle(work, name=name)
        await configure_toggle(
            work,
            "rainy",
            environment="production",
            strategies=(
                StrategySpec(name="default"),
                StrategySpec(name="byWeather"),
                StrategySpec(name="undefined"),
                StrategySpec(name="userWithId", disabled=True),
            ),
            allow_unknown=True,
        )
        await archive_toggle(work, "old")


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the toggles of `furnish`."""
    return filled(beginning, furnish)


def found(
    store: Store,
    requested: Iterable[tuple[str, str]] = (),
    strategies: tuple[str, ...] = STANDARD,
    sdks: Iterable[str] = (),
) -> ApplicationIssues:
    return find_issues(
        store.snapshot, strategies=strategies, requested=requested, sdk_versions=sdks
    )


# ------------------------------------------------------------------ kinds of issues


async def test_an_application_without_mismatches_has_no_issues(store: Store) -> None:
    requested = [("plain", "default"), ("rainy", "default"), ("rainy", "nowhere")]

    nothing = found(store, requested, sdks=["unleash-node-sdk:6.1.0"])

    assert nothing == ApplicationIssues()
    assert nothing.count == 0


async def test_names_that_no_toggle_has_are_an_issue(store: Store) -> None:
    requested = [("typo", "default"), ("Gone", "default"), ("typo", "production")]

    assert found(store, requested) == ApplicationIssues(unknown_toggles=("Gone", "typo"))


async def test_requested_archived_toggles_are_an_issue(store: Store) -> None:
    old = store.snapshot.toggles["old"]

    assert found(store, [("old", "default")]) == ApplicationIssues(archived_toggles=(old,))


async def test_strategies_that_are_not_defined_are_an_issue(store: Store) -> None:
    strategies = ("default", "fromElsewhere", "byWeather", "another")

    assert found(store, strategies=strategies) == ApplicationIssues(
        unknown_strategies=("another", "fromElsewhere")
    )


async def test_strategies_are_missing_where_the_application_reports_from(store: Store) -> None:
    by_weather = store.snapshot.strategies["byWeather"]

    assert found(store, [("rainy", "production")]) == ApplicationIssues(
        missing_strategies=(by_weather,)
    )
    assert found(store, [("rainy", "production")], (*STANDARD, "byWeather")).count == 0


async def test_nothing_is_missing_for_an_application_without_strategies(
    store: Store,
) -> None:
    assert found(store, [("rainy", "production")], strategies=()).count == 0


async def test_sdks_that_are_too_old_are_an_issue_once_each(store: Store) -> None:
    sdks = ["unleash-client-node:3.21.0", "unleash-client-go:1.0", "unleash-client-node:3.21.0"]

    assert found(store, sdks=sdks) == ApplicationIssues(
        outdated_sdks=("unleash-client-go:1.0", "unleash-client-node:3.21.0")
    )


async def test_issues_of_all_kinds_are_counted(store: Store) -> None:
    requested = [("typo", "default"), ("old", "default"), ("rainy", "production")]

    assert found(store, requested, ("fromElsewhere",), ["unleash-client-go:1"]).count == 6


# ------------------------------------------------------------------ loading


async def add(store: Store, *reports: AnyReport) -> None:
    await store.journal.add(*reports)
    await store.aggregate_now()


def use(app_name: str, *names: str, ago: timedelta = timedelta(0), **fields: Any) -> AnyReport:
    counts = dict.fromkeys(names, ToggleCounts(1, 0))
    return usage_report(counts, app_name=app_name, received_at=NOW - ago, **fields)


async def suspects(
    store: Store, implemented: dict[str, tuple[str, ...]]
) -> dict[str, list[tuple[str, str]]]:
    async with store.read() as session:
        found = await load_suspects(session, store.snapshot, implemented, NOW - DAY)
    return {name: sorted(names) for name, names in found.items()}


async def test_only_possible_issues_are_loaded(store: Store) -> None:
    await add(
        store,
        use("shop", "plain", "rainy", "old", "typo"),
        use("till", "rainy", environment="production"),
        use("blog", "typo"),
    )
    whatever = [("old", "default"), ("typo", "default")]

    assert await suspects(store, {"shop": STANDARD, "till": ()}) == {
        "shop": sorted([*whatever, ("rainy", "default")]),
        "till": [("rainy", "production")],
    }
    assert await suspects(store, {"shop": (), "till": ()}) == {"shop": whatever}


async def test_old_reports_are_not_an_issue(store: Store) -> None:
    await add(
        store, use("shop", "typo", "old", ago=2 * DAY), use("shop", "Gone"), use("till", "old")
    )

    assert await suspects(store, {"shop": (), "till": ()}) == {
        "shop": [("Gone", "default")],
        "till": [("old", "default")],
    }


async def test_all_is_loaded_when_too_many_toggles_could_be_an_issue(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issues, "MAX_NAMES", 0)
    await add(store, use("shop", "plain", "rainy"))

    assert await suspects(store, {"shop": ("default",)}) == {
        "shop": [("plain", "default"), ("rainy", "default")]
    }


async def test_applications_with_issues_are_found_among_all(store: Store) -> None:
    standard = {"strategies": STANDARD, "sdk_version": "unleash-node-sdk:6.1.0"}
    await add(
        store,
        registration_report(app_name="fine", **standard),
        use("fine", "plain"),
        registration_report(app_name="asks", **standard),
        use("asks", "typo"),
        registration_report(app_name="asked", **standard),
        use("asked", "typo", "old", ago=2 * DAY),
        registration_report(app_name="implements", strategies=("fromElsewhere",)),
        registration_report(app_name="misses", **standard),
        use("misses", "rainy", environment="production"),
        registration_report(app_name="aged", sdk_version="unleash-client-node:3.0.0"),
        registration_report(
            app_name="gone", sdk_version="unleash-client-node:3.0.0", received_at=NOW - 2 * DAY
        ),
    )

    async with store.read() as session:
        names = await applications_with_issues(session, store.snapshot, NOW - DAY)

    assert names == {"asks", "implements", "misses", "aged"}


# ------------------------------------------------------------------ versions of SDKs


@pytest.mark.parametrize(
    "sdk",
    [
        "unleash-client-node:4.1.9",
        "unleash-node-sdk:4.2.0-beta.0",
        "unleash-client-node:3",
        "unleash-client-python:5.8.2",
        "unleash-python-sdk:0.1",
        "unleash-client-java:8.3.1",
        "unleash-client-dotnet:v3.3.9",
        "unleash-client-go:3.9.1",
        "unleash-edge:12.0.0",
    ],
)
def test_versions_before_the_oldest_supported_one_are_outdated(sdk: str) -> None:
    assert is_outdated(sdk)


@pytest.mark.parametrize(
    "sdk",
    [
        "unleash-client-node:4.2.0",
        "unleash-client-node:4.10.0",
        "unleash-node-sdk:6.12.1",
        "unleash-client-python:6.1.0-dev",
        "unleash-client-dotnet:v4.1.13",
        "unleash-client-node",
        "unleash-client-node:",
        "unleash-client-node:latest",
        "unleash-client-node:" + "9" * 5_000,
        "home-made:0.1",
        "",
        ":",
    ],
)
def test_newer_unknown_and_unreadable_versions_are_not(sdk: str) -> None:
    assert not is_outdated(sdk)
