"""`hash = SHA-256(0x00 ‖ domain ‖ JCS({actor, at, chain, event, payload, prev, seq, version}))`, two chains in one order."""

import hashlib
import json
from dataclasses import replace
from typing import cast

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from core.store.ledger import (
    GENESIS,
    Chain,
    Head,
    Heads,
    Row,
    account_number,
    commitment,
    leaf_hash,
    next_row,
    pseudonym,
    receipt,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(0, 2**53 - 1)
DOMAIN = b"\x00ban-giam-khao-ledger-v1\n"


@given(numbers, numbers, texts, texts, st.dictionaries(texts, texts | numbers), st.binary(min_size=32, max_size=32))
def test_the_text_is_the_canonical_json(
    seq: int, at: int, actor: str, event: str, payload: dict[str, str | int], prev: bytes
) -> None:
    text = rfc8785.dumps(dict(payload)).decode()
    row = Row(1, Chain.AUDIT, seq, at, actor, event, 1, text, prev, GENESIS)
    body: dict[str, object] = {
        "seq": seq,
        "at": at,
        "actor": actor,
        "chain": "audit",
        "event": event,
        "version": 1,
        "prev": prev.hex(),
    }
    assert row.text.encode() == rfc8785.dumps(cast("dict[str, str]", {**body, "payload": dict(payload)}))
    assert leaf_hash(row.text) == hashlib.sha256(DOMAIN + row.text.encode()).digest()


@given(texts)
def test_every_character_is_written_as_rfc_8785_writes_it(text: str) -> None:
    assert json.encoder.encode_basestring(text).encode() == rfc8785.dumps(text)


def _row(heads: Heads, chain: Chain = Chain.RESULT, at: int = 0) -> Row:
    return next_row(heads, chain=chain, at=at, actor="GK07", event="film.opened", version=1, payload="{}")


def test_a_worked_row() -> None:
    row = next_row(
        Heads(), chain=Chain.RESULT, at=1724122800000, actor="GK07", event="sheet.sealed", version=1,
        payload='{"marks":{"ND":3850,"ST":1700}}',
    )  # fmt: skip
    body = (
        '{"actor":"GK07","at":1724122800000,"chain":"result","event":"sheet.sealed",'
        f'"payload":{{"marks":{{"ND":3850,"ST":1700}}}},"prev":"{"00" * 32}","seq":1,"version":1}}'
    )
    assert row.text == body
    assert row.hash == hashlib.sha256(DOMAIN + body.encode()).digest()
    assert (row.id, row.seq, row.prev) == (1, 1, GENESIS)


def test_each_chain_is_bound_to_its_own_last_row_and_both_share_one_order() -> None:
    first = _row(Heads())
    heads = Heads().after(first)
    second = _row(heads, Chain.AUDIT)
    heads = heads.after(second)
    third = _row(heads)
    assert [(row.id, row.chain, row.seq) for row in (first, second, third)] == [
        (1, Chain.RESULT, 1), (2, Chain.AUDIT, 1), (3, Chain.RESULT, 2),
    ]  # fmt: skip
    assert (second.prev, third.prev) == (GENESIS, first.hash)
    assert heads.newest == Head(1, 0, second.hash, 2)


def test_a_clock_that_jumps_back_does_not_break_the_order() -> None:
    heads = Heads(audit=Head(7, 2_000, b"x" * 32, 9), result=Head(2, 1_500, b"y" * 32, 8))
    assert _row(heads, Chain.RESULT, at=1_000).at == 2_000
    assert _row(heads, Chain.AUDIT, at=3_000).at == 3_000


def test_the_same_row_in_the_other_chain_has_another_hash() -> None:
    row = _row(Heads())
    assert leaf_hash(replace(row, chain=Chain.AUDIT).text) != row.hash


def test_a_receipt_is_a_rows_number_and_sixteen_digits() -> None:
    assert receipt(187, bytes.fromhex("7f3aa91c208d45be1" + "0" * 47)) == "#187 · 7f3a-a91c-208d-45be"


def test_a_commitment_is_hmac_sha256_under_its_salt() -> None:
    """RFC 4231, test case 2, with a key of four bytes."""
    assert commitment("4a656665", "what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@given(st.integers(0, 99_999), st.booleans())
def test_a_pseudonym_names_its_number(number: int, judge: bool) -> None:
    assert account_number(pseudonym(number, judge=judge)) == number


@pytest.mark.parametrize("name", ["", "GK", "GK7", "gk07", "XX07", "GK07 ", "GK٠٧", "lan"])
def test_an_invalid_pseudonym_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a pseudonym"):
        account_number(name)
