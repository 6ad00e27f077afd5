"""What a password may be, how it is kept and compared, and the temporary ones the desk hands out."""

import secrets
import threading
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import bcrypt

from core.desk.account_refusals import PasswordCommon, PasswordLong, PasswordShort, PasswordSpaced
from core.rules.vietnamese import bare

LEAST = 12  # letters
MOST = 72  # bytes: what bcrypt reads
ROUNDS = 12  # of bcrypt
EXPENSIVE = threading.BoundedSemaphore(2)  # two passwords are hashed at a time, whoever asks
Matches = Callable[[str, str], bool]  # (password, bcrypt hash)
_decoy: list[str] = []


@cache
def common() -> frozenset[str]:
    """Passwords everybody tries first, without marks and spaces (ASVS 6.2.4); the file is read at first use."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


def acceptable(password: str, username: str) -> None:
    """A password of 12–72 bytes in NFC that is neither common nor the username (NIST SP 800-63B §5.1.1.2)."""
    plain = unicodedata.normalize("NFC", password)
    if plain != plain.strip():
        raise PasswordSpaced
    if len(plain) < LEAST:
        raise PasswordShort(LEAST)
    if len(plain.encode()) > MOST:
        raise PasswordLong(MOST)
    letters = "".join(letter for letter in bare(plain) if letter.isalnum())
    if {letters, letters.strip("0123456789")} & common() or username in bare(plain) or len(set(letters)) < 5:
        raise PasswordCommon


def temporary_password() -> str:
    """Sixteen letters nobody mistakes for one another, in fours: 75 random bits and more."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def matching(password: str, hashed_password: str, matches: Matches | None = None) -> bool:
    """Compare a password with a bcrypt hash: the same work for every password, two at a time in the process."""
    plain = unicodedata.normalize("NFC", password[: MOST * 4])  # what is longer does not fit, however it is composed
    fits = len(plain.encode()) <= MOST
    checked, against = (plain, hashed_password) if fits else ("", decoy())
    with EXPENSIVE:
        return (matches or _matches)(checked, against) and fits


def hashed(password: str) -> str:
    """The bcrypt hash of a password's NFC form."""
    with EXPENSIVE:
        return bcrypt.hashpw(unicodedata.normalize("NFC", password).encode(), bcrypt.gensalt(ROUNDS)).decode()


def decoy() -> str:
    """A hash that no password has: what is compared where there is no account."""
    if not _decoy:
        _decoy.append(hashed(secrets.token_urlsafe(32)))
    return _decoy[0]


def _matches(password: str, hashed_password: str) -> bool:
    return bcrypt.checkpw(password.encode(), hashed_password.encode())
