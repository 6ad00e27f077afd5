"""SECURITY §4.2: `hash = SHA-256(0x00 ‖ domain ‖ JCS({seq, at, actor, event, payload, prev}))`."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from core.store.ledger import GENESIS, Head, leaf_hash, sealed

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(0, 2**53 - 1)


@given(numbers, numbers, texts, texts, texts, st.binary(min_size=32, max_size=32))
def test_the_hash_is_that_of_the_canonical_json(
    seq: int, at: int, actor: str, event: str, payload: str, prev: bytes
) -> None:
    body: dict[str, str | int] = {
        "seq": seq,
        "at": at,
        "actor": actor,
        "event": event,
        "payload": payload,
        "prev": prev.hex(),
    }
    canonical = b"\x00ban-giam-khao-ledger-v1\n" + rfc8785.dumps(body)
    assert leaf_hash(seq, at, actor, event, payload, prev) == hashlib.sha256(canonical).digest()


@given(texts)
def test_every_character_is_written_as_rfc_8785_writes_it(text: str) -> None:
    assert json.encoder.encode_basestring(text).encode() == rfc8785.dumps(text)


def test_a_worked_row() -> None:
    row = sealed(
        Head(), at=1724122800000, actor="lan", event="sheet.sealed", payload={"marks": {"ST": 1700, "ND": 3850}}
    )
    assert row.payload == '{"marks":{"ND":3850,"ST":1700}}'
    body = (
        '{"actor":"lan","at":1724122800000,"event":"sheet.sealed",'
        '"payload":"{\\"marks\\":{\\"ND\\":3850,\\"ST\\":1700}}",'
        f'"prev":"{"00" * 32}","seq":1}}'
    )
    assert row.hash == hashlib.sha256(b"\x00ban-giam-khao-ledger-v1\n" + body.encode()).digest()
    assert (row.seq, row.prev) == (1, GENESIS)


def test_a_clock_that_jumps_back_does_not_break_the_order() -> None:
    later = sealed(Head(7, 2_000, b"x" * 32), at=1_000, actor="a", event="e", payload={})
    assert (later.seq, later.at, later.prev) == (8, 2_000, b"x" * 32)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, {1, 2}, b"x", "\ud800"], ids=repr)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        sealed(Head(), at=0, actor="a", event="e", payload={"v": value})


@pytest.mark.parametrize("actor", ["\0", "\ud800"], ids=repr)
def test_an_actor_that_no_database_keeps_is_refused(actor: str) -> None:
    with pytest.raises(ValueError, match=r"plain text|surrogates"):
        sealed(Head(), at=0, actor=actor, event="e", payload={})
