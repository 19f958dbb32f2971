"""Datetimes need an offset and are returned in UTC, and big integers are exact."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.exceptions import StrawberryInputCoercionError

from graph.scalars import format_datetime, parse_big_int, parse_datetime
from tests.graph.gateway import Gateway


@pytest.mark.parametrize(
    ("text", "displayed"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000Z"),
        ("2026-01-31t12:00:00z", "2026-01-31T12:00:00.000000Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00.000000Z"),
        ("2026-01-31T12:00:00-00:30", "2026-01-31T12:30:00.000000Z"),
        ("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500000Z"),
        ("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456Z"),
    ],
)
def test_a_time_with_an_offset_is_understood(text: str, displayed: str) -> None:
    assert format_datetime(parse_datetime(text)) == displayed


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-01-31T12:00Z",
        "2026-1-31T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31T24:00:01Z",
        "2026-01-31T12:00:60Z",
        "2026-01-31T12:00:00+0200",
        "2026-01-31T12:00:00+25:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "\uff12026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z\n",
        1_700_000_000,
        True,
        None,
    ],
)
def test_other_strings_are_not_times(value: object) -> None:
    with pytest.raises(StrawberryInputCoercionError, match="RFC 3339"):
        parse_datetime(value)


@given(st.datetimes(timezones=st.just(UTC)))
@settings(max_examples=50)
def test_a_time_comes_back_as_it_went_out(time: datetime) -> None:
    assert parse_datetime(format_datetime(time)) == time


def test_times_of_other_offsets_are_shown_in_utc() -> None:
    time = datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=-5)))

    assert format_datetime(time) == "2026-01-31T17:00:00.000000Z"


def test_big_integers_are_exact_up_to_what_javascript_holds() -> None:
    assert parse_big_int(2**53 - 1) == 2**53 - 1
    for value in (2**53, -(2**53), 1.0, True, "1", None):
        with pytest.raises(StrawberryInputCoercionError):
            parse_big_int(value)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_time_without_an_offset_is_refused_as_a_variable_and_in_the_text(
    shared_gateway: Gateway,
) -> None:
    in_text = '{ events(filter: { createdAt: { from: "2026-01-31T12:00:00" } }) { totalCount } }'
    as_variable = (
        "query Events($from: DateTime) "
        "{ events(filter: { createdAt: { from: $from } }) { totalCount } }"
    )

    for document, variables in ((in_text, None), (as_variable, {"from": "2026-01-31T12:00:00"})):
        response = await shared_gateway.post(document, variables)
        (error,) = response.json()["errors"]
        assert "2026-01-31T12:00:00' is not a date and time in RFC 3339 format" in error["message"]
        assert error["extensions"]["code"] in ("GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT")
