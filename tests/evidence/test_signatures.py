"""The verifier's Ed25519 against RFC 8032, 7.1, and against `cryptography`."""

from random import Random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.store.signing.signed_notes import public_bytes, verifier_key
from tests.evidence.verifier import verifier

VECTORS = (  # public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" + "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c" + "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659" + "4a7c15e9716ed28dc027beceea1ec40a",
    ),
)  # fmt: skip


@pytest.mark.parametrize("public, message, signature", VECTORS)
def test_the_vectors_of_the_rfc_hold_and_hold_for_no_other_message(public: str, message: str, signature: str) -> None:
    key, text, signed = map(bytes.fromhex, (public, message, signature))
    assert verifier().signature_holds(key, text, signed)
    assert not verifier().signature_holds(key, text + b"x", signed)


def test_it_agrees_with_the_library_that_signs() -> None:
    chance = Random(8032)
    for _ in range(40):
        private, message = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)), chance.randbytes(60)
        signature, public = bytearray(private.sign(message)), public_bytes(private)
        if chance.random() < 0.7:
            signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert verifier().signature_holds(public, message, bytes(signature)) == library(public, message, signature)


def library(public: bytes, message: bytes, signature: bytes | bytearray) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(signature), message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(
    "public, signature",
    [
        ("ff" * 32, "00" * 64),  # y ≥ p
        ("01" + "00" * 30 + "80", "01" + "00" * 63),  # x = 0 with the odd bit set
        (VECTORS[0][0], VECTORS[0][2][:64] + "ff" * 32),  # s ≥ the order
        (VECTORS[0][0], VECTORS[0][2][:126]),  # too short
        ("02" + "00" * 31, "00" * 64),  # no point has this y
    ],
)
def test_what_is_no_key_or_no_signature_does_not_hold(public: str, signature: str) -> None:
    assert not verifier().signature_holds(bytes.fromhex(public), b"", bytes.fromhex(signature))


def test_a_key_is_written_as_the_desk_writes_it() -> None:
    public = bytes(range(32))
    assert verifier().key_line("ban-giam-khao/thu", public) == verifier_key("ban-giam-khao/thu", public)
