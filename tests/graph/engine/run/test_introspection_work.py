"""Introspection stops if the calling task is cancelled."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from graphql import get_introspection_query, parse

from graph.engine.run import introspection
from graph.engine.run.introspection import Introspections
from graph.engine.run.request import GraphQLRequest
from graph.schema import schema

QUERY = get_introspection_query()
TREE = parse(QUERY)
REQUEST = GraphQLRequest(QUERY)
# The tests cancel a caller after this many objects.
ENOUGH = 10


async def test_an_answer_that_is_not_waited_for_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In a single thread, later work runs after all earlier work.
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    introspections = Introspections(schema.graphql)
    executor: Any = introspection._Interruptible
    execute, begun, ended_late = executor.execute_fields, 0, 0

    def count(self: Any, *args: Any) -> Any:
        nonlocal begun, ended_late
        begun += 1
        if begun == ENOUGH:
            loop.call_soon_threadsafe(answering.cancel)
            assert self.context_value.wait(30)
        fields = execute(self, *args)
        ended_late += begun >= ENOUGH
        return fields

    with monkeypatch.context() as patches:
        patches.setattr(executor, "execute_fields", count)
        answering = asyncio.create_task(introspections.answer(QUERY, TREE, REQUEST))
        with pytest.raises(asyncio.CancelledError):
            await answering
        await asyncio.to_thread(bool)

    # Only the nested calls that were running have ended late.
    assert ended_late < ENOUGH
    answer = await introspections.answer(QUERY, TREE, REQUEST)
    assert answer.errors is None


async def test_an_answer_without_variables_is_worked_out_once() -> None:
    introspections = Introspections(schema.graphql)

    first = await introspections.answer(QUERY, TREE, REQUEST)

    assert await introspections.answer(QUERY, TREE, REQUEST) is first


async def test_the_newest_answers_are_cached() -> None:
    introspections = Introspections(schema.graphql)

    async def answer(number: int) -> object:
        query = f"{{ _{number}: __typename __schema {{ __typename }} }}"
        return await introspections.answer(query, parse(query), GraphQLRequest(query))

    first = [await answer(number) for number in range(introspection.MAX_CACHED)]

    assert await answer(0) is first[0]
    await answer(introspection.MAX_CACHED)
    # The last answer replaced the least recently used answer.
    assert await answer(0) is first[0]
    assert await answer(1) is not first[1]
