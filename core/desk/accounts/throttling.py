"""How fast passwords may be guessed. Guessing slows down, and nobody is ever locked out (docs/security.md, Throttling).

| who tries | is slowed by | guesses a day, at most |
|---|---|---|
| a browser in which this account has signed in (`core.desk.accounts.devices`) | its own failures alone | 2,890 |
| any other browser | its own failures, whatever names it tries | 300 |
| all other browsers at one account | `NAME` | 17,286 |
| … and, for the first three tries from each place, beside it | `NEW` | 1,460 |
| all other browsers of one place, at all accounts | `PLACE` | 43,220 |

So one account is guessed at no more than 18,746 times a day from browsers in which it has not signed in, however many
there are: the weakest password that `core.desk.accounts.passwords` accepts (10**9 guesses) lasts 146 years. A place is a
network: an IPv4 address, or the /64 of an IPv6 address. Where a turn is not free at once, the try waits for its turn,
first come first served, so that who guesses beside a judge without pause does not take every turn: as many tries as
fit into PATIENCE wait together.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.desk.accounts.account_refusals import TooManyTries, TooSoon
from core.rules.vietnamese import fold
from core.store.engine import WriteTransaction
from core.store.people import sessions as rows

FREE = {"account": 3, "device": 5, "browser": 5}  # failures before the first delay
LONGEST = 30  # seconds
LONGEST_BROWSER = 300  # seconds: another browser, and the account's own ones, go on meanwhile
FIRST = 3  # tries at an account from a place that are counted by NEW
PATIENCE = 40_000  # milliseconds that a try waits for its turn
SUBNET = 64  # bits of an IPv6 address that tell one customer from another; the rest one may choose at will
_UNKNOWN = secrets.token_bytes(32)  # what was typed as a name that is none of ours is not kept, nor can it be guessed


@dataclass(frozen=True, slots=True)
class Turns:
    """`burst` tries at once, then one in every `every` milliseconds (GCRA: one number is kept, when the burst is full)."""

    burst: int
    every: int

    def wait(self, full_at: int, at: int) -> int:
        """Milliseconds until the next turn."""
        longest = self.burst * self.every + PATIENCE
        if full_at - at > longest:  # it was written while the clock was ahead
            return 0
        return max(0, full_at - (self.burst - 1) * self.every - at)

    def taken(self, full_at: int, at: int) -> int:
        """When the burst is full again after one turn more."""
        return (at if full_at - at > self.burst * self.every + PATIENCE else max(full_at, at)) + self.every


NEW = Turns(burst=20, every=60_000)
NAME = Turns(burst=6, every=5_000)
PLACE = Turns(burst=20, every=2_000)


@dataclass(frozen=True, slots=True)
class Who:
    """One try, as it is counted. `name` is a username, or stands for a name that is none of ours."""

    name: str
    place: str
    browser: str
    device: str = ""  # of a browser in which this account has signed in


@dataclass(frozen=True, slots=True)
class Turn:
    """A try that may be looked at after `wait` milliseconds, counted as failed until it is known to be right."""

    wait: int = 0
    own: tuple[str, ...] = ()  # counts to forget should it succeed
    shared: Mapping[str, Turns] | None = None  # turns to give back should it succeed


def stand_in(typed: str) -> str:
    """What stands for a name that is no account's: the same for the same name, and nothing of what was typed."""
    return "?" + hmac.digest(_UNKNOWN, fold(typed)[:64].encode("utf-8", "replace"), "sha256").hex()[:32]


def admitted(unit: WriteTransaction, who: Who, at: int) -> Turn:
    """Count a try as failed before it is looked at, so that many at once do not all go first.

    Raises TooSoon (its own browser has failed), TooManyTries (others have).
    """
    if who.device:
        own = (f"device:{who.device}@{who.name}",)
        one_more(unit, own, at)
        return Turn(own=own)
    browser, pair, new, name, place = _keys(who)
    stood = rows.delays(unit.connection, (browser, pair, new, name, place))
    full = {key: stood.get(key, rows.Delay()).not_before for key in (new, name, place)}
    shared = {name: NAME, place: PLACE}
    if stood.get(pair, rows.Delay()).failures < FIRST and NEW.wait(full[new], at) <= NAME.wait(full[name], at):
        shared = {new: NEW, place: PLACE}
    wait = max(turns.wait(full[key], at) for key, turns in shared.items())
    _own_wait(stood.get(browser, rows.Delay()), LONGEST_BROWSER, at)
    if wait > PATIENCE:
        raise TooManyTries(-(-wait // 1000))
    _count(unit, browser, stood, at)
    _count(unit, pair, stood, at)
    for key, turns in shared.items():
        rows.set_delay(unit.connection, key, rows.Delay(0, turns.taken(full[key], at)))
    return Turn(wait, (browser, pair), shared)


def succeeded(unit: WriteTransaction, turn: Turn) -> None:
    """The try was right: what it was counted for is taken back, and no more."""
    rows.clear_delays(unit.connection, turn.own)
    shared = turn.shared or {}
    for key, stood in rows.delays(unit.connection, tuple(shared)).items():
        rows.set_delay(unit.connection, key, rows.Delay(0, stood.not_before - shared[key].every))


def one_more(unit: WriteTransaction, counts: Collection[str], at: int) -> None:
    """Count a try as failed before it is looked at, under keys that are its own. Raises TooSoon."""
    stood = rows.delays(unit.connection, counts)
    for each in stood.values():
        _own_wait(each, LONGEST, at)
    for key in counts:
        _count(unit, key, stood, at)


def network(address: str) -> str:
    """The network of an address: an IPv4 address, or the /64 of an IPv6 address; what is no address stands for itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, SUBNET), strict=False))


def _keys(who: Who) -> tuple[str, str, str, str, str]:
    """The counts of a browser, of an account at a place, and of the three paces.

    A browser without a cookie is one with all such browsers of its place.
    """
    secret = hashlib.sha256(who.browser.encode("utf-8", "replace")).hexdigest()[:32]
    browser = f"browser:{secret}" if who.browser else f"browser:@{who.place}"
    return browser, f"pair:{who.name}@{who.place}", f"new:{who.name}", f"name:{who.name}", f"place:{who.place}"


def _own_wait(stood: rows.Delay, longest: int, at: int) -> None:
    wait = stood.not_before - at
    if 0 < wait <= longest * 1000:  # a wait longer than the longest was written while the clock was ahead
        raise TooSoon(-(-wait // 1000))


def _count(unit: WriteTransaction, key: str, stood: Mapping[str, rows.Delay], at: int) -> None:
    kind, failures = key.partition(":")[0], stood.get(key, rows.Delay()).failures + 1
    beyond = failures - FREE.get(kind, failures + 1)
    longest = LONGEST_BROWSER if kind == "browser" else LONGEST
    seconds = min(2 ** min(beyond, 10), longest) if beyond >= 0 else 0
    rows.set_delay(unit.connection, key, rows.Delay(failures, at + seconds * 1000))
