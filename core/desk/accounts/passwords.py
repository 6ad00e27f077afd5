"""What a password may be, how it is kept and compared, and the temporary ones the desk hands out."""

import base64
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import bcrypt

from core.desk.accounts.account_refusals import (
    PasswordCommon,
    PasswordLong,
    PasswordShort,
    PasswordSpaced,
    TooManyTries,
)
from core.rules.vietnamese import bare

LEAST = 12  # characters
MOST = 128  # characters
BCRYPT_READS = 72  # bytes
ROUNDS = 12  # of bcrypt
GUESSES = 10**9  # a password that is guessed in fewer is common
DIGESTED = "$desk2"  # stands before a hash of a password's digest; older hashes are of the password itself
EXPENSIVE = threading.BoundedSemaphore(2)  # two passwords are hashed at a time, whoever asks
UNKNOWN = threading.BoundedSemaphore(1)  # and one of them for browsers in which nobody has signed in
QUEUE_S = 10.0  # how long such a browser waits for that
Matches = Callable[[str, str], bool]  # (password, bcrypt hash)
_decoy: list[str] = []


@cache
def common() -> frozenset[str]:
    """What everybody tries first in Vietnam, without marks and spaces (ASVS 6.2.4); zxcvbn has the words of other languages."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


def acceptable(password: str, username: str, *known: str) -> None:
    """Refuse what is guessed soon (NIST SP 800-63B §5.1.1.2): a common word, a name, a date, a walk over the keyboard.

    `known` holds what others know besides the username: the person's name, the contest's. Length counts in characters
    of the NFC form, LEAST to MOST of them; what they are is free.
    """
    plain = unicodedata.normalize("NFC", password)
    if plain != plain.strip():
        raise PasswordSpaced
    if len(plain) < LEAST:
        raise PasswordShort(LEAST)
    if len(plain) > MOST:
        raise PasswordLong(MOST)
    letters = "".join(letter for letter in bare(plain) if letter.isalnum())
    if {letters, letters.strip("0123456789")} & common() or username in bare(plain) or len(set(letters)) < 5:
        raise PasswordCommon
    if _guesses(plain, letters, (username, *known)) < GUESSES:
        raise PasswordCommon


def temporary_password() -> str:
    """Sixteen letters nobody mistakes for one another, in fours: 75 random bits and more."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def matching(
    password: str, hashed_password: str, matches: Matches | None = None, *, known_browser: bool = True
) -> bool:
    """Compare a password with a kept hash: the same work for every password, two at a time in the process.

    A browser in which nobody has signed in has one of the two, and raises TooManyTries where it would wait too long.
    """
    plain = unicodedata.normalize("NFC", password[: MOST * 4])  # what is longer does not fit, however it is composed
    if hashed_password.startswith(DIGESTED):
        fits, checked, against = len(plain) <= MOST, _digest(plain), hashed_password.removeprefix(DIGESTED)
    else:
        told = plain.encode("utf-8", "replace")
        fits, checked, against = len(told) <= BCRYPT_READS, told.decode(), hashed_password
    if not fits:
        checked, against = _digest(""), decoy().removeprefix(DIGESTED)
    with _turn(known_browser=known_browser):
        return (matches or _matches)(checked, against) and fits


def hashed(password: str) -> str:
    """The kept hash of a password: bcrypt of a digest of its NFC form, since bcrypt itself reads 72 bytes and no NUL."""
    with EXPENSIVE:
        digest = _digest(unicodedata.normalize("NFC", password))
        return DIGESTED + bcrypt.hashpw(digest.encode(), bcrypt.gensalt(ROUNDS)).decode()


def decoy() -> str:
    """A hash that no password has: what is compared where there is no account."""
    if not _decoy:
        _decoy.append(hashed(secrets.token_urlsafe(32)))
    return _decoy[0]


@contextmanager
def _turn(*, known_browser: bool) -> Iterator[None]:
    if known_browser:
        with EXPENSIVE:
            yield
        return
    if not UNKNOWN.acquire(timeout=QUEUE_S):
        raise TooManyTries(int(QUEUE_S))
    try:
        with EXPENSIVE:
            yield
    finally:
        UNKNOWN.release()


def _digest(plain: str) -> str:
    """44 characters that bcrypt reads whole. Keyed, so that no list of plain SHA-256 hashes stolen elsewhere fits it."""
    made = hmac.digest(b"judging-desk password 2", plain.encode("utf-8", "replace"), "sha256")
    return base64.b64encode(made).decode()


def _matches(password: str, hashed_password: str) -> bool:
    return bcrypt.checkpw(password.encode("utf-8", "replace"), hashed_password.encode())


def _guesses(plain: str, letters: str, known: tuple[str, ...]) -> float:
    """How many guesses find the password, as zxcvbn counts them: as it was typed, and without marks and spaces."""
    from zxcvbn import zxcvbn  # a tenth of a second, for who chooses a password

    words = [word for each in known for word in (bare(each).replace(" ", ""), *bare(each).split()) if len(word) > 2]
    inputs = [*words, *sorted(common())]  # in an order: its ranks count
    return min(float(zxcvbn(text[:72], user_inputs=inputs)["guesses"]) for text in {bare(plain), letters})
