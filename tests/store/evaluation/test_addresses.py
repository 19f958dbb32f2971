"""Addresses fall into the blocks that hold them."""

import pytest

from store.evaluation.addresses import address, in_blocks


@pytest.mark.parametrize(
    ("block", "inside", "outside"),
    [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
        ("10.0.0.7/8", "10.0.0.0", "9.255.255.255"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("0.0.0.0/0", "255.255.255.255", "::1"),
        ("::/0", "2001:db8::1", "10.0.0.1"),
        ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
        # The same number in the other version.
        ("10.0.0.0/8", "10.0.0.1", "::a00:1"),
        ("::a00:1", "::10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_block_holds_addresses_of_its_version_only(block: str, inside: str, outside: str) -> None:
    holds = in_blocks(["nowhere", "192.0.2.0/24", block])

    assert holds(address(inside))
    assert not holds(address(outside))


def test_without_blocks_there_is_no_address_inside() -> None:
    assert not in_blocks(["nowhere"])(address("10.0.0.1"))
