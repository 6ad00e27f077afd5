"""The ledger: one row for every change, in one of two hash chains (docs/security.md, Tamper evidence).

Chain `result` holds what the award table is computed from and no personal data: it can be given to anyone unchanged.
Chain `audit` holds the rest; its head is written into `result` at every checkpoint. Both chains are rows of one table,
numbered together by `id`.
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
SYSTEM = "system"  # the actor of a row that no account caused: the command line, the server
PREFIXES = ("GK", "TK")  # of a pseudonym: a judge; any other account
Payload = dict[str, Any]  # strings, integers and nulls, in lists and objects


class Chain(StrEnum):
    """Which of the two chains a row belongs to."""

    RESULT = "result"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain: number in the chain, time (UTC ms), hash, number in the whole ledger; zeros if empty."""

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
        """The last row of the whole ledger, from either chain."""
        return max(self.result, self.audit, key=lambda head: head.id)

    def of(self, chain: Chain) -> Head:
        """The last row of this chain."""
        return self.result if chain is Chain.RESULT else self.audit

    def after(self, row: "Row") -> "Heads":
        """The heads after `row` is appended."""
        head = Head(row.seq, row.at, row.hash, row.id)
        return Heads(head, self.audit) if row.chain is Chain.RESULT else Heads(self.result, head)


@dataclass(frozen=True, slots=True)
class Row:
    """A ledger row. `payload` is canonical JSON; `event` and `version` determine its class (`core.store.events`)."""

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
    """Build the row that follows `heads`. Its time (UTC ms) is `at`, or the newest row's time if that is later."""
    head, newest = heads.of(chain), heads.newest
    row = Row(
        newest.id + 1, chain, head.seq + 1, max(at, newest.at), actor, event, version, payload, head.hash, GENESIS
    )  # fmt: skip
    return replace(row, hash=leaf_hash(row.text))


# The standard library encodes a string like RFC 8785, and much faster; a test compares the two.
_string = json.encoder.encode_basestring


def leaf_hash(text: str) -> bytes:
    """SHA-256 over DOMAIN and a row's text: 32 bytes."""
    return hashlib.sha256(DOMAIN + text.encode()).digest()


def receipt(seq: int, digest: bytes) -> str:
    """The printed form of a row: "#187 · 7f3a-91c2-08d4-5be1", its number and the first 64 bits of its hash."""
    digits = digest.hex()
    return f"#{seq} · {digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:16]}"


def mark(seq: int, digest: bytes) -> str:
    """The same in the form that papers carry, "187:7f3a91c208d45be1": typed without special characters."""
    return f"{seq}:{digest.hex()[:16]}"


def commitment(salt: str, text: str) -> str:
    """The commitment to a personal text that the ledger holds: HMAC-SHA256 of `text` with key `salt` (hex), as hex."""
    return hmac.digest(bytes.fromhex(salt), text.encode(), "sha256").hex()


def pseudonym(number: int, *, judge: bool) -> str:
    """The pseudonym of an account in the ledger and the papers: "GK07" for a judge, else "TK07"."""
    return f"{PREFIXES[0] if judge else PREFIXES[1]}{number:02}"


def account_number(name: str) -> int:
    """The number in a pseudonym. Raises ValueError if `name` is not a pseudonym."""
    if not _PSEUDONYM.fullmatch(name):
        raise ValueError(f"not a pseudonym: {name[:40]}")
    return int(name[2:])


_PSEUDONYM = re.compile(r"(?:GK|TK)[0-9]{2,9}")
