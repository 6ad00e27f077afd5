"""Limits how fast passwords can be guessed: attempts are delayed, nobody is locked out (docs/security.md, Throttling).

| attempts from | are delayed by | guesses a day, at most |
|---|---|---|
| a browser in which this account has signed in (`core.desk.accounts.devices`) | its own failures only | 2,890 |
| any other browser | its own failures, for all usernames together | 300 |
| all other browsers, at one account | `NAME` | 17,286 |
| … and in addition, for the first three attempts from each place | `NEW` | 1,460 |
| all other browsers of one place, at all accounts | `PLACE` | 43,220 |

So browsers in which an account has not signed in can guess its password at most 18,746 times a day, however many they
are. The weakest password that `core.desk.accounts.passwords` accepts (10**9 guesses) lasts 146 years. A place is a
network: an IPv4 address, or the /64 of an IPv6 address. An attempt that is not allowed at once waits for its turn, in
order of arrival, so that constant guessing cannot take every turn from a judge. As many attempts wait at the same time
as fit into PATIENCE.
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
LONGEST = 30  # seconds, the longest delay
LONGEST_BROWSER = 300  # seconds, for an unknown browser; other browsers are not delayed by it
FIRST = 3  # attempts at an account from one place that NEW may count
PATIENCE = 40_000  # milliseconds, the longest wait for a turn
SUBNET = 64  # prefix length that identifies a customer; they choose the other bits of an IPv6 address freely
_UNKNOWN = secrets.token_bytes(32)  # key for hashing typed usernames that do not exist


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A rate limit: `burst` attempts at once, then one every `every` milliseconds.

    GCRA: the only stored number is `full_at`, the time in UTC ms when the whole burst is available again.
    """

    burst: int
    every: int

    def wait(self, full_at: int, at: int) -> int:
        """Milliseconds until the next turn."""
        longest = self.burst * self.every + PATIENCE
        if full_at - at > longest:  # stored while the clock was ahead, so ignored
            return 0
        return max(0, full_at - (self.burst - 1) * self.every - at)

    def after_turn(self, full_at: int, at: int) -> int:
        """The new `full_at` after one more attempt at `at`."""
        return (at if full_at - at > self.burst * self.every + PATIENCE else max(full_at, at)) + self.every


NEW = RateLimit(burst=20, every=60_000)
NAME = RateLimit(burst=6, every=5_000)
PLACE = RateLimit(burst=20, every=2_000)


@dataclass(frozen=True, slots=True)
class Who:
    """The keys by which an attempt is counted. `name` is a username, or `unknown_name` of one that does not exist."""

    name: str
    place: str
    browser: str
    device: str = ""  # name of the browser if this account has signed in there


@dataclass(frozen=True, slots=True)
class Turn:
    """An attempt that may be checked after `wait` milliseconds. It counts as failed until it has succeeded."""

    wait: int = 0
    own: tuple[str, ...] = ()  # keys of failure counts to clear if it succeeds
    shared: Mapping[str, RateLimit] | None = None  # keys and limits to give one turn back to if it succeeds


def unknown_name(typed: str) -> str:
    """A keyed hash for a typed username that does not exist: equal for equal names, without revealing them."""
    return "?" + hmac.digest(_UNKNOWN, fold(typed)[:64].encode("utf-8", "replace"), "sha256").hex()[:32]


def admit(transaction: WriteTransaction, who: Who, at: int) -> Turn:
    """Count an attempt as failed before it is checked, so that simultaneous attempts cannot bypass the limit.

    Returns the turn, with its wait; `at` in UTC ms. Raises TooSoon (this browser has failed too often), TooManyTries
    (the account's or the network's limit is exceeded).
    """
    if who.device:
        own = (f"device:{who.device}@{who.name}",)
        count_attempt(transaction, own, at)
        return Turn(own=own)
    browser, pair, new, name, place = _keys(who)
    delays = rows.delays(transaction.connection, (browser, pair, new, name, place))
    full = {key: delays.get(key, rows.Delay()).not_before for key in (new, name, place)}
    shared = {name: NAME, place: PLACE}
    if delays.get(pair, rows.Delay()).failures < FIRST and NEW.wait(full[new], at) <= NAME.wait(full[name], at):
        shared = {new: NEW, place: PLACE}
    wait = max(turns.wait(full[key], at) for key, turns in shared.items())
    _own_wait(delays.get(browser, rows.Delay()), LONGEST_BROWSER, at)
    if wait > PATIENCE:
        raise TooManyTries(-(-wait // 1000))
    _count(transaction, browser, delays, at)
    _count(transaction, pair, delays, at)
    for key, turns in shared.items():
        rows.set_delay(transaction.connection, key, rows.Delay(0, turns.after_turn(full[key], at)))
    return Turn(wait, (browser, pair), shared)


def record_success(transaction: WriteTransaction, turn: Turn) -> None:
    """The attempt succeeded: clear its own failure counts and give back its turn in each shared limit."""
    rows.clear_delays(transaction.connection, turn.own)
    shared = turn.shared or {}
    for key, delay in rows.delays(transaction.connection, tuple(shared)).items():
        rows.set_delay(transaction.connection, key, rows.Delay(0, delay.not_before - shared[key].every))


def count_attempt(transaction: WriteTransaction, counts: Collection[str], at: int) -> None:
    """Count an attempt as failed under each of these keys before it is checked; `at` in UTC ms. Raises TooSoon."""
    delays = rows.delays(transaction.connection, counts)
    for each in delays.values():
        _own_wait(each, LONGEST, at)
    for key in counts:
        _count(transaction, key, delays, at)


def network(address: str) -> str:
    """The network of a client: its IPv4 address, or the /64 of its IPv6 address; other text is cut to 64 characters."""
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
    """The keys for the browser, for the account and place, and for the limits NEW, NAME and PLACE.

    Browsers of one place without a cookie share one key.
    """
    secret = hashlib.sha256(who.browser.encode("utf-8", "replace")).hexdigest()[:32]
    browser = f"browser:{secret}" if who.browser else f"browser:@{who.place}"
    return browser, f"pair:{who.name}@{who.place}", f"new:{who.name}", f"name:{who.name}", f"place:{who.place}"


def _own_wait(delay: rows.Delay, longest: int, at: int) -> None:
    wait = delay.not_before - at
    if 0 < wait <= longest * 1000:  # a longer wait was stored while the clock was ahead, so it is ignored
        raise TooSoon(-(-wait // 1000))


def _count(transaction: WriteTransaction, key: str, delays: Mapping[str, rows.Delay], at: int) -> None:
    kind, failures = key.partition(":")[0], delays.get(key, rows.Delay()).failures + 1
    beyond = failures - FREE.get(kind, failures + 1)
    longest = LONGEST_BROWSER if kind == "browser" else LONGEST
    seconds = min(2 ** min(beyond, 10), longest) if beyond >= 0 else 0
    rows.set_delay(transaction.connection, key, rows.Delay(failures, at + seconds * 1000))
