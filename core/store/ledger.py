"""The ledger: one row for every change, in one of two hash chains (docs/security.md, Tamper evidence).

`result` holds what the award table is made from and nothing personal: it can be handed to anyone as it is. `audit` holds
the rest; its head is written into `result` at every checkpoint. Both are rows of one table, numbered together by `id`.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

DOMAIN = b"\x00ban-giam-khao-ledger-v1\n"  # 0x00: RFC 6962's leaf prefix
GENESIS = bytes(32)
SYSTEM = "system"  # the actor of what nobody's account did: the command line, the server
PREFIXES = ("GK", "TK")  # of a person's pseudonym: a judge, any other account
Payload = dict[str, Any]  # strings, integers and nulls, in lists and objects


class Chain(StrEnum):
    """Which of the two chains a row belongs to."""

    RESULT = "result"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain: its number in the chain, its moment (UTC ms), its hash, and its number in the whole ledger."""

    seq: int = 0
    at: int = 0
    hash: bytes = GENESIS
    id: int = 0


@dataclass(frozen=True, slots=True)
class Heads:
    """The last row of each chain."""

    result: Head = Head()
    audit: Head = Head()

    @property
    def newest(self) -> Head:
        """The ledger's last row, of whichever chain."""
        return max(self.result, self.audit, key=lambda head: head.id)

    def of(self, chain: Chain) -> Head:
        """The last row of this chain."""
        return self.result if chain is Chain.RESULT else self.audit

    def after(self, row: "Row") -> "Heads":
        """The heads once `row` is appended."""
        head = Head(row.seq, row.at, row.hash, row.id)
        return Heads(head, self.audit) if row.chain is Chain.RESULT else Heads(self.result, head)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger. `payload` is canonical JSON of the form that `event` and `version` name (`core.store.events`)."""

    id: int  # in the whole ledger, from 1
    chain: Chain
    seq: int  # in its chain, from 1
    at: int  # UTC ms
    actor: str  # a person's pseudonym, or SYSTEM
    event: str
    version: int
    payload: str
    prev: bytes
    hash: bytes

    @property
    def text(self) -> str:
        """The canonical JSON (RFC 8785) that is hashed; one line of an exported chain."""
        return (
            f'{{"actor":{_string(self.actor)},"at":{self.at},"chain":"{self.chain}","event":{_string(self.event)},'
            f'"payload":{self.payload},"prev":"{self.prev.hex()}","seq":{self.seq},"version":{self.version}}}'
        )


def next_row(heads: Heads, *, chain: Chain, at: int, actor: str, event: str, version: int, payload: str) -> Row:
    """The row that follows `heads`. Time never decreases, also where the clock was set back."""
    head, newest = heads.of(chain), heads.newest
    row = Row(
        newest.id + 1, chain, head.seq + 1, max(at, newest.at), actor, event, version, payload, head.hash, GENESIS
    )  # fmt: skip
    return replace(row, hash=leaf_hash(row.text))


# The standard library writes a string as RFC 8785 does, and much faster; a test holds the two equal.
_string = json.encoder.encode_basestring


def leaf_hash(text: str) -> bytes:
    """SHA-256 over the domain and a row's text: 32 bytes."""
    return hashlib.sha256(DOMAIN + text.encode()).digest()


def receipt(seq: int, digest: bytes) -> str:
    """A row as it is noted and printed: "#187 · 7f3a-91c2-08d4-5be1", its number and the first 64 bits of its hash."""
    digits = digest.hex()
    return f"#{seq} · {digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:16]}"


def commitment(salt: str, text: str) -> str:
    """What the ledger holds of a personal text: HMAC-SHA256 of the text under its own random salt, as hex."""
    return hmac.digest(bytes.fromhex(salt), text.encode(), "sha256").hex()


def pseudonym(number: int, *, judge: bool) -> str:
    """How the ledger and the papers name an account without its name: "GK07" for a judge, else "TK07"."""
    return f"{PREFIXES[0] if judge else PREFIXES[1]}{number:02}"


def account_number(name: str) -> int:
    """The number in a pseudonym. Raises ValueError where `name` is none."""
    if not _PSEUDONYM.fullmatch(name):
        raise ValueError(f"not a pseudonym: {name[:40]}")
    return int(name[2:])


_PSEUDONYM = re.compile(r"(?:GK|TK)[0-9]{2,9}")
