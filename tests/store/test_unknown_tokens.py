"""Unknown API tokens are counted by address and minute, in bounded memory."""

import logging

import pytest

from store.unknown_tokens import (
    MAX_ADDRESSES,
    MAX_ATTEMPTS,
    TooManyUnknownTokensError,
    UnknownTokens,
)


class Seconds:
    """A monotonic clock that changes only when a test sets it."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def refusal_of(tokens: UnknownTokens, address: str) -> int | None:
    """The seconds that an address must wait, or None if the next attempt is permitted."""
    try:
        tokens.count(address)
    except TooManyUnknownTokensError as error:
        return error.retry_after_s
    return None


def test_the_attempt_beyond_the_limit_is_refused_until_the_minute_is_over() -> None:
    seconds = Seconds()
    tokens = UnknownTokens(seconds)

    allowed = [refusal_of(tokens, "10.0.0.1") for _ in range(MAX_ATTEMPTS)]
    seconds.now += 15.5
    refused = refusal_of(tokens, "10.0.0.1")
    seconds.now += 44.5
    again = refusal_of(tokens, "10.0.0.1")

    assert allowed == [None] * MAX_ATTEMPTS
    assert refused == 45
    assert again is None
    assert tokens.total == MAX_ATTEMPTS + 2


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "unix", False),
    ],
)
def test_addresses_of_one_subscriber_count_together(address: str, other: str, same: bool) -> None:
    tokens = UnknownTokens(Seconds())
    for _ in range(MAX_ATTEMPTS):
        tokens.count(address)

    refused = refusal_of(tokens, other)

    assert (refused is not None) is same


def test_the_address_seen_least_recently_is_forgotten_first() -> None:
    tokens = UnknownTokens(Seconds())
    for _ in range(MAX_ATTEMPTS):
        tokens.count("quiet")
        tokens.count("busy")
    for number in range(MAX_ADDRESSES - 2):
        tokens.count(f"address-{number}")
    assert refusal_of(tokens, "busy") is not None

    tokens.count("one more")

    assert refusal_of(tokens, "busy") is not None
    assert refusal_of(tokens, "quiet") is None


def test_an_address_is_logged_at_its_first_attempt_and_when_it_is_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tokens = UnknownTokens(Seconds())

    with caplog.at_level(logging.WARNING):
        for _ in range(MAX_ATTEMPTS + 10):
            refusal_of(tokens, "10.0.0.1")

    assert [record.getMessage() for record in caplog.records] == [
        "An unknown API token came from 10.0.0.1",
        "10.0.0.1 has sent more than 20 unknown API tokens within a minute and is refused",
    ]
