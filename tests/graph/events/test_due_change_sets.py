"""Exactly one process applies a change set once its time has come."""

import asyncio
from datetime import timedelta

from store.operations.toggles import create_toggle
from tests.graph.scheduling import TimedGateway, switching_on, timed_gateway_over
from tests.statements import counted_statements
from tests.store.operations.doing import carry_out


async def test_late_ones_are_applied_in_the_order_of_their_times(timed: TimedGateway) -> None:
    minutes = {"third": 30, "first": 10, "second": 20, "fourth": 30}
    for description, delay in minutes.items():
        await timed.schedule(
            {"toggleUpdate": {"name": "a", "description": description}},
            applyAt=timed.clock.later(minutes=delay),
            force=True,
            comment=description,
        )

    handled = await timed.pass_time(days=3)

    events = [
        event for event in await timed.gateway.events() if event.type.name.endswith("APPLIED")
    ]
    assert handled == 4
    assert [event.subject_name for event in reversed(events)] == [
        "first",
        "second",
        "third",
        "fourth",
    ]
    assert timed.store.snapshot.toggles["a"].description == "fourth"


async def test_a_clock_that_steps_back_applies_nothing_early_or_twice(timed: TimedGateway) -> None:
    first = await timed.schedule(switching_on("a"))
    second = await timed.schedule(switching_on("b"), applyAt=timed.clock.later(minutes=20))

    handled = [
        await timed.pass_time(minutes=10),
        await timed.pass_time(hours=-1),
        await timed.pass_time(minutes=65),
        await timed.pass_time(minutes=10),
    ]

    assert handled == [1, 0, 0, 1]
    assert [
        (await timed.events_of(item)).count("CHANGE_SET_APPLIED") for item in (first, second)
    ] == [
        1,
        1,
    ]


async def test_processes_that_race_apply_each_once(timed: TimedGateway, prepared_url: str) -> None:
    scheduled = [await timed.schedule(switching_on(name)) for name in ("a", "b")]
    async with timed_gateway_over(prepared_url) as other:
        other.clock.now = timed.clock.now + timedelta(minutes=10)
        handled = await asyncio.gather(timed.pass_time(minutes=10), other.pass_time())

        await timed.store.refresh()
        assert sum(handled) >= 2
        for item in scheduled:
            assert await timed.events_of(item) == [
                "CHANGE_SET_SCHEDULED",
                "TOGGLE_ENABLED",
                "CHANGE_SET_APPLIED",
            ]


async def test_a_restarted_process_applies_what_is_late(prepared_url: str) -> None:
    async with timed_gateway_over(prepared_url) as timed:
        await carry_out(timed.store, create_toggle, name="a")
        scheduled = await timed.schedule(switching_on("a"))

    async with timed_gateway_over(prepared_url) as timed:
        handled = await timed.pass_time(days=30)

        assert handled == 1
        assert (await timed.read(scheduled))["state"] == "APPLIED"


async def test_the_scheduler_sleeps_until_the_next_time(timed: TimedGateway) -> None:
    nothing = await timed.store.scheduler._until_next()
    await timed.schedule(switching_on("a"), applyAt=timed.clock.later(minutes=2))
    far = await timed.store.scheduler._until_next()
    timed.clock.move(seconds=119)
    near = await timed.store.scheduler._until_next()

    assert (nothing, far, near) == (15.0, 15.0, 1.0)


async def test_the_scheduler_works_in_the_background(prepared_url: str) -> None:
    async with timed_gateway_over(prepared_url) as timed:
        await carry_out(timed.store, create_toggle, name="a")
        scheduled = await timed.schedule(switching_on("a"))
        timed.clock.move(minutes=10)

        async with timed.store.changes.subscribe() as feed:
            timed.store.scheduler.start()
            commit = await asyncio.wait_for(anext(feed), 30)
            await timed.store.scheduler.close()

        assert [event.type.name for event in commit.events] == [
            "TOGGLE_ENABLED",
            "CHANGE_SET_APPLIED",
        ]
        assert (await timed.read(scheduled))["state"] == "APPLIED"


async def test_many_cost_as_many_statements_as_few(timed: TimedGateway) -> None:
    document = """{ changeSets { nodes {
      changes { type } rollout { steps { at } } refusal { code }
    } } }"""
    counts: list[int] = []

    for number in range(3):
        await timed.schedule(switching_on("a"))
        change = {"toggleUpdate": {"name": "b", "description": str(number)}}
        await timed.gateway.change("changeSetApply", {"changes": [change]})
        with counted_statements() as statements:
            await timed.gateway.run(document)
        counts.append(len(statements))

    # The statements read the page, the applied changes, the planned changes, and the rollouts.
    assert counts == [4, 4, 4]


async def test_applying_one_takes_a_pinned_number_of_statements(timed: TimedGateway) -> None:
    await timed.schedule(switching_on("a"))
    timed.clock.move(minutes=10)

    with counted_statements() as statements:
        await timed.store.scheduler.apply_next()
    with counted_statements() as idle:
        await timed.store.scheduler.apply_next()

    assert len(idle) == 1
    # On SQLite, the statements concern the next change set, the revision, the next change set
    # again, its objects, its state, three rows of the configuration, and the events. On PostgreSQL,
    # a statement limits the time, but one statement writes all rows and notifies other processes.
    assert len(statements) == (9 if timed.store.dialect == "sqlite" else 6)
