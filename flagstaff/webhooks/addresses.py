"""Decide to which addresses webhooks may connect."""

import asyncio
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from socket import SOCK_STREAM, gaierror
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

# Addresses of these networks end with the IPv4 address to which they lead: IPv4-compatible
# addresses (RFC 4291), and addresses of gateways (RFC 6052).
_EMBEDDING = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
# These networks are not public, although Python regards some of their addresses as global.
_NOT_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "64:ff9b:1::/48", "fec0::/10")))


class RefusedAddressError(Exception):
    """A host has no address to which webhooks may connect. The message is a sentence."""


class AddressRules:
    """The addresses to which webhooks may connect: public addresses, and the allowed networks."""

    def __init__(self, allowed_networks: Iterable[str] = ()) -> None:
        self._networks = tuple(ip_network(network) for network in allowed_networks)

    def allows(self, address: Address) -> bool:
        """Whether webhooks may connect to an address."""
        if any(address in network for network in self._networks):
            return True
        inner = _inner_address(address)
        if inner is not None:
            return self.allows(inner)
        return (
            address.is_global
            and not address.is_multicast
            and not any(address in network for network in _NOT_PUBLIC)
        )

    async def resolve(self, host: str, port: int) -> Sequence[Address]:
        """Return the addresses of a host to which webhooks may connect, in order of preference.

        The caller must connect to one of these addresses instead of the host, because another
        look-up could have another result.

        Raises:
            RefusedAddressError: no address is allowed.
            OSError: the host has no address.
        """
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
        except (gaierror, UnicodeError) as error:
            raise OSError(f"The host name cannot be resolved: {error}.") from error
        addresses = [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]
        allowed = [address for address in dict.fromkeys(addresses) if self.allows(address)]
        if not allowed:
            raise RefusedAddressError(
                f"The address {addresses[0]} is not public, and FLAGSTAFF_WEBHOOK_NETWORKS does "
                "not allow it."
            )
        return allowed


def _inner_address(address: Address) -> Address | None:
    """Return the IPv4 address to which an IPv6 address leads, None if it leads to itself."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None
