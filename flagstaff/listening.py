"""Reserve the address of the server, and allow the process to have many connections."""

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
    """Reserve an address. Call this function first, to report a busy address early.

    The result listens only when the event loop begins to accept connections. Until then, clients
    and proxies are refused, and may use another server. If the socket listened earlier, their
    requests would wait for the start, perhaps until nobody waits for the answers any more.

    Raises: AddressError: the message gives the reason.
    """
    listener = None
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address[:2])
    except socket.gaierror:
        raise AddressError(f"The host '{host}' is unknown.") from None
    except OSError as error:
        if listener is not None:
            listener.close()
        raise describe_refusal(error, host, port) from None
    return listener


def describe_refusal(error: OSError, host: str, port: int) -> AddressError:
    """Return the error that says why the system does not let this process use an address."""
    if error.errno == errno.EADDRINUSE:
        return AddressError(
            f"Port {port} on {host} is in use: stop the program that uses it, or choose another "
            "port with --port or FLAGSTAFF_PORT."
        )
    return AddressError(f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}.")


def address_of(host: str, listener: socket.socket) -> str:
    """Return the URL at which this machine reaches a listening socket."""
    name = "localhost" if host in ("0.0.0.0", "::", "[::]", "") else host.strip("[]")
    port = listener.getsockname()[1]
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
