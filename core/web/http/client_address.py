"""The client's IP address: the peer of the connection, or what a configured proxy reports in X-Forwarded-For."""

import contextlib
import ipaddress
from collections.abc import Collection

LONGEST = 64


def loopback(address: str | None) -> bool:
    """True if only this machine can reach the address. False for None and "", which mean all interfaces."""
    if not address:
        return False
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"


def visitor(client: str, forwarded: str, proxies: Collection[str], *, inside: bool) -> str:
    """The visitor's address, at most LONGEST characters.

    `client` is the peer address as uvicorn gives it, `forwarded` its X-Forwarded-For, trusted only from `proxies`.
    uvicorn itself trusts that header from any client on this machine and replaces `client` by its value. So if only
    this machine can connect (`inside`) and `client` is not loopback, `client` came from the header: the real peer is
    taken to be a loopback proxy, or 127.0.0.1 if none is configured.
    """
    if inside and not loopback(client):
        client = next((each for each in sorted(proxies) if loopback(each)), "127.0.0.1")
    if client not in proxies:
        return client
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if hop not in proxies), client)[:LONGEST]
