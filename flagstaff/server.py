"""Run a server process: listen, run the application in uvicorn, and shut down."""

import asyncio
import logging
import os
import resource
import signal
import socket
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import FrameType
from typing import cast

import uvicorn
import uvloop
from starlette.types import ASGIApp

from flagstaff.app import RunningApp, run_app
from flagstaff.garbage import small_collections
from flagstaff.listening import (
    BACKLOG,
    address_of,
    bind,
    describe_refusal,
    raise_descriptor_limit,
)
from flagstaff.logs import configure_logging
from flagstaff.monitoring.traffic import Traffic
from flagstaff.proxies import TrustedProxies
from flagstaff.repeated_polls import RepeatedPolls
from flagstaff.repeating_protocol import RepeatingProtocol
from flagstaff.settings import Settings
from flagstaff.unleash_variables import variables_without_effect
from flagstaff.websockets import LimitedWebSocket
from flagstaff.welcome import announce, welcome, welcome_to_reader
from flagstaff.workers.link import SupervisorLink
from graph.engine.http.websocket import MAX_MESSAGE_BYTES

TICK_INTERVAL_S = 1.0
# After SIGTERM, running requests may take this many seconds. The store then takes at most two
# seconds, so the server stops within ten seconds.
GRACE_S = 8
# This many seconds after the shutdown begins, open connections are closed. Closing a connection
# ends the request of a client that neither reads nor sends.
CLOSE_CONNECTIONS_S = 7

_log = logging.getLogger(__name__)


def serve(settings: Settings, *, demo: bool = False, reader: bool = False) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP. A `reader` serves the toggles of another server.

    Raises: AddressError, and the errors of `flagstaff.app.run_app`.
    """
    configure_logging(settings.log_level, settings.log_format)
    if warning := variables_without_effect(os.environ):
        _log.warning("%s", warning)
    with bind(settings.host, settings.port) as listener:
        _run(settings, listener, demo=demo, reader=reader)


def serve_as_worker(
    settings: Settings, listener: socket.socket, link: SupervisorLink, *, demo: bool
) -> None:
    """Serve on an open socket until a signal, or until the supervisor stops this worker.

    Raises: the errors of `flagstaff.app.run_app`.
    """
    configure_logging(settings.log_level, settings.log_format)
    with listener:
        _run(settings, listener, demo=demo, link=link)


def _run(
    settings: Settings,
    listener: socket.socket,
    *,
    demo: bool,
    link: SupervisorLink | None = None,
    reader: bool = False,
) -> None:
    # A GraphQL operation that times out leaves coroutines of its lists unawaited.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    raise_descriptor_limit()
    uvloop.run(_serve(settings, listener, demo=demo, link=link, reader=reader))


async def _serve(
    settings: Settings,
    listener: socket.socket,
    *,
    demo: bool,
    link: SupervisorLink | None,
    reader: bool,
) -> None:
    address = f"{address_of(settings.host, listener)}{settings.base_path}"
    async with AsyncExitStack() as stack:
        if link is not None:
            await link.open()
        running = await stack.enter_async_context(
            _run_app(settings, demo=demo, link=link, reader=reader)
        )
        if link is not None:
            stack.push_async_callback(link.close)
        config = configure_uvicorn(running.app, settings, running.polls, running.traffic)
        server = _Server(config, settings.drain_s, running.drain, running.end_streams)
        if link is not None:
            link.on_stop = server.stop

        def announce_start() -> None:
            _log.info("Listening on %s", address, extra={"fields": {"address": address}})
            public = settings.public_url or address
            if reader:
                announce(welcome_to_reader(public, settings.upstream or ""))
            elif link is None or link.is_first or running.first_tokens is not None:
                announce(welcome(public, running.first_tokens, settings))
            if link is not None:
                link.report_ready()

        server.on_started = announce_start

        def stop(_number: int, _frame: FrameType | None) -> None:
            running.drain()
            server.should_exit = True

        # uvicorn handles signals only while it serves. After its shutdown, it raises the received
        # signals again. Without the handlers below, a signal before or after serving would end the
        # process before the store has written its last reports.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        # uvicorn does not handle SIGHUP, which arrives when a terminal closes. Under nohup this
        # signal is already ignored.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, server.handle_exit)
        async with small_collections(running.count_toggles):
            await server.serve(sockets=[listener])


def _run_app(
    settings: Settings, *, demo: bool, link: SupervisorLink | None, reader: bool
) -> AbstractAsyncContextManager[RunningApp]:
    if not reader:
        return run_app(settings, demo=demo, link=link)
    # Only readers need the HTTP client, whose import takes time and memory.
    from flagstaff.reader.running import run_reader

    return run_reader(settings, demo=demo)


def configure_uvicorn(
    app: ASGIApp,
    settings: Settings,
    repeated_polls: RepeatedPolls | None = None,
    counts: Traffic | None = None,
) -> uvicorn.Config:
    """Build uvicorn's configuration for an application from the settings.

    `counts` counts the connections.
    """

    class Protocol(RepeatingProtocol):
        max_head_bytes = settings.max_head_bytes
        proxies = TrustedProxies(settings.trusted_proxies)
        polls = repeated_polls
        traffic = counts or Traffic()

    return uvicorn.Config(
        app,
        # uvicorn would treat a function that returns a coroutine as an application of ASGI 2.
        interface="asgi3",
        http=Protocol,
        ws=LimitedWebSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        # Compression would take more memory per socket than all other state of the socket.
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        # uvicorn trusts all peers on loopback; the application trusts only the configured proxies.
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=GRACE_S,
    )


class _Server(uvicorn.Server):
    """A uvicorn server that ends streams at shutdown instead of waiting for their end."""

    def __init__(
        self,
        config: uvicorn.Config,
        drain_s: float,
        drain: Callable[[], None],
        end_streams: Callable[[], None],
    ) -> None:
        super().__init__(config)
        # This function is called when the server accepts requests.
        self.on_started: Callable[[], None] = lambda: None
        self._drain_s = drain_s
        self._drain = drain
        self._end_streams = end_streams
        self._stopping: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._exhausted = False
        self._exit = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept requests. Raises: AddressError: another program listens meanwhile."""
        for listener in sockets or ():
            try:
                listener.listen(BACKLOG)
            except OSError as error:
                # Two programs may reserve an address at the same time, but only one can listen.
                raise describe_refusal(error, *listener.getsockname()[:2]) from error
        await super().startup(sockets)
        self.on_started()

    async def main_loop(self) -> None:
        """Check the process once a second until the server should stop.

        uvicorn itself checks ten times a second. In an idle server, these checks are most of the
        work.
        """
        while not await self.on_tick(0):
            waiting = self._loop.call_later(TICK_INTERVAL_S, self._exit.set)
            await self._exit.wait()
            waiting.cancel()
            self._exit.clear()

    async def on_tick(self, counter: int) -> bool:
        """Check the process; return whether the server should stop."""
        self._check_descriptors()
        return await super().on_tick(counter)

    def _check_descriptors(self) -> None:
        """Log when no file descriptors are left, because new connections are then refused."""
        try:
            os.close(os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            if not self._exhausted:
                _log.error(
                    "New connections are refused (%s): the limit of open files and connections is "
                    "%d",
                    os.strerror(error.errno or 0),
                    resource.getrlimit(resource.RLIMIT_NOFILE)[0],
                )
            self._exhausted = True
        else:
            if self._exhausted:
                _log.warning("New connections are accepted again")
            self._exhausted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop after `drain_s`, so that load balancers can notice the shutdown first.

        A second signal skips this delay.

        A SIGINT during the shutdown closes the remaining connections.
        """
        _log.info("Stopping after %s", signal.Signals(sig).name)
        self._begin_exit(sig, frame)

    def stop(self) -> None:
        """Stop as after SIGTERM; do nothing if the server is already stopping."""
        if not self.should_exit and self._stopping is None:
            self._begin_exit(signal.SIGTERM, None)

    def _begin_exit(self, sig: int, frame: FrameType | None) -> None:
        self._drain()
        if self.should_exit and sig == signal.SIGINT:
            self._loop.call_soon_threadsafe(self._abort_connections)
        if self._drain_s and self._stopping is None:
            self._stopping = self._loop.call_later(self._drain_s, self._exit_now, sig, frame)
            return
        self._exit_now(sig, frame)

    def _exit_now(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self._exit.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop gracefully, and close the remaining connections after `CLOSE_CONNECTIONS_S`."""
        self._end_streams()
        await self._stop_listening(sockets or [])
        timer = self._loop.call_later(CLOSE_CONNECTIONS_S, self._abort_connections)
        await super().shutdown(sockets)
        timer.cancel()
        # A task that waits for a client to read ends only when the connection closes.
        self._abort_connections()

    async def _stop_listening(self, listeners: Sequence[socket.socket]) -> None:
        """Refuse new connections, but accept those that the system has already established.

        The clients may have sent requests over them, which would otherwise be lost.
        """
        established = [connection for listener in listeners for connection in _accept_all(listener)]
        for server in self.servers:
            server.close()
        for connection in established:
            await self._loop.connect_accepted_socket(self._create_protocol, connection)
        # The loop may have accepted other connections that have no protocol yet.
        await asyncio.sleep(0)

    def _create_protocol(self) -> asyncio.Protocol:
        # uvicorn declares only the base class of all protocols.
        create = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return create(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def _abort_connections(self) -> None:
        """Close all connections at once and drop unsent data."""
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


def _accept_all(listener: socket.socket) -> Iterator[socket.socket]:
    """Yield the established connections that nobody has accepted, without waiting for others."""
    while True:
        try:
            yield listener.accept()[0]
        except OSError:  # no connection is left, or no descriptor
            return
