"""Idle connections are closed, even if their requests were answered without being parsed."""

from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
import uvicorn
from uvicorn.server import ServerState

from flagstaff.repeated_polls import RepeatedPolls
from flagstaff.repeating_protocol import RepeatingProtocol
from tests.flagstaff.protocol.serving import echo

POLL = b"GET /poll HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD_DEADLINE_S = 10
IDLE_S = 75


class Timer:
    """A timer of `Loop`."""

    def __init__(self, at: float, act: Callable[[], None]) -> None:
        self.at, self._act = at, act
        self._is_cancelled = False

    def cancel(self) -> None:
        self._is_cancelled = True

    def end(self) -> None:
        if not self._is_cancelled:
            self._act()


class Loop:
    """The time and the timers of an event loop."""

    def __init__(self) -> None:
        self._now = 0.0
        self._timers: list[Timer] = []

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, act: Callable[[], None]) -> TimerHandle:
        self._timers.append(Timer(self._now + delay, act))
        return cast("TimerHandle", self._timers[-1])

    def move_to(self, now: float) -> None:
        """Move the clock, and run all timers that end until then."""
        while due := [timer for timer in self._timers if timer.at <= now]:
            timer = min(due, key=lambda each: each.at)
            self._timers.remove(timer)
            self._now = timer.at
            timer.end()
        self._now = now


class Transport:
    """A connection that records the number of responses and whether it is closed."""

    def __init__(self) -> None:
        self.responses = 0
        self.closed = False

    def write(self, _: bytes) -> None:
        self.responses += 1

    def write_eof(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, _: str) -> None:
        return None

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class OnePoll:
    """Repeated polls that consist of one request."""

    def answer(self, request: bytes, *_: object) -> Sequence[bytes] | None:
        return (b"HTTP/1.1 304 Not Modified\r\n\r\n", b"") if request == POLL else None


class Polling(RepeatingProtocol):
    polls = cast("RepeatedPolls", OnePoll())
    head_deadline_s = HEAD_DEADLINE_S


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.fixture
def protocol(loop: Loop, transport: Transport) -> Polling:
    config = uvicorn.Config(echo, http=Polling, log_config=None, timeout_keep_alive=IDLE_S)
    opened = Polling(
        config=config, server_state=ServerState(), app_state={}, _loop=cast("Any", loop)
    )
    opened.connection_made(cast("Any", transport))
    return opened


def test_a_connection_without_a_request_is_closed_at_the_deadline(
    loop: Loop, protocol: Polling, transport: Transport
) -> None:
    loop.move_to(HEAD_DEADLINE_S - 0.1)
    assert not transport.closed

    loop.move_to(HEAD_DEADLINE_S)
    assert transport.closed


def test_the_idle_time_begins_with_the_last_repeated_poll(
    loop: Loop, protocol: Polling, transport: Transport
) -> None:
    for at in (5, 20, 70, 130):
        loop.move_to(at)
        protocol.data_received(POLL)
    loop.move_to(130 + IDLE_S - 0.1)
    assert not transport.closed

    loop.move_to(130 + IDLE_S)

    assert transport.closed
    assert transport.responses == 4


def test_a_short_idle_time_holds_from_the_first_repeated_poll_on(
    loop: Loop, protocol: Polling, transport: Transport
) -> None:
    protocol.timeout_keep_alive = 2
    loop.move_to(1)

    protocol.data_received(POLL)
    loop.move_to(2.9)
    assert not transport.closed

    loop.move_to(3)
    assert transport.closed


def test_empty_lines_between_repeated_polls_do_not_add_up(
    protocol: Polling, transport: Transport
) -> None:
    for _ in range(400):  # all empty lines together exceed the maximum size of a head
        protocol.data_received(b"\r\n" * 50)
        protocol.data_received(POLL)

    assert transport.responses == 400
    assert not transport.closed


def test_the_deadline_of_a_head_begins_after_a_repeated_poll(
    loop: Loop, protocol: Polling, transport: Transport
) -> None:
    protocol.data_received(POLL)
    loop.move_to(60)
    protocol.data_received(POLL[:10])

    loop.move_to(60 + HEAD_DEADLINE_S - 0.1)
    assert transport.responses == 1

    loop.move_to(60 + HEAD_DEADLINE_S)
    assert transport.responses == 2  # 408
