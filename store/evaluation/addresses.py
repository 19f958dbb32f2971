"""Addresses and blocks of them as numbers, so that a look-up is a comparison of bits."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_LONGEST_ADDRESS = 45
# Set in every address of IPv6, so that none is taken for one of IPv4.
_IS_VERSION_6 = 1 << 128


def address(text: str) -> int:
    """The address that a context gives, as a number.

    Raises: ValueError.
    """
    if len(text) > _LONGEST_ADDRESS or "%" in text:
        raise ValueError(text)  # a zone of IPv6 means something on the machine that wrote it only
    return _number(ip_address(text))


def in_blocks(texts: Sequence[str]) -> Callable[[int], bool]:
    """What tells whether an address is in one of the blocks; texts that are none are left out."""
    alone: set[int] = set()
    blocks: list[tuple[int, int]] = []
    for text in texts:
        try:
            block = ip_network(text, strict=False)
        except ValueError:
            continue
        if block.num_addresses == 1:
            alone.add(_number(block.network_address))
        else:
            blocks.append((_number(block.network_address), ~int(block.hostmask)))
    if not blocks:
        return alone.__contains__

    def test(number: int) -> bool:
        if number in alone:
            return True
        for first, mask in blocks:  # noqa: SIM110 (a generator would cost more than the tests)
            if number & mask == first:
                return True
        return False

    return test


def _number(found: IPv4Address | IPv6Address) -> int:
    return int(found) if found.version == 4 else int(found) | _IS_VERSION_6
