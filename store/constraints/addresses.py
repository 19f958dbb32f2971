"""Convert IP addresses and blocks to numbers, so that tests can compare bits."""

from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

_MAX_ADDRESS_LENGTH = 45
# Add this bit to every IPv6 address, so that no IPv6 address equals an IPv4 address.
_IS_VERSION_6 = 1 << 128


def parse_address(value: str) -> int:
    """Parse an IP address in a context into a number.

    As in the official engine, `::ffff:10.1.2.3` is an IPv6 address, and differs from the IPv4
    address 10.1.2.3.

    Raises: ValueError.
    """
    if len(value) > _MAX_ADDRESS_LENGTH or "%" in value:
        raise ValueError(value)  # an IPv6 zone is meaningful only on one machine
    return _to_number(ip_address(value))


def compile_blocks(values: Sequence[str]) -> Callable[[int], bool]:
    """Return a function that tests whether an address is in any of the blocks.

    The function ignores invalid blocks.
    """
    addresses: set[int] = set()
    blocks: list[tuple[int, int]] = []
    for value in values:
        try:
            block = _parse_block(value)
        except ValueError:
            continue
        if block.num_addresses == 1:
            addresses.add(_to_number(block.network_address))
        else:
            blocks.append((_to_number(block.network_address), ~int(block.hostmask)))
    if not blocks:
        return addresses.__contains__

    def test(number: int) -> bool:
        if number in addresses:
            return True
        for first, mask in blocks:  # noqa: SIM110 (a generator would cost more than the tests)
            if number & mask == first:
                return True
        return False

    return test


def _parse_block(value: str) -> IPv4Network | IPv6Network:
    """Parse a block with the rules of the official engine.

    Python's `ipaddress` module accepts formats that the engine rejects.

    Raises: ValueError.
    """
    first, slash, length = value.partition("/")
    if "%" in first:
        raise ValueError(value)
    if length.startswith("+") and length[1:].isdecimal():
        length = length[1:]
    block = ip_network(f"{first}{slash}{length}", strict=False)
    if "." in length and length != str(block.netmask):
        raise ValueError(value)  # a host mask such as 0.0.0.255, instead of a length
    return block


def _to_number(address: IPv4Address | IPv6Address) -> int:
    return int(address) if address.version == 4 else int(address) | _IS_VERSION_6
