"""Webhooks connect only to public addresses and to the allowed networks."""

from ipaddress import ip_address

import pytest

from flagstaff.webhooks.addresses import AddressRules, RefusedAddressError

PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:10.1.2.3",
    "::10.1.2.3",
    "64:ff9b::10.1.2.3",
    "2002:a01:203::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_refused(address: str):
    assert not AddressRules().allows(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_allowed(address: str):
    assert AddressRules().allows(ip_address(address))


def test_a_setting_allows_networks():
    rules = AddressRules(["10.1.0.0/16", "::1/128"])

    allowed = [address for address in PRIVATE if rules.allows(ip_address(address))]

    assert allowed == [
        "10.1.2.3",
        "::1",
        "::ffff:10.1.2.3",
        "::10.1.2.3",
        "64:ff9b::10.1.2.3",
        "2002:a01:203::1",
    ]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433"])
async def test_names_of_this_machine_are_refused_after_the_look_up(host: str):
    with pytest.raises(RefusedAddressError, match="is not public"):
        await AddressRules().resolve(host, 80)
