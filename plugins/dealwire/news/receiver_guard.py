"""Whether an alert's receiver may be connected to: the rules of fetching, for clients that are not our fetcher."""

from __future__ import annotations

import socket
from collections.abc import Callable

from dealwire.news.fetch_guard import AddressRules, BlockedAddress


def receiver_guard(allow_net: frozenset[str]) -> Callable[[str, int], bool]:
    """A check of host and port: all addresses of the name must be public ones, or be named in `allow_net`."""
    rules = AddressRules(allow_net)

    def is_allowed(host: str, port: int) -> bool:
        if rules.is_named(host, port):
            return True
        try:
            found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
            rules.admit(host, sorted(found), port)
        except (BlockedAddress, OSError):
            return False
        return bool(found)

    return is_allowed
