"""Which network addresses may be connected to. Pure; decides on the address itself, never on a name.

`ipaddress.is_global` lets multicast, cloud metadata relays and addresses that embed an IPv4 address pass, so IPv4 is a
list of what is refused and IPv6 a list of what is allowed (2000::/3) less what is special inside it.
"""

from __future__ import annotations

import ipaddress
import re

_BLOCKED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 connects to the own machine
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT, also Alibaba's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform service, a public-looking address
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, also Oracle's metadata service
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved and broadcast
    )
)
_ALLOWED_V6 = ipaddress.IPv6Network("2000::/3")
_BLOCKED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, with Teredo's embedded IPv4 addresses
        "2001:db8::/32",
        "2002::/16",  # 6to4: embeds an IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
# What inet_aton reads as an address although it does not look like one: 2130706433, 0x7f.1, 0177.0.0.1
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)


def is_blocked(address: str) -> bool:
    """Whether connecting to this address is refused. What is no address at all is refused too."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return True
    if isinstance(parsed, ipaddress.IPv4Address):
        return any(parsed in network for network in _BLOCKED_V4)
    if parsed.scope_id is not None or parsed not in _ALLOWED_V6:
        return True
    return any(parsed in network for network in _BLOCKED_V6)


def is_canonical_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_disguised_address(host: str) -> bool:
    """Whether the host is an address in a spelling that only some resolvers read (decimal, hex, octal, short)."""
    return not is_canonical_address(host) and _NUMERIC_HOST.fullmatch(host) is not None
