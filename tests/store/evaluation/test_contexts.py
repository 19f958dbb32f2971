"""Fields of a context are found by the names that constraints and rollouts use."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from store.constraints.reading import parse_number
from store.evaluation import Context

EMPTY = Context(current_time=datetime(2026, 1, 1, tzinfo=UTC))


def of(**fields: Any) -> Context:
    return replace(EMPTY, **fields)


def test_standard_fields_come_before_properties_of_their_names() -> None:
    context = of(user_id="anna", properties={"userId": "p", "sessionId": "p", "plan": "pro"})

    assert context.values["userId"] == "anna"
    assert context.values["sessionId"] is None
    assert context.values["plan"] == "pro"
    assert context.values["country"] is None
    assert context.values["currentTime"] == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "drawn"),
    [
        ({"user_id": "u", "session_id": "s"}, b"u"),
        ({"user_id": "", "session_id": "s"}, b""),
        ({"session_id": "s"}, b"s"),
        ({"properties": {"default": "p"}}, None),
    ],
)
def test_the_default_draws_from_the_user_or_the_session(
    fields: dict[str, Any], drawn: bytes | None
) -> None:
    assert of(**fields).draws["default"] == drawn


def test_chance_draws_from_no_property() -> None:
    assert of(properties={"random": "p"}).draws["random"] is None


def test_what_cannot_be_read_reads_as_nothing() -> None:
    readings = of(properties={"age": "41", "plan": "pro"}).readings[parse_number]

    assert (readings["age"], readings["plan"], readings["country"]) == (41.0, None, None)


def test_another_context_made_of_one_reads_its_own_fields() -> None:
    context = of(user_id="anna")
    assert context.values["userId"] == "anna"

    assert replace(context, user_id="ben").values["userId"] == "ben"
