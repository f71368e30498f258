"""How many streams one address may have open: generous, since a school or a telephone network is one address."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable

MOST = 500  # open streams of one address; an IPv6 visitor has a whole /64
LOOPBACK = ("127.0.0.0/8", "::1/128")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Visitors:
    """`trusted`: proxies that are believed when they say for whom they ask. This machine always is."""

    def __init__(self, trusted: Iterable[str] = (), most: int = MOST) -> None:
        """Raises ValueError for what is no network."""
        self.trusted: list[Network] = [ipaddress.ip_network(each) for each in (*LOOPBACK, *trusted)]
        self.most = most
        self.open: Counter[str] = Counter()

    def name(self, peer: str, forwarded: bytes) -> str:
        """Whom to count; "" for this machine and for proxies that do not say, who are not counted."""
        address = parsed(peer)
        if address is None or not self.is_trusted(address):
            return counted_as(address)
        # Each proxy writes at the end who asked it, so whatever stands in front of that anybody may have invented.
        for entry in reversed(forwarded.decode("latin-1").split(",")):
            address = parsed(entry.strip())
            if address is None:
                return ""
            if not self.is_trusted(address):
                return counted_as(address)
        return ""

    def is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self.trusted)

    def let_in(self, name: str) -> bool:
        """Whether one more is well; then it is counted."""
        if name and self.open[name] >= self.most:
            return False
        self.open[name] += 1
        return True

    def leave(self, name: str) -> None:
        self.open[name] -= 1
        if self.open[name] <= 0:
            del self.open[name]


def parsed(word: str) -> Address | None:
    """As peers and proxies write it: 192.0.2.1, 192.0.2.1:443, [2001:db8::1]:443, ::ffff:192.0.2.1."""
    word = word.partition("%")[0]
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        found = ipaddress.ip_address(word)
    except ValueError:
        return None
    return (isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped) or found


def counted_as(address: Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "")
