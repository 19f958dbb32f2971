"""Addresses and blocks of them as numbers, so that a look-up is a comparison of bits."""

from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

_LONGEST_ADDRESS = 45
# Set in every address of IPv6, so that none is taken for one of IPv4.
_IS_VERSION_6 = 1 << 128


def address(text: str) -> int:
    """The address that a context gives, as a number; IPv4 within IPv6, such as `::ffff:10.1.2.3`,
    is an address of IPv6, as the official engine has it.

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
            block = _block(text)
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


def _block(text: str) -> IPv4Network | IPv6Network:
    """The block that a text stands for, for which the engine takes less than Python does, and more.

    Raises: ValueError.
    """
    first, slash, length = text.partition("/")
    if "%" in first:
        raise ValueError(text)
    if length.startswith("+") and length[1:].isdecimal():
        length = length[1:]
    block = ip_network(f"{first}{slash}{length}", strict=False)
    if "." in length and length != str(block.netmask):
        raise ValueError(text)  # the bits that differ within the block
    return block


def _number(found: IPv4Address | IPv6Address) -> int:
    return int(found) if found.version == 4 else int(found) | _IS_VERSION_6
