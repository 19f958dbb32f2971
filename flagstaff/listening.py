"""Open the listening socket, and allow the process to have many connections."""

import errno
import os
import resource
import socket
from contextlib import suppress

BACKLOG = 2048
MAX_DESCRIPTORS = 65_536


class AddressError(OSError):
    """The server cannot listen on the configured address."""


def raise_descriptor_limit() -> None:
    """Raise the limit of open files and connections up to `MAX_DESCRIPTORS`.

    The limit of shells and containers is often 1,024. With 1,024 streams, no descriptors would be
    left for polls.
    """
    current, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    requested = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(MAX_DESCRIPTORS, hard)
    if current != resource.RLIM_INFINITY and current < requested:
        with suppress(ValueError, OSError):  # some systems report a higher limit than they allow
            resource.setrlimit(resource.RLIMIT_NOFILE, (requested, hard))


def bind(host: str, port: int) -> socket.socket:
    """Open the listening socket. Call this function first, to report a busy address early.

    Raises: AddressError: the message gives the reason.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except socket.gaierror:
        raise AddressError(f"The host '{host}' is unknown.") from None
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
    """Return the URL at which this machine reaches a listening socket."""
    name = "localhost" if host in ("0.0.0.0", "::", "[::]", "") else host.strip("[]")
    port = listener.getsockname()[1]
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
