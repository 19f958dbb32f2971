"""The keys of the page that lists the known differences."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rest-differences.md"
# Keys of differences from 8.2 have this prefix. The program sends no calls to 8.2.
OF_TODAY = "today-"
_KEY = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)

# Listed differences from 3.17.6 that the program's calls never cause.
OMITTED = frozenset(
    {
        # These differences affect only headers, or bodies that the program does not send.
        *("new-location", "strategy-other-name"),
        *("tag-type-color-form", "tag-type-color-null", "filter-indexes"),
        # The rule `refused-not-failed` includes these differences, except for the status 403 of
        # 3.17.6.
        "built-in-strategies",
        # These differences are visible only if an import fails half-way, in the identity of
        # objects, or in warnings.
        *("import-at-once", "import-dropped", "import-short-names", "import-built-in"),
        *("import-loose-tags", "archive-graphql", "application-description"),
        # This difference is visible only with more names than the program reports.
        "metrics-bounded",
        # The program sends no requests about addons.
        *("addon-answer", "addon-provider", "addon-providers", "addon-read", "addon-slack"),
        *("addon-events", "addon-template", "addon-url"),
        # These differences are about times that no client of 3.x sends.
        *("time-seconds", "time-digits", "time-precision", "time-events"),
    }
)


def keys_of_page() -> list[str]:
    """All keys in the order of the page."""
    return _KEY.findall(PAGE.read_text(encoding="utf-8"))
