"""Rules for usernames and names: readable, distinguishable, and not used by the ledger itself."""

import unicodedata

from core.desk.accounts.account_refusals import (
    BadUsername,
    NameLong,
    NameMissing,
    NameTaken,
    NameUnreadable,
    UsernameReserved,
)
from core.rules.vietnamese import identity
from core.store.engine import Connection
from core.store.people import accounts as rows

USERNAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
RESERVED = frozenset({"system", "nobody", "anonymous", "unknown", "root", "daemon", "he.thong", "hethong"})
SHORTEST, LONGEST = 3, 32  # characters of a username
NAME_LENGTH = 120  # characters that fit on a line of a printed document
SIGNS = frozenset(" '’.-()/&,")  # allowed besides letters, marks and digits: "Sở TT&TT", "H'Mông", "(giả định)"


def username_of(text: str) -> str:
    """A username as it is stored: trimmed and in lower case. Raises BadUsername, UsernameReserved."""
    username = text.strip().lower()
    if not SHORTEST <= len(username) <= LONGEST or not USERNAME.issuperset(username):
        raise BadUsername
    if username in RESERVED:
        raise UsernameReserved(username)
    return username


def name_of(text: str) -> str:
    """A person's name as it is stored: NFC, single spaces. Raises NameMissing, NameLong, NameUnreadable.

    Letters, marks, digits and SIGNS are allowed. Control, format, bidi, symbol and private-use characters are not.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()
    name = " ".join(part for part in name.split(" ") if part)
    if not name:
        raise NameMissing
    if len(name) > NAME_LENGTH:
        raise NameLong(NAME_LENGTH)
    for sign in name:
        if sign not in SIGNS and unicodedata.category(sign) not in {"Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd"}:
            raise NameUnreadable(sign)
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        raise NameMissing
    return name


def must_be_told_apart(connection: Connection, name: str) -> None:
    """Raises NameTaken where an active account has a name that looks the same."""
    key = identity(name)
    for person in rows.all_accounts(connection):
        if person.active and identity(person.name) == key:
            raise NameTaken(person.username)
