"""How much a single input may hold; far above what anybody configures by hand."""

from collections.abc import Sized

from store.errors import LimitExceededError, Path, Problems

LONGEST_NAME = 100
LONGEST_TITLE = 255
# Of applications and of the strategies that they implement, which SDKs name.
LONGEST_REPORTED_NAME = 255
LONGEST_DESCRIPTION = 10_000
# REST clients keep what they like there; a body of the default size holds no more.
LONGEST_DESCRIPTION_OVER_REST = 1_000_000
LONGEST_TAG_VALUE = 50
LONGEST_CONSTRAINT_VALUE = 100
LONGEST_PATTERN = 1_000
LONGEST_PARAMETER_VALUE = 100_000
LONGEST_PAYLOAD = 100_000
LONGEST_ADDRESS = 2_000
MOST_ITEMS = 500
MOST_CONSTRAINT_VALUES = 10_000
DEEPEST_PARAMETER = 32
MOST_PARAMETER_VALUES = 10_000
HIGHEST_SORT_ORDER = 2**31 - 1


def check_count(
    items: Sized, *, what: str, path: Path, problems: Problems, most: int = MOST_ITEMS
) -> None:
    """Note a list that is too long; `what` names its items in the plural."""
    if len(items) > most:
        problems.add(
            LimitExceededError(
                f"{len(items):,} {what} are too many; at most {most:,} are allowed.", path=path
            )
        )


def check_sort_order(sort_order: int, *, problems: Problems) -> None:
    """Note a place among others that is out of range."""
    if not 0 <= sort_order <= HIGHEST_SORT_ORDER:
        problems.invalid(
            f"The sort order {sort_order} is not between 0 and {HIGHEST_SORT_ORDER:,}.",
            rule="sort-order-range",
            path=("sortOrder",),
        )
