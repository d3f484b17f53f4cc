"""Which network addresses a request to a stranger's host may go to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Refused beyond what `ipaddress` calls not global. IPv6 is the other way round: only global
# unicast (2000::/3) is allowed, less the ranges that carry or stand for something else; that
# leaves out loopback, link-local, site-local, unique-local, multicast, IPv4-mapped and NAT64.
_REFUSED_V4 = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata service lives here
        "168.63.129.16/32",  # Azure's host, a public address that answers only from inside
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
    )
)
_GLOBAL_UNICAST_V6 = ip_network("2000::/3")
_REFUSED_V6 = tuple(
    ip_network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Return whether this IP address belongs to the public internet and to nothing else."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return _is_public_v4(ip)
    return _is_public_v6(ip)


def is_loopback(address: str) -> bool:
    """Return whether this IP address is this very machine (127.0.0.0/8 or ::1)."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_public_v4(ip: IPv4Address) -> bool:
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    return not any(ip in network for network in _REFUSED_V4)


def _is_public_v6(ip: IPv6Address) -> bool:
    if ip.scope_id is not None or ip not in _GLOBAL_UNICAST_V6:
        return False
    return ip.is_global and not any(ip in network for network in _REFUSED_V6)
