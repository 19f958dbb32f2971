"""The work of introspection ends when nobody waits for it any more."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from graphql import get_introspection_query, parse

from graph.engine.run.introspection import Introspections
from graph.engine.run.request import GraphQLRequest
from graph.schema import schema

QUERY = get_introspection_query()
TREE = parse(QUERY)
ASKED = GraphQLRequest(QUERY)


async def test_an_answer_that_is_not_waited_for_is_given_up() -> None:
    # So that what runs in a thread afterwards runs after all that ran before.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    introspections = Introspections(schema.graphql)
    began = time.process_time()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(introspections.answer(QUERY, TREE, ASKED), 0.02)
    await asyncio.to_thread(bool)

    given_up_s = time.process_time() - began
    answer = await introspections.answer(QUERY, TREE, ASKED)
    whole_s = time.process_time() - began - given_up_s
    assert answer.errors is None
    assert given_up_s < whole_s / 2


async def test_an_answer_without_variables_is_worked_out_once() -> None:
    introspections = Introspections(schema.graphql)

    first = await introspections.answer(QUERY, TREE, ASKED)

    assert await introspections.answer(QUERY, TREE, ASKED) is first
