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


@strawberry.type(description="What does not fit between an application and this server.")
@shows(issues.ApplicationIssues)
class ApplicationIssues:
    count: int = plain("The number of issues of all kinds.")
    unknown_toggles: list[str] = plain("Names it asks for that no toggle has.")
    archived_toggles: list[Toggle] = plain("Archived toggles it still asks for.")
    unknown_strategies: list[str] = plain("Strategies it implements that are not defined here.")
    missing_strategies: list[Strategy] = plain(
        "Strategies that toggles it uses depend on and that it does not implement."
    )
    outdated_sdks: list[Sdk] = derived(
        _outdated_sdks, "Outdated SDK versions its live instances run."
    )
