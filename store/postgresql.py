"""Open connections to PostgreSQL: read the options of a URL, connect, and check connections."""

import asyncio
import os
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol, cast
from urllib.parse import urlencode
from weakref import WeakSet

import sqlalchemy as sa
from msgspec import Struct

from store.errors import StoreUnavailableError

# If a host becomes unreachable, even an idle connection to it fails after this time.
PEER_TIMEOUT_MS = 8_000
PING_TIMEOUT_S = 0.5
PING = "SELECT 1"
CONNECT_TIMEOUT_S = 1.5
ENCODING = "UTF8"

# The libpq options that asyncpg reads from a URL itself.
_TAKEN = frozenset(
    {
        *("host", "port", "dbname", "user", "password", "passfile", "service"),
        *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword"),
        *("ssl_min_protocol_version", "ssl_max_protocol_version", "sslnegotiation"),
        *("target_session_attrs", "krbsrvname", "gsslib"),
        # The options that asyncpg passes on to the server.
        *("application_name", "options"),
    }
)
# The values of these options are names of files.
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
# Only other clients use these options. The listed values are accepted without an effect; None means
# any value.
_WITHOUT_EFFECT: Mapping[str, frozenset[str] | None] = {
    "channel_binding": frozenset({"prefer", "disable"}),
    "client_encoding": frozenset({"utf8", "utf-8", "unicode", "auto"}),
    "gssencmode": frozenset({"prefer", "disable"}),
    "sslcompression": frozenset({"0"}),
    "sslsni": frozenset({"1"}),
    "load_balance_hosts": frozenset({"disable"}),
    "fallback_application_name": None,
    "keepalives": None,
    "keepalives_idle": None,
    "keepalives_interval": None,
    "keepalives_count": None,
    "tcp_user_timeout": None,
}
# _OTHER_NAMES maps names of options in other drivers to the names in libpq. _CACHE_SIZES are
# options of drivers that indicate a pooler.
_OTHER_NAMES = {"ssl": "sslmode", "database": "dbname"}
_CACHE_SIZES = ("statement_cache_size", "prepared_statement_cache_size")


class Driver(Protocol):
    """The methods and attributes of an asyncpg connection that are used here."""

    async def execute(self, query: str) -> str: ...

    async def fetchval(self, query: str) -> Any: ...

    async def add_listener(self, channel: str, callback: Any) -> None: ...

    def add_termination_listener(self, callback: Any) -> None: ...

    def get_server_pid(self) -> int: ...

    def get_settings(self) -> Any: ...

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...


class Address(Struct, frozen=True):
    """The address of a database, in the form that asyncpg reads.

    If `pooled`, statements of one connection may reach different server connections. `files` are
    the files for TLS, by the options that name them.
    """

    dsn: str
    connect_timeout_s: float
    pooled: bool
    files: Mapping[str, str]


def address_of(url: sa.URL) -> Address:
    """Return the address in a URL.

    Raises: StoreUnavailableError: an option is unknown, or its value is not supported.
    """
    options: dict[str, str] = {}
    timeout_s = CONNECT_TIMEOUT_S
    pooled = False
    for given, values in url.normalized_query.items():
        name = _OTHER_NAMES.get(given, given)
        value = ",".join(values) if name in ("host", "port") else values[-1]
        if name in _TAKEN:
            options[name] = value
        elif name == "connect_timeout":
            # In libpq, 0 means no limit. Here, 0 means the default limit, which is the maximum.
            timeout_s = min(_seconds(name, value) or timeout_s, timeout_s)
        elif name in _CACHE_SIZES:
            pooled = pooled or value == "0"
        elif name not in _WITHOUT_EFFECT:
            raise StoreUnavailableError(f"The database URL has the unknown option '{name}'.")
        elif (allowed := _WITHOUT_EFFECT[name]) and value.lower() not in allowed:
            raise StoreUnavailableError(
                f"The database URL's option '{name}' must be "
                f"{' or '.join(sorted(allowed))} here, not '{value}'.",
            )
    plain = url.set(drivername="postgresql", query={}).render_as_string(hide_password=False)
    dsn = f"{plain}?{urlencode(options)}" if options else plain
    files = {name: options[name] for name in _FILES if name in options}
    return Address(dsn, timeout_s, pooled, files)


def _seconds(name: str, value: str) -> int:
    if not value.isdecimal():
        raise StoreUnavailableError(
            f"The database URL's option '{name}' must be a whole number of seconds, not '{value}'."
        )
    return int(value)


class Connector:
    """Opens connections to one database, and keeps a list of open connections."""

    def __init__(self, url: sa.URL) -> None:
        """Parse the URL, without connecting.

        Raises: StoreUnavailableError: an option of the URL is not supported.
        """
        self.address = address_of(url)
        self.pooled = self.address.pooled
        self._open: WeakSet[Any] = WeakSet()

    async def connect(self, *_positional: Any, **options: Any) -> Driver:
        """Open a connection; `options` are passed to asyncpg together with the options of the URL.

        Raises: StoreUnavailableError: the database cannot be reached or used.
        """
        # asyncpg is untyped, and is installed only with the extra `postgres`.
        asyncpg: Any = import_module("asyncpg")
        if self.pooled:
            options["statement_cache_size"] = 0
        try:
            connection = await asyncpg.connect(
                self.address.dsn, timeout=self.address.connect_timeout_s, **options
            )
        except (
            OSError,
            ValueError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            # For example, no host is in the state that `target_session_attrs` requires.
            asyncpg.InternalClientError,
        ) as error:
            raise StoreUnavailableError(_describe(error, self.address.files)) from error
        driver = cast("Driver", connection)
        self._open.add(connection)
        encoding = str(driver.get_settings().server_encoding)
        if encoding != ENCODING:
            driver.terminate()
            raise StoreUnavailableError(
                f"The database has the encoding {encoding}; Flagstaff needs one with {ENCODING}."
            )
        _keep_alive(connection)
        return driver

    async def look_for_pooler(self) -> None:
        """Detect a pooler that sends statements to different server connections.

        Behind such a pooler, two ids of server processes differ: the id of the process that
        answers, and the id that the pooler reported.

        Raises: StoreUnavailableError.
        """
        driver = await self.connect(statement_cache_size=0)
        try:
            async with asyncio.timeout(PING_TIMEOUT_S * 2):
                answering = await driver.fetchval("SELECT pg_backend_pid()")
                self.pooled = self.pooled or answering != driver.get_server_pid()
        except Exception as error:
            raise StoreUnavailableError("The database cannot be reached at the moment.") from error
        finally:
            driver.terminate()

    def terminate_all(self) -> None:
        """Terminate all connections without notice to the server."""
        for driver in list(self._open):
            driver.terminate()


def _describe(error: Exception, files: Mapping[str, str]) -> str:
    """Return the sentences about a connection that failed. `files` are the files for TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            "The certificate of the database server is not trusted. The option 'sslrootcert' of "
            "the URL must name the file with the certificate of its authority. With "
            "sslmode=verify-full, the certificate must have the host of the URL."
        )
    # Errors of files do not name the file.
    for option, file in files.items():
        if isinstance(error, OSError) and not os.access(file, os.R_OK):
            return f"The database URL's option '{option}' names '{file}', which cannot be read."
    if isinstance(error, ssl.SSLError):
        return "A TLS connection to the database cannot be opened."
    if isinstance(error, OSError):
        return "The database cannot be reached at the moment."
    return "PostgreSQL refuses the connection."


async def answers(driver: Driver) -> bool:
    """Whether the server answers in time; otherwise terminate the connection."""
    ending = asyncio.get_running_loop().call_later(PING_TIMEOUT_S, driver.terminate)
    try:
        # The driver raises an error for an empty query.
        await driver.execute(PING)
    except Exception:
        driver.terminate()
        return False
    except BaseException:
        driver.terminate()
        raise
    finally:
        ending.cancel()
    # If the event loop was blocked, the timer may have fired after the answer arrived.
    return not driver.is_closed()


def _keep_alive(connection: Any) -> None:
    """Enable TCP keep-alive, so that the system detects an unreachable host on idle connections."""
    transport = getattr(connection, "_transport", None)
    found = transport.get_extra_info("socket") if transport is not None else None
    if found is None or found.family not in (socket.AF_INET, socket.AF_INET6):
        return
    options = {
        "TCP_KEEPIDLE": 3,
        "TCP_KEEPINTVL": 2,
        "TCP_KEEPCNT": 2,
        "TCP_USER_TIMEOUT": PEER_TIMEOUT_MS,
    }
    # Not every event loop allows setting options on the transport's socket object.
    with suppress(OSError), socket.socket(fileno=os.dup(found.fileno())) as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in options.items():
            if hasattr(socket, name):
                own.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
