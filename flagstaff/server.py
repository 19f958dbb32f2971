"""One server process: uvicorn around the application, from the bound port to the last answer."""

import asyncio
import errno
import logging
import os
import resource
import signal
import socket
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn
import uvloop
from starlette.types import ASGIApp

from flagstaff.app import running
from flagstaff.garbage import small_collections
from flagstaff.logs import configure_logging
from flagstaff.protocol import LimitedProtocol
from flagstaff.proxies import TrustedProxies
from flagstaff.settings import Settings
from flagstaff.websockets import LimitedWebSocket
from flagstaff.welcome import announce, welcome
from graph.engine.http.websocket import MAX_MESSAGE_BYTES

BACKLOG = 2048
DESCRIPTORS = 65_536
# After SIGTERM ten seconds are promised: eight for requests under way, the rest for the store.
GRACE_S = 8
# Before that, clients that do not read or send are hung up on, so that their requests end by it.
CUT_S = 7

_log = logging.getLogger(__name__)


class AddressError(Exception):
    """The server cannot listen where it was told to."""


def serve(settings: Settings, *, demo: bool = False) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP.

    Raises: AddressError: nothing can listen there. Besides, what `flagstaff.app.running` raises.
    """
    configure_logging(settings.log_level, settings.log_format)
    # An operation that is stopped because it took too long leaves parts of its lists undone.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    raise_descriptor_limit()
    listener = bind(settings.host, settings.port)
    with listener:
        uvloop.run(_serve(settings, listener, demo=demo))


async def _serve(settings: Settings, listener: socket.socket, *, demo: bool) -> None:
    address = address_of(settings.host, listener)
    async with running(settings, demo=demo) as (app, first, drain, end_streams):
        server = _Server(configure_uvicorn(app, settings), settings.drain_s, drain, end_streams)

        def stop(_number: int, _frame: FrameType | None) -> None:
            drain()
            server.should_exit = True

        # For signals that come before uvicorn listens to them, and for those that it repeats once
        # it has shut down, which would end the process before the store has written what is left.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        # uvicorn does not listen to this one, which comes when a terminal closes; nohup ignores it.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, server.handle_exit)
        async with small_collections():
            announce(welcome(address, first, settings))
            await server.serve(sockets=[listener])


def configure_uvicorn(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """uvicorn's configuration for an application and its settings."""

    class Protocol(LimitedProtocol):
        max_head_bytes = settings.max_head_bytes
        proxies = TrustedProxies(settings.trusted_proxies)

    return uvicorn.Config(
        app,
        http=Protocol,
        ws=LimitedWebSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        # It would cost more memory per socket than all else together.
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        # It trusts all peers on loopback; the application trusts those that the settings name.
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=GRACE_S,
    )


class _Server(uvicorn.Server):
    """uvicorn's server, which lets streams end once it stops instead of waiting for them."""

    def __init__(
        self,
        config: uvicorn.Config,
        drain_s: float,
        drain: Callable[[], None],
        end_streams: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._drain_s = drain_s
        self._drain = drain
        self._end_streams = end_streams
        self._stopping: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._exhausted = False

    async def on_tick(self, counter: int) -> bool:
        """Look after the process ten times a second, and return whether it shall stop."""
        self._watch_descriptors()
        return await super().on_tick(counter)

    def _watch_descriptors(self) -> None:
        """Log when there are no file descriptors left; connections are closed without a word."""
        try:
            os.close(os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            if not self._exhausted:
                _log.error(
                    "New connections are closed unanswered (%s): this process may have %d files "
                    "and connections open",
                    os.strerror(error.errno or 0),
                    resource.getrlimit(resource.RLIMIT_NOFILE)[0],
                )
            self._exhausted = True
        else:
            if self._exhausted:
                _log.warning("New connections are taken again")
            self._exhausted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop once load balancers have had time to notice; a second signal does not wait.

        A SIGINT while the server stops hangs up on the clients that are still answered.
        """
        self._drain()
        if self.should_exit and sig == signal.SIGINT:
            self._loop.call_soon_threadsafe(self._hang_up)
        if self._drain_s and self._stopping is None:
            self._stopping = self._loop.call_later(self._drain_s, super().handle_exit, sig, frame)
            return
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in good order; what is not answered in the time for it is cut off."""
        self._end_streams()
        cut = self._loop.call_later(CUT_S, self._hang_up)
        await super().shutdown(sockets)
        cut.cancel()
        # A task that waits for a client to read what it was sent ends only with the connection.
        self._hang_up()

    def _hang_up(self) -> None:
        """Close all connections at once, whatever is still to be sent over them."""
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


def raise_descriptor_limit() -> None:
    """Let the process have as many open files and connections as it may and could need.

    Where shells and containers begin with 1,024, so many streams would leave none for polls.
    """
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
    if given != resource.RLIM_INFINITY and given < wanted:
        with suppress(ValueError, OSError):  # some systems give less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, made first, so that an address which is taken is known at once.

    Raises: AddressError: with the reason.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except socket.gaierror:
        raise AddressError(f"The host '{host}' is not known.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressError(
                f"Port {port} on {host} is in use: stop the program that uses it, or choose "
                "another port with --port or FLAGSTAFF_PORT."
            ) from None
        raise AddressError(
            f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}."
        ) from None


def address_of(host: str, listener: socket.socket) -> str:
    """The address under which this machine reaches a listening socket."""
    name = "localhost" if host in ("0.0.0.0", "::", "[::]", "") else host.strip("[]")
    port = listener.getsockname()[1]
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
