"""Comparing two answers finds real differences, and ignores variations between runs."""

import json
from typing import Any

import pytest

from tests.differential.call import Answer, Call, Exchange
from tests.differential.comparing import ABSENT, differences


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer."""
    typed = {"content-type": "application/json; charset=utf-8", **headers}
    return Answer(status, typed, json.dumps(body).encode())


def found(unleash: Answer, flagstaff: Answer) -> list[tuple[str, Any, Any]]:
    """The paths and values of the differences."""
    exchange = Exchange(1, Call("x", "GET", "/x"), unleash, flagstaff)
    return [
        (difference.place, difference.unleash, difference.flagstaff)
        for difference in differences(exchange)
    ]


@pytest.mark.parametrize(
    ("unleash", "flagstaff", "place"),
    [
        ({"a": 1}, {"a": 2}, "body.a"),
        ({"a": True}, {"a": 1}, "body.a"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "body.a[].b"),
        ({"t": "2026-01-01T00:00:00.000Z"}, {"t": "2026-01-01T00:00:00Z"}, "body.t"),
        ({"t": "2026-01-01T00:00:00.000Z"}, {"t": "2026-01-01T02:00:00.000Z"}, "body.t"),
    ],
)
def test_values_and_forms_of_times_count(unleash: Any, flagstaff: Any, place: str) -> None:
    assert [item[0] for item in found(answer(unleash), answer(flagstaff))] == [place]


def test_times_near_each_other_and_the_order_of_tags_do_not_count() -> None:
    unleash = {"t": "2026-01-01T00:00:00.000Z", "tags": [{"type": "a"}, {"type": "b"}]}
    flagstaff = {"t": "2026-01-01T00:00:09.999Z", "tags": [{"type": "b"}, {"type": "a"}]}

    assert found(answer(unleash), answer(flagstaff)) == []


def test_statuses_missing_keys_and_headers_count() -> None:
    assert found(answer({"a": 1}, 201, etag="x"), answer({})) == [
        ("status", 201, 200),
        ("body.a", 1, ABSENT),
        ("header etag", "present", ABSENT),
    ]


def test_events_lose_their_ids_and_those_of_migrations() -> None:
    own = {"type": "feature-created", "createdBy": "unknown", "data": {"name": "a"}, "diffs": None}
    migrated = {**own, "id": 1, "createdBy": "migration"}

    assert (
        found(
            answer({"events": [{**own, "id": 9}, migrated]}), answer({"events": [{**own, "id": 2}]})
        )
        == []
    )


def test_lists_of_different_lengths_show_what_only_one_has() -> None:
    assert found(answer({"names": ["a", "b"]}), answer({"names": ["b"]})) == [
        ("body.names.length", ["a"], [])
    ]
