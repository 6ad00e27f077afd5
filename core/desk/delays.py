"""Guessing slows down, and nobody is ever locked out (SECURITY §2.1 A6).

Failures are counted by account, by place, and by both together. A place new to an account has its own few tries
whatever strangers do to that account meanwhile; a place it has signed in from before waits for its own failures alone.
"""

import ipaddress
from collections.abc import Collection

from core.desk.account_refusals import TooSoon
from core.rules.vietnamese import fold
from core.store import sessions as rows
from core.store.engine import Unit

FREE = {"account": 3, "address": 20}  # failures before the first delay
LONGEST = 30  # seconds
SUBNET = 64  # bits of an IPv6 address that tell one customer from another; the rest one may choose at will


def keys(username: str, address: str, *, known: bool) -> tuple[str, ...]:
    """The counts a try to sign in adds to; the first is the account's at this place."""
    name, place = fold(username)[:64], _place(address)
    own, near = f"account:{name}@{place}", f"address:{place}"
    return (own, near) if known else (own, near, f"account:{name}")


def one_more(unit: Unit, counts: Collection[str], at: int) -> None:
    """Count a try as failed before it is looked at, so that many at once do not all go first. Raises TooSoon."""
    own, *_others = counts
    stood = rows.delays(unit.connection, counts)
    few = stood.get(own, rows.Delay()).failures < FREE["account"]
    held = [each for key, each in stood.items() if not (few and key.startswith("account:"))]
    # a wait longer than the longest was written while the clock was ahead
    wait = max((left for each in held if (left := each.not_before - at) <= LONGEST * 1000), default=0)
    if wait > 0:
        raise TooSoon(-(-wait // 1000))
    for key in counts:
        failures = stood.get(key, rows.Delay()).failures + 1
        beyond = failures - FREE[key.partition(":")[0]]
        seconds = min(2 ** min(beyond, 10), LONGEST) if beyond >= 0 else 0
        rows.set_delay(unit.connection, key, rows.Delay(failures, at + seconds * 1000))


def _place(address: str) -> str:
    """Whose line this is, as well as an address tells."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, SUBNET), strict=False))
