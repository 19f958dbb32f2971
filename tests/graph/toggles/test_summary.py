"""One sentence describes whom an activation strategy matches."""

from datetime import UTC, datetime
from typing import Any

import pytest

from graph.toggles.summary import summarize
from store.constraints.operators import OPERATORS
from store.model import Segment, ToggleStrategy
from store.values import Constraint


def strategy(name: str, parameters: Any = None, **options: Any) -> ToggleStrategy:
    return ToggleStrategy(
        id="1",
        toggle_id="1",
        environment="default",
        name=name,
        parameters=parameters or {},
        **options,
    )


def segment(name: str) -> Segment:
    return Segment(id=1, name=name, created_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "parameters", "sentence"),
    [
        ("default", {}, "Matches everybody."),
        ("flexibleRollout", {}, "Matches everybody."),
        (
            "flexibleRollout",
            {"rollout": "100", "stickiness": "userId"},
            "Matches everybody with a userId.",
        ),
        ("gradualRolloutUserId", {"percentage": "100"}, "Matches all users with a userId."),
        (
            "flexibleRollout",
            {"rollout": "25"},
            "Matches 25 % of everybody, kept stable by user or session.",
        ),
        (
            "flexibleRollout",
            {"rollout": 25, "stickiness": "country"},
            "Matches 25 % of everybody, kept stable by country.",
        ),
        (
            "flexibleRollout",
            {"rollout": "25", "stickiness": "random"},
            "Matches 25 % of all requests, picked at random.",
        ),
        ("userWithId", {"userIds": "ada"}, "Matches the user ada."),
        ("userWithId", {"userIds": "a, b,,c ,d,e"}, "Matches the users a, b, c and 2 more."),
        ("userWithId", {}, "Matches nobody."),
        ("remoteAddress", {"IPs": "10.0.0.1"}, "Matches clients at the address 10.0.0.1."),
        (
            "applicationHostname",
            {"hostNames": "a.example,b.example"},
            "Matches applications on the hosts a.example and b.example.",
        ),
        (
            "gradualRolloutUserId",
            {"percentage": "5", "groupId": "g"},
            "Matches 5 % of all users, kept stable by userId.",
        ),
        (
            "gradualRolloutSessionId",
            {"percentage": "5"},
            "Matches 5 % of all sessions, kept stable by sessionId.",
        ),
        ("gradualRolloutRandom", {}, "Matches 0 % of all requests, picked at random."),
        ("byWeather", {}, "Matches the users that the custom strategy byWeather picks."),
        (
            "byWeather",
            {"sun": "8", "rain": None, "wind": ["n", "s"]},
            (
                "Matches the users that the custom strategy byWeather picks with sun 8 and wind "
                '["n","s"].'
            ),
        ),
    ],
)
def test_the_audience_of_a_strategy(name: str, parameters: Any, sentence: str) -> None:
    assert summarize(strategy(name, parameters), ()) == sentence


def test_constraints_and_segments_narrow_the_audience() -> None:
    narrowed = strategy(
        "flexibleRollout",
        {"rollout": "10"},
        constraints=(
            Constraint("country", "IN", values=("de", "fr", "it", "es", "pt")),
            Constraint("country", "IN", values=("de",), inverted=True),
            Constraint("version", "SEMVER_GTE", values=(), value="1.2.3"),
            Constraint("mood", "SOUNDS_LIKE", values=("x" * 50,), inverted=True),
            Constraint("empty", "IN"),
        ),
    )

    assert summarize(narrowed, [segment("beta"), segment("staff")]) == (
        "Matches 10 % of everybody, kept stable by user or session, if country is one of de, fr, "
        "it or 2 more, country is none of de, version is at least version 1.2.3, "
        f"not mood SOUNDS_LIKE {'x' * 39}… and empty is one of nothing "
        "within the segments beta and staff."
    )


def test_a_strategy_switched_off_is_said_to_be_skipped() -> None:
    skipped = strategy("default", disabled=True, constraints=None)

    assert summarize(skipped, [segment("beta")]) == (
        "Is skipped, and would match everybody within the segment beta."
    )


def test_every_operator_can_be_read_both_ways() -> None:
    for operator in OPERATORS:
        sentences = {
            summarize(
                strategy(
                    "default", constraints=(Constraint("f", operator, ("v",), "v", inverted),)
                ),
                (),
            )
            for inverted in (False, True)
        }

        assert len(sentences) == 2
        assert not any(operator in sentence for sentence in sentences)
