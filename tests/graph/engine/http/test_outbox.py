"""The number and the size of messages that wait for one client are limited."""

import asyncio

from graph.engine.http.outbox import MAX_BYTES, MAX_MESSAGES, Outbox

LARGE = b"x" * (MAX_BYTES // 4)


async def put_all(outbox: Outbox, messages: list[bytes]) -> list[asyncio.Task[None]]:
    """Put each message from a separate task, as subscriptions do."""
    putting = [asyncio.create_task(outbox.put(message)) for message in messages]
    await asyncio.sleep(0.01)
    return putting


async def test_large_messages_wait_outside_until_there_is_room() -> None:
    outbox = Outbox()
    putting = await put_all(outbox, [LARGE + b"%d" % number for number in range(10)])
    inside = sum(item.done() for item in putting)

    taken = [await outbox.get() for _ in range(10)]
    await asyncio.gather(*putting)

    assert inside == 3
    assert [b"".join(item)[-1:] for item in taken] == [b"%d" % number for number in range(10)]
    assert outbox.is_empty()


async def test_a_message_that_is_larger_than_the_outbox_goes_alone() -> None:
    outbox = Outbox()
    await outbox.put(b"small")
    putting = await put_all(outbox, [LARGE * 10, b"small"])

    assert [item.done() for item in putting] == [False, False]
    assert await outbox.get() == (b"small",)
    await asyncio.sleep(0.01)
    assert [item.done() for item in putting] == [True, False]
    assert not outbox.is_empty()
    assert [len(b"".join(await outbox.get())) for _ in range(2)] == [len(LARGE) * 10, 5]
    assert outbox.is_empty()


async def test_small_messages_are_counted() -> None:
    outbox = Outbox()
    putting = await put_all(outbox, [b"x"] * (MAX_MESSAGES + 5))

    assert sum(item.done() for item in putting) == MAX_MESSAGES
    for item in putting:
        item.cancel()
    await asyncio.gather(*putting, return_exceptions=True)
    # Cancelled tasks have left no messages behind.
    assert [await outbox.get() for _ in range(MAX_MESSAGES)] == [(b"x",)] * MAX_MESSAGES
    assert outbox.is_empty()
