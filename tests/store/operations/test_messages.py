"""The words of messages."""

import pytest

from store.operations.messages import format_count


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [
        (0, "toggle", "0 toggles"),
        (1, "row of counts", "one row of counts"),
        (2_000, "row of counts of toggles", "2,000 rows of counts of toggles"),
    ],
)
def test_numbers_of_things_are_singular_or_plural(count: int, noun: str, said: str) -> None:
    assert format_count(count, noun) == said
