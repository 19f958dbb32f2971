"""The HTTP protocol of the server, which answers repeated polls without parsing them."""

from asyncio import Transport
from typing import ClassVar, cast

from flagstaff.protocol import LimitedProtocol
from flagstaff.repeated_polls import RepeatedPolls
from rest_compat.http.asgi import Scope, headers_of

# Larger bodies are sent separately from the head, because joining would copy the body. Bodies in
# several pieces are always large.
MAX_JOINED_BYTES = 65_536
MAX_JOINED_PARTS = 6


class RepeatingProtocol(LimitedProtocol):
    """One connection that looks up each request in `polls` before parsing the request.

    A request is looked up only if it arrives in one piece and all earlier requests have been
    answered. All other data is parsed. The limits on heads, idle connections and stalled
    connections apply to repeated polls and to parsed requests.
    """

    # `polls` is None if the settings require that each request is parsed.
    polls: ClassVar[RepeatedPolls | None] = None

    __slots__ = ("_repeated_at",)

    def connection_made(self, transport: Transport) -> None:
        """Start a connection."""
        super().connection_made(transport)
        # The time of the event loop when a poll was last answered without parsing.
        self._repeated_at: float | None = None

    def data_received(self, data: bytes) -> None:
        """Answer a repeated poll, or parse the data."""
        polls = self.polls
        if polls is None or not self._awaits_request() or len(data) >= self._room:
            super().data_received(data)
            return
        loop_time = self.loop.time()
        answer = polls.answer(data, self.server_state.default_headers, loop_time)
        if answer is None:
            super().data_received(data)
            if self._received_one_request():
                scope = cast("Scope", self.scope)
                polls.mark(scope, data, headers_of(scope))
            return
        self.server_state.total_requests += 1
        self._room = self.max_head_bytes
        if self._repeated_at is None:
            # The current timer may be the shorter timer for the first head of the connection.
            self._unset_keepalive_if_required()
            self._start_keep_alive(self.timeout_keep_alive)
        # When the timer ends, it reads this time. Storing the time is cheaper than a timer per
        # request.
        self._repeated_at = loop_time
        if len(answer) > MAX_JOINED_PARTS or len(answer[-1]) > MAX_JOINED_BYTES:
            self.transport.writelines(answer)
        else:
            self.transport.write(b"".join(answer))

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, unless a poll was answered in the meantime."""
        if self._repeated_at is not None:
            left_s = self._repeated_at + self.timeout_keep_alive - self.loop.time()
            if left_s > 0:
                self._start_keep_alive(left_s)
                return
        super().timeout_keep_alive_handler()

    def _awaits_request(self) -> bool:
        """Whether the next byte begins a request whose response can be sent immediately.

        While the server stops, responses end the connection, so they are not repeated.
        """
        return (
            self._between_messages
            and self.scope is self._started
            and (not self.cycle or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self._stopping
        )

    def _received_one_request(self) -> bool:
        """Whether the parsed data is one whole request that keeps the connection open.

        Before the data arrived, `_awaits_request` was true.
        """
        return (
            self._between_messages
            and self.scope is self._started
            and self._is_answering()
            and not self.pipeline
            and self.cycle.keep_alive
        )

    def _start_keep_alive(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )
