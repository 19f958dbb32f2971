"""Limit how many unknown API tokens may come from one address."""

import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from msgspec import Struct

MAX_ATTEMPTS = 20
WINDOW_S = 60.0
# The maximum number of addresses to remember; the address with the oldest attempt is evicted first.
MAX_ADDRESSES = 10_000
# One subscriber of an internet provider usually has all addresses of an IPv6 network of this size.
_IPV6_NETWORK_BITS = 64

_log = logging.getLogger(__name__)


class TooManyUnknownTokensError(Exception):
    """An address has sent too many unknown tokens, and must wait for `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        self.message = (
            f"This address has sent more than {MAX_ATTEMPTS} unknown API tokens within one minute; "
            f"try again in {retry_after_s} s."
        )
        super().__init__(self.message)


class _Window(Struct):
    """The attempts of one address since `started`, a time of the monotonic clock."""

    started: float
    attempts: int = 0


class UnknownTokens:
    """The attempts of all addresses. Only unknown tokens are counted and refused."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        # The number of requests with unknown tokens since the process started, including refused
        # requests.
        self.total = 0

    def check(self, address: str) -> None:
        """Check that an address may still send unknown tokens, without counting a request.

        Raises: TooManyUnknownTokensError.
        """
        now, window = self._monotonic(), self._windows.get(_network_of(address))
        if (
            window is not None
            and window.attempts >= MAX_ATTEMPTS
            and now < window.started + WINDOW_S
        ):
            raise TooManyUnknownTokensError(math.ceil(window.started + WINDOW_S - now))

    def count(self, address: str) -> None:
        """Count a request with an unknown token, and log each address once a minute.

        Raises: TooManyUnknownTokensError: the address has used up its attempts for this minute.
        """
        self.total += 1
        now = self._monotonic()
        network = _network_of(address)
        window = self._windows.get(network)
        if window is None or now >= window.started + WINDOW_S:
            window = self._windows[network] = _Window(now)
            fields = {"fields": {"client": network}}
            _log.warning("An unknown API token came from %s", network, extra=fields)
        self._windows.move_to_end(network)
        if len(self._windows) > MAX_ADDRESSES:
            self._windows.popitem(last=False)
        window.attempts += 1
        if window.attempts == MAX_ATTEMPTS + 1:
            _log.warning(
                "%s has sent more than %d unknown API tokens within a minute and is refused",
                network,
                MAX_ATTEMPTS,
                extra={"fields": {"client": network}},
            )
        if window.attempts > MAX_ATTEMPTS:
            raise TooManyUnknownTokensError(math.ceil(window.started + WINDOW_S - now))


def _network_of(address: str) -> str:
    """Return the key for counting: an IPv4 address, an IPv6 network, or the unchanged string."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    host_bits = parsed.max_prefixlen - _IPV6_NETWORK_BITS
    return f"{IPv6Address(int(parsed) >> host_bits << host_bits)}/{_IPV6_NETWORK_BITS}"
