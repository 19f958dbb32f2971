"""Issues: mismatches between an application and this server."""

from collections.abc import Sequence

import strawberry

from graph.applications.instance import Sdk
from graph.engine.run.fields import derived, plain
from graph.node import shows
from graph.strategies.type import Strategy
from graph.toggles.type import Toggle
from store.usage import issues


def _outdated_sdks(root: issues.ApplicationIssues) -> Sequence[Sdk]:
    return [Sdk.reported(text) for text in root.outdated_sdks]


@strawberry.type(description="Mismatches between an application and this server.")
@shows(issues.ApplicationIssues)
class ApplicationIssues:
    count: int = plain("The number of issues of all kinds.")
    unknown_toggles: list[str] = plain("The names that the application requests but no toggle has.")
    archived_toggles: list[Toggle] = plain(
        "The archived toggles that the application still requests."
    )
    unknown_strategies: list[str] = plain(
        "The strategies that the application implements but this server does not define."
    )
    missing_strategies: list[Strategy] = plain(
        "The strategies on the application's toggles that the application does not implement."
    )
    outdated_sdks: list[Sdk] = derived(
        _outdated_sdks, "The outdated SDK versions of the application's live instances."
    )
