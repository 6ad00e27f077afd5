"""From where a request comes: the address at the other end of the line, or what a proxy we were told of says of it."""

import contextlib
import ipaddress
from collections.abc import Collection

LONGEST = 64


def loopback(address: str | None) -> bool:
    """True where only this machine can reach the address; none at all means every address."""
    if not address:
        return False
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"


def visitor(client: str, forwarded: str, proxies: Collection[str], *, inside: bool) -> str:
    """The visitor's address: `client` connects to us, `forwarded` is its X-Forwarded-For, believed from `proxies` alone.

    uvicorn believes that header of anybody on this machine and has put its word in the place of `client`; where only
    this machine can connect (`inside`), a client from elsewhere is that word, and it is ours to decide.
    """
    if inside and not loopback(client):
        client = next((each for each in sorted(proxies) if loopback(each)), "127.0.0.1")
    if client not in proxies:
        return client
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if hop not in proxies), client)[:LONGEST]
