"""Blocks of IP addresses contain the expected addresses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from yggdrasil_engine.engine import UnleashEngine

from store.constraints.addresses import compile_blocks, parse_address
from store.evaluation import evaluate
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT

# The list contains an IPv4 address, its spellings in IPv6, and addresses that only look similar.
ADDRESSES = [
    "10.1.2.3",
    "::ffff:10.1.2.3",
    "::FFFF:10.1.2.3",
    "::ffff:a01:203",
    "0:0:0:0:0:ffff:10.1.2.3",
    "0000:0000:0000:0000:0000:FFFF:0a01:0203",
    "::10.1.2.3",
    "::ffff:0:10.1.2.3",
    "64:ff9b::10.1.2.3",
    "::ffff:10.1.2.4",
    "::ffff:010.1.2.3",
    "::ffff:10.1.2",
    "::ffff:10.1.2.3%1",
    "[::ffff:10.1.2.3]",
    " ::ffff:10.1.2.3",
    "::ffff:0.0.0.0",
    "::",
    "0.0.0.0",
]
LENGTHS = "/0 /24 /32 /95 /96 /104 /120 /128 /129 /024 /+24 /+96 /-1 / /0.0.0.255".split()
BLOCKS = [
    *ADDRESSES,
    *(f"{first}{length}" for first in ADDRESSES[:9] for length in LENGTHS),
    "10.1.2.3/255.255.255.0",
    "10.1.2.3/+255.255.255.0",
    "10.1.2.3/0.0.0.0",
    "::ffff:10.1.2.3%1/128",
    "::ffff:10.1.2.3/ffff::",
]


@pytest.mark.parametrize(
    ("block", "inside", "outside"),
    [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
        ("10.0.0.7/8", "10.0.0.0", "9.255.255.255"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("0.0.0.0/0", "255.255.255.255", "::1"),
        ("::/0", "2001:db8::1", "10.0.0.1"),
        ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
        # The outside address has the same number in the other IP version.
        ("10.0.0.0/8", "10.0.0.1", "::a00:1"),
        ("::a00:1", "::10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_block_holds_addresses_of_its_version_only(block: str, inside: str, outside: str) -> None:
    holds = compile_blocks(["nowhere", "192.0.2.0/24", block])

    assert holds(parse_address(inside))
    assert not holds(parse_address(outside))


def test_without_blocks_there_is_no_address_inside() -> None:
    assert not compile_blocks(["nowhere"])(parse_address("10.0.0.1"))


def test_addresses_of_ipv4_within_ipv6_are_not_those_of_ipv4() -> None:
    assert compile_blocks(["::ffff:10.1.2.0/120"])(parse_address("::ffff:a01:203"))
    assert not compile_blocks(["10.0.0.0/8"])(parse_address("::ffff:10.1.2.3"))
    assert not compile_blocks(["::ffff:10.1.2.3"])(parse_address("10.1.2.3"))


def test_blocks_hold_what_they_hold_to_the_official_engine() -> None:
    features = [*_features()]
    payload = {"version": 2, "features": features}
    engine = UnleashEngine()
    engine.take_state(json.dumps(payload))
    snapshot = snapshot_of(payload)

    differing = [
        (feature["strategies"], text)
        for feature in features
        for text in ADDRESSES
        for context in ({"remoteAddress": text},)
        for toggle in (snapshot.toggles[feature["name"]],)
        if evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context_of(context)).enabled
        is not bool(engine.is_enabled(toggle.name, context).is_enabled)
    ]

    assert differing == []


def _features() -> Iterator[dict[str, Any]]:
    """Each block as a parameter and as a value of a constraint."""
    for at, block in enumerate(BLOCKS):
        constraint = {"contextName": "remoteAddress", "operator": "IN_CIDR", "values": [block]}
        for name, strategy in (
            ("parameter", {"name": "remoteAddress", "parameters": {"IPs": block}}),
            ("constraint", {"name": "default", "constraints": [constraint]}),
        ):
            yield {"name": f"{name}-{at}", "enabled": True, "strategies": [strategy]}
