"""The ledger: one row for every change, each bound to the one before it by its hash (SECURITY §4)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

DOMAIN = b"\x00ban-giam-khao-ledger-v1\n"  # 0x00: RFC 6962's leaf prefix
GENESIS = bytes(32)
Payload = dict[str, Any]  # strings and integers, in lists and objects


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the ledger: its number, its moment (UTC ms) and its hash."""

    seq: int = 0
    at: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger. `payload` is the canonical text that was hashed."""

    seq: int
    at: int
    actor: str
    event: str
    payload: str
    prev: bytes
    hash: bytes


def sealed(head: Head, *, at: int, actor: str, event: str, payload: Payload) -> Row:
    """The row that follows `head`. A clock that jumps back does not break the order: time never decreases."""
    if "\0" in actor + event:
        raise ValueError("a ledger row names its actor and its event in plain text")
    text = rfc8785.dumps(payload).decode()
    row_at = max(at, head.at)
    digest = leaf_hash(head.seq + 1, row_at, actor, event, text, head.hash)
    return Row(head.seq + 1, row_at, actor, event, text, head.hash, digest)


def receipt(seq: int, digest: bytes) -> str:
    """A row as it is noted and printed: "#187 · 7f3a-91c2-08d4-5be1", its number and the first 64 bits of its hash."""
    digits = digest.hex()
    return f"#{seq} · {digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:16]}"


def leaf_hash(seq: int, at: int, actor: str, event: str, payload: str, prev: bytes) -> bytes:
    """SHA-256 over the domain and the canonical JSON (RFC 8785) of the row without its hash: 32 bytes."""
    body = (
        f'{{"actor":{_string(actor)},"at":{at},"event":{_string(event)},"payload":{_string(payload)},'
        f'"prev":"{prev.hex()}","seq":{seq}}}'
    )
    return hashlib.sha256(DOMAIN + body.encode()).digest()


# The standard library writes a string as RFC 8785 does, and much faster; a test holds the two equal.
_string = json.encoder.encode_basestring


def commitment(salt: str, remarks: Mapping[str, str]) -> str:
    """What the ledger holds of words that may have to be forgotten: SHA-256 of the salt and their JSON (SECURITY §4.2)."""
    return hashlib.sha256((salt + json.dumps(remarks, ensure_ascii=False, sort_keys=True)).encode()).hexdigest()
