"""What a password may be, and the temporary ones the desk hands out."""

import secrets
import unicodedata
from pathlib import Path

from core.desk.account_refusals import PasswordCommon, PasswordLong, PasswordShort, PasswordSpaced
from core.rules.vietnamese import bare

LEAST = 12  # letters
MOST = 72  # bytes: what bcrypt reads
# Passwords everybody tries first, without marks and spaces (ASVS 6.2.4)
COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


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
    if {letters, letters.strip("0123456789")} & COMMON or username in bare(plain) or len(set(letters)) < 5:
        raise PasswordCommon


def temporary_password() -> str:
    """Sixteen letters nobody mistakes for one another, in fours: 75 random bits and more."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
