"""Which addresses a webhook may reach: none inside our own network, unless the settings allow it.

A webhook makes the server ask somebody, with an address that a person typed: without this rule
anybody who may add one could look around behind the firewall (SSRF).  The address is resolved once,
and what was checked is what is connected to, so that a name cannot change its mind in between.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from server.alerts.errors import AddressRefused, DeliveryFailed

__all__ = ["Resolve", "allowed_address", "is_outside", "system_resolve", "taken_apart"]

#: Names to addresses, as texts.
Resolve = Callable[[str, int], Iterable[str]]

#: Networks through which private addresses can be reached under another name (RFC 6052, 8215).
_TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48")))


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the machine's resolver.  Raises `DeliveryFailed`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise DeliveryFailed(f"the name {host} is not known here: {error.strerror}") from error
    return [str(each[4][0]) for each in found]


def taken_apart(url: str) -> SplitResult:
    """The parts of an address.  Raises `DeliveryFailed` for what is no address of a webhook."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise DeliveryFailed("this is no address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise DeliveryFailed("an address begins with https:// (or http://) and names a host")
    if parts.username is not None or parts.password is not None:
        raise DeliveryFailed("an address holds no name and password")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise DeliveryFailed("an address has no spaces and no letters but ASCII")
    return parts


def is_outside(address: str) -> bool:
    """Is it an address of the public internet?"""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        return _is_outside_6(found)
    return _is_public(found)


def _is_outside_6(found: IPv6Address) -> bool:
    within = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
    if within:
        return _is_public(within) and found.ipv4_mapped is None
    return _is_public(found) and not any(found in network for network in _TRANSLATED)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    return found.is_global and not found.is_multicast and not found.is_reserved


def allowed_address(host: str, port: int, networks: Iterable[str], resolve: Resolve) -> str:
    """The address to connect to: all that the name has must be allowed.

    `networks` are those inside that the settings allow.  Raises `AddressRefused`.
    """
    found = list(resolve(host, port))
    if not found:
        raise DeliveryFailed(f"the name {host} has no address")
    allowed = [ip_network(each) for each in networks]
    for each in found:
        at = ip_address(each.partition("%")[0])
        if not is_outside(each) and not any(at in network for network in allowed):
            raise AddressRefused(
                f"{host} is {each}, inside our own network: webhooks may go there only if the "
                "settings allow it (alerts.webhook_networks)"
            )
    return found[0]
