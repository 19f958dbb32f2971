"""The words of messages."""

import pytest

from store.errors import NotFoundError, Refusal
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


def test_the_text_of_a_refusal_has_the_messages_of_all_its_errors() -> None:
    refusal = Refusal(NotFoundError("toggle", "a"), NotFoundError("project", "b"))

    assert str(refusal) == "No toggle is named 'a'.; No project is named 'b'."
