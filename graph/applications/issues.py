"""Issues: mismatches between an application and this server."""

from collections.abc import Sequence

import strawberry

from graph.applications.instance import Sdk, name_of_sdk
from graph.context import Context
from graph.engine.run.fields import plain
from graph.inner_lists import InnerList
from graph.node import shows
from graph.strategies.type import Strategy
from graph.toggles.type import Toggle
from store import model
from store.usage import issues


def _outdated_sdks(root: issues.ApplicationIssues, _: Context) -> Sequence[Sdk]:
    return [Sdk.reported(sdk_version) for sdk_version in root.outdated_sdks]


_UNKNOWN_TOGGLES = InnerList[str](
    "unknown toggles", lambda root, _: root.unknown_toggles, str, reads=()
)
_ARCHIVED_TOGGLES = InnerList[model.Toggle](
    "archived toggles", lambda root, _: root.archived_toggles, lambda each: each.name, reads=()
)
_UNKNOWN_STRATEGIES = InnerList[str](
    "unknown strategies", lambda root, _: root.unknown_strategies, str, reads=()
)
_MISSING_STRATEGIES = InnerList[model.Strategy](
    "missing strategies", lambda root, _: root.missing_strategies, lambda each: each.name, reads=()
)
_OUTDATED_SDKS = InnerList("outdated SDKs", _outdated_sdks, name_of_sdk, by_name=False, reads=())


@strawberry.type(description="Mismatches between an application and this server.")
@shows(issues.ApplicationIssues)
class ApplicationIssues:
    count: int = plain("The number of issues of all kinds.")
    unknown_toggles: list[str] = _UNKNOWN_TOGGLES.page(
        "The requested names for which no toggle exists, sorted."
    )
    unknown_toggle_count: int = _UNKNOWN_TOGGLES.count()
    has_more_unknown_toggles: bool = _UNKNOWN_TOGGLES.has_more()
    archived_toggles: list[Toggle] = _ARCHIVED_TOGGLES.page(
        "The archived toggles that the application still requests, sorted by name."
    )
    archived_toggle_count: int = _ARCHIVED_TOGGLES.count()
    has_more_archived_toggles: bool = _ARCHIVED_TOGGLES.has_more()
    unknown_strategies: list[str] = _UNKNOWN_STRATEGIES.page(
        "The strategies that the application implements but this server does not define, sorted."
    )
    unknown_strategy_count: int = _UNKNOWN_STRATEGIES.count()
    has_more_unknown_strategies: bool = _UNKNOWN_STRATEGIES.has_more()
    missing_strategies: list[Strategy] = _MISSING_STRATEGIES.page(
        "The strategies that the application's toggles use but its SDK does not implement, sorted "
        "by name."
    )
    missing_strategy_count: int = _MISSING_STRATEGIES.count()
    has_more_missing_strategies: bool = _MISSING_STRATEGIES.has_more()
    outdated_sdks: list[Sdk] = _OUTDATED_SDKS.page(
        "The outdated SDK versions of the instances that reported in the last 24 hours."
    )
    outdated_sdk_count: int = _OUTDATED_SDKS.count()
    has_more_outdated_sdks: bool = _OUTDATED_SDKS.has_more()
