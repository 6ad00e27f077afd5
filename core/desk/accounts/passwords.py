"""Password rules, hashing and comparing passwords, and temporary passwords."""

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
BCRYPT_READS = 72  # bytes of a password that bcrypt uses
ROUNDS = 12  # bcrypt's cost factor
GUESSES = 10**9  # zxcvbn's estimate below which a password is refused as common
DIGESTED = "$desk2"  # prefix of a hash made from a password's digest; older hashes are of the password itself
EXPENSIVE = threading.BoundedSemaphore(2)  # at most two bcrypt computations at a time in the process
UNKNOWN = threading.BoundedSemaphore(1)  # at most one of them for browsers in which nobody has signed in
QUEUE_S = 10.0  # seconds such a browser waits for its turn
Matches = Callable[[str, str], bool]  # (password, bcrypt hash)
_decoy: list[str] = []


@cache
def common() -> frozenset[str]:
    """Common passwords in Vietnam, without diacritics and spaces (ASVS 6.2.4); zxcvbn has those of other languages."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


def acceptable(password: str, username: str, *known: str) -> None:
    """Refuse a password that is guessed soon (NIST SP 800-63B §5.1.1.2): common word, name, date, keyboard pattern.

    `known` holds texts that others know besides the username: the person's name, the contest's name. The length is
    counted in characters of the NFC form, LEAST to MOST. Any characters are allowed, but no leading or trailing
    whitespace. Raises PasswordSpaced, PasswordShort, PasswordLong, PasswordCommon.
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
    """Sixteen random letters and digits that are hard to confuse, in groups of four: at least 75 random bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def matching(
    password: str, hashed_password: str, matches: Matches | None = None, *, known_browser: bool = True
) -> bool:
    """Compare a password with a stored hash; every comparison costs one bcrypt computation, at most two at a time.

    Browsers in which nobody has signed in (`known_browser` False) use at most one of the two, and raise TooManyTries
    after waiting QUEUE_S for it.
    """
    plain = unicodedata.normalize("NFC", password[: MOST * 4])  # a longer text exceeds MOST in any normal form
    if hashed_password.startswith(DIGESTED):
        fits, checked, against = len(plain) <= MOST, _digest(plain), hashed_password.removeprefix(DIGESTED)
    else:
        encoded = plain.encode("utf-8", "replace")
        fits, checked, against = len(encoded) <= BCRYPT_READS, encoded.decode(), hashed_password
    if not fits:
        checked, against = _digest(""), decoy().removeprefix(DIGESTED)
    with _turn(known_browser=known_browser):
        return (matches or _matches)(checked, against) and fits


def hashed(password: str) -> str:
    """The hash of a password for storing: bcrypt of a digest of its NFC form.

    The digest is needed because bcrypt reads only 72 bytes and no NUL.
    """
    with EXPENSIVE:
        digest = _digest(unicodedata.normalize("NFC", password))
        return DIGESTED + bcrypt.hashpw(digest.encode(), bcrypt.gensalt(ROUNDS)).decode()


def decoy() -> str:
    """A hash of a random password, compared where there is no account; made once in the process."""
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
    """44 characters, short enough for bcrypt. Keyed, so that plain SHA-256 hashes stolen elsewhere cannot be tried."""
    digest = hmac.digest(b"judging-desk password 2", plain.encode("utf-8", "replace"), "sha256")
    return base64.b64encode(digest).decode()


def _matches(password: str, hashed_password: str) -> bool:
    return bcrypt.checkpw(password.encode("utf-8", "replace"), hashed_password.encode())


def _guesses(plain: str, letters: str, known: tuple[str, ...]) -> float:
    """The guesses by zxcvbn: the lower number for the text without diacritics and for its letters and digits alone."""
    from zxcvbn import zxcvbn  # the import takes 0.1 s, so only when a password is chosen

    words = [word for each in known for word in (bare(each).replace(" ", ""), *bare(each).split()) if len(word) > 2]
    inputs = [*words, *sorted(common())]  # sorted: zxcvbn ranks them by position
    return min(float(zxcvbn(text[:72], user_inputs=inputs)["guesses"]) for text in {bare(plain), letters})
