"""Limits on the size of a single input.

The limits are far above the sizes that people configure by hand.
"""

from collections.abc import Sized

from store.errors import LimitExceededError, Path, Problems

MAX_NAME_LENGTH = 100
MAX_TITLE_LENGTH = 255
# The maximum length of names that SDKs report: names of applications, and names of the strategies
# that applications implement.
MAX_REPORTED_NAME_LENGTH = 255
MAX_DESCRIPTION_LENGTH = 10_000
# The limit is high, because REST clients store arbitrary data in descriptions. A request body of
# the default maximum size cannot contain a longer description.
MAX_REST_DESCRIPTION_LENGTH = 1_000_000
MAX_TAG_VALUE_LENGTH = 50
MAX_CONSTRAINT_VALUE_LENGTH = 100
MAX_PATTERN_LENGTH = 1_000
MAX_PARAMETER_VALUE_LENGTH = 100_000
MAX_PAYLOAD_LENGTH = 100_000
MAX_URL_LENGTH = 2_000
MAX_ITEMS = 500
MAX_CONSTRAINT_VALUES = 10_000
MAX_PARAMETER_DEPTH = 32
MAX_PARAMETER_VALUES = 10_000
MAX_SORT_ORDER = 2**31 - 1


def check_count(
    items: Sized, *, what: str, path: Path, problems: Problems, maximum: int = MAX_ITEMS
) -> None:
    """Check the length of a list; `what` is the plural noun for the items of the list."""
    if len(items) > maximum:
        problems.add(
            LimitExceededError(
                f"{len(items):,} {what} are too many; at most {maximum:,} are allowed.",
                path=path,
            )
        )


def check_sort_order(sort_order: int, *, problems: Problems) -> None:
    """Check the range of a sort order."""
    if not 0 <= sort_order <= MAX_SORT_ORDER:
        problems.invalid(
            f"The sort order {sort_order} is not between 0 and {MAX_SORT_ORDER:,}.",
            rule="sort-order-range",
            path=("sortOrder",),
        )
