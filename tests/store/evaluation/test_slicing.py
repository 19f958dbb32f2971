"""Evaluation yields to other tasks, and moves long indivisible work to a thread."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from store import Snapshot
from store.constraints.patterns import Pattern
from store.evaluation import (
    Context,
    Decision,
    EvaluationTimeoutError,
    deciders,
    evaluate_each,
    explain,
    slicing,
)
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.pacing import Turns
from store.threads import AbandonedError, HeavyWorkError, try_at_once
from tests.patterns import LARGE, note_compiled, only_in_threads

LONG = "ab" * 5_000


@pytest.fixture
def giving_way_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time slices of zero length, so that the code yields at every opportunity."""
    monkeypatch.setattr(slicing, "SLICE_S", -1)
    gc.disable()
    yield
    gc.enable()


def toggle(number: int, *constraints: dict[str, Any], **more: Any) -> dict[str, Any]:
    strategies = [{"name": "default", "constraints": constraints}]
    return {"name": f"t{number:03}", "enabled": True, "strategies": strategies, **more}


def searching(operator: str, *values: str, **more: Any) -> dict[str, Any]:
    value = {"value": values[0]} if operator == "REGEX" else {"values": values}
    return {"contextName": "field", "operator": operator, **value, **more}


def snapshot(*features: dict[str, Any], segments: Sequence[dict[str, Any]] = ()) -> Snapshot:
    return snapshot_of({"features": features, "segments": segments})


def context(value: str) -> Context:
    return context_of({"properties": {"field": value}})


async def threads_of(configured: Snapshot, value: str) -> list[tuple[bool, bool]]:
    """Return for each toggle whether it is on, and whether this thread evaluated it."""
    decide = deciders(configured, DEFAULT_ENVIRONMENT)
    used = context(value)

    def evaluate(toggle: Toggle) -> tuple[bool, bool]:
        enabled = decide[toggle.name](used).enabled
        return enabled, threading.get_ident() == own

    own = threading.get_ident()
    return await evaluate_each(configured.live_toggles, evaluate, Turns())


async def test_evaluations_come_in_the_order_of_the_toggles() -> None:
    configured = snapshot(*(toggle(number) for number in range(45)))

    names = await evaluate_each(configured.live_toggles, lambda evaluated: evaluated.name, Turns())

    assert names == [f"t{number:03}" for number in range(45)]
    assert await evaluate_each(list[Toggle](), lambda evaluated: evaluated.name, Turns()) == []


async def test_others_have_their_turn_every_ten_toggles(giving_way_often: None) -> None:
    configured = snapshot(*(toggle(number) for number in range(100)))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    await evaluate_each(configured.live_toggles, lambda evaluated: evaluated.name, Turns())
    waiting.cancel()

    assert turns >= 9


async def test_light_work_is_done_without_a_thread_or_a_turn() -> None:
    light = [
        toggle(0, searching("STR_CONTAINS", "b", "c")),
        toggle(1, searching("IN", *map(str, range(1_000)))),
    ]

    assert await threads_of(snapshot(*light), "abc") == [(True, True), (False, True)]
    assert await threads_of(snapshot(*light), LONG) == [(True, True), (False, True)]


@pytest.mark.parametrize(
    "constraints",
    [
        [searching("STR_CONTAINS", *(f"x{number}" for number in range(499)), "ba")],
        [searching("STR_CONTAINS", *(f"x{number}" for number in range(9)), "ba")] * 60,
        [searching("REGEX", "^(ab)*" + "(b?a?){30}$")],
        [searching("REGEX", "(ab){9}")] * 10,
    ],
    ids=["a long list", "many lists", "a large pattern", "many patterns"],
)
async def test_long_values_are_searched_in_a_thread_where_there_is_much_to_look_for(
    constraints: list[dict[str, Any]],
) -> None:
    here = snapshot(toggle(0, *constraints), toggle(1))
    segment = {"id": 1, "name": "one", "constraints": constraints}
    in_segment = toggle(0)
    in_segment["strategies"][0]["segments"] = [1]
    child = toggle(0, dependencies=[{"feature": "t001"}])

    for configured in (
        here,
        snapshot(in_segment, toggle(1), segments=[segment]),
    ):
        await threads_of(configured, "")  # compiles the existing patterns
        assert await threads_of(configured, "ab" * 9) == [(True, True), (True, True)]
        assert (await threads_of(configured, LONG))[0] == (True, False)

    on_parent = snapshot(child, toggle(1, *constraints))
    assert (await threads_of(on_parent, LONG))[0] == (True, False)


@pytest.mark.parametrize(
    "heavy",
    [
        toggle(0, searching("REGEX", "^a.*z$")),
        toggle(
            0,
            searching(
                "IN_CIDR", *(f"10.0.{number // 250}.{number % 250}" for number in range(2_001))
            ),
        ),
        toggle(0, *[searching("IN", *map(str, range(500)))] * 5),
        {
            "name": "t000",
            "enabled": True,
            "strategies": [{"name": "remoteAddress", "parameters": {"IPs": "10.0.0.1, " * 2_500}}],
        },
        toggle(
            0,
            variants=[
                {
                    "name": "red",
                    "weight": 1000,
                    "overrides": [{"contextName": "a", "values": [*map(str, range(2_001))]}],
                }
            ],
        ),
    ],
    ids=["a pattern", "addresses", "many lists", "a parameter", "overrides"],
)
async def test_what_takes_long_to_compile_is_compiled_in_a_thread_and_once(
    heavy: dict[str, Any],
) -> None:
    configured = snapshot(heavy, toggle(1))

    with note_compiled() as compiled:
        first = await threads_of(configured, "x")
        second = await threads_of(configured, "x")

    assert not first[0][1]
    assert [here for _, here in second] == [True, True]
    assert only_in_threads(compiled) in ([], ["^a.*z$"])


async def test_a_snapshot_of_many_patterns_is_compiled_in_threads() -> None:
    patterns = [f"^a{number}" for number in range(200)]
    configured = snapshot(
        *(toggle(at, searching("REGEX", pattern)) for at, pattern in enumerate(patterns))
    )

    with note_compiled() as compiled:
        decided = await threads_of(configured, "a19")

    assert sorted(only_in_threads(compiled)) == sorted(patterns)
    assert [at for at, (enabled, _) in enumerate(decided) if enabled] == [1, 19]


async def test_a_stored_pattern_that_is_too_large_today_is_evaluated_as_ever() -> None:
    configured = snapshot(toggle(0, searching("REGEX", LARGE)))

    assert [item for item, _ in await threads_of(configured, "a" * 300)] == [True]
    assert [item for item, _ in await threads_of(configured, "a" * 299)] == [False]


def test_explaining_is_heavy_where_deciding_is() -> None:
    configured = snapshot(toggle(0, searching("STR_CONTAINS", *map(str, range(500)))))
    (only,) = configured.live_toggles

    def explaining(value: str) -> Callable[[], object]:
        return lambda: explain(configured, only, DEFAULT_ENVIRONMENT, context(value)).enabled

    assert try_at_once(explaining("7")) is True
    with pytest.raises(HeavyWorkError):
        try_at_once(explaining(LONG))
    assert explaining(LONG)() is False


async def test_waits_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicing, "DEADLINE_S", 0)
    configured = snapshot(toggle(0, searching("REGEX", "b{100}a")))

    with pytest.raises(EvaluationTimeoutError, match="took longer than 0 seconds"):
        await threads_of(configured, LONG)


async def test_abandoned_work_stops_before_the_next_pattern(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matched: list[str] = []
    begun, going_on, ended = threading.Event(), threading.Event(), threading.Event()
    found_in = Pattern.found_in

    def noting_found_in(pattern: Pattern, text: str) -> bool:
        found = found_in(pattern, text)
        matched.append(text)
        begun.set()
        going_on.wait(10)
        return found

    monkeypatch.setattr(Pattern, "found_in", noting_found_in)
    constraint = searching("REGEX", "(b?a?){100}$")
    configured = snapshot(toggle(0, *[constraint] * 20))
    decide = deciders(configured, DEFAULT_ENVIRONMENT)["t000"]

    def evaluate(_: Toggle) -> Decision:
        try:
            return decide(context(LONG))
        except AbandonedError:
            ended.set()
            raise

    evaluating = asyncio.create_task(evaluate_each(configured.live_toggles, evaluate, Turns()))
    assert await asyncio.to_thread(begun.wait, 10)
    evaluating.cancel()
    await asyncio.wait([evaluating])
    going_on.set()

    assert await asyncio.to_thread(ended.wait, 10)
    assert len(matched) == 1
