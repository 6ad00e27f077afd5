"""Signed checkpoints: the examples of C2SP, Go's and RFC 8032's vectors, and texts that look right and are not."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.store.signing import signed_notes as notes

# The key and the note in the documentation of Go's golang.org/x/mod/sumdb/note, the origin of C2SP signed notes.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NEUMANN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_NOTE = NEUMANN_TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP tlog-checkpoint; its key isn't given there.
C2SP = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
# RFC 8032, 7.1, TEST 1
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
SIGNED_NOTHING = bytes.fromhex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)
PRIVATE = Ed25519PrivateKey.from_private_bytes(SECRET)
ORIGIN = notes.origin_of("tieng-goi-muon-phuong")
ROOT = bytes(range(32))
NOTE = notes.signed_checkpoint(ORIGIN, 187, ROOT, PRIVATE)


def test_the_vector_of_rfc_8032() -> None:
    assert notes.public_bytes(PRIVATE) == PUBLIC
    assert PRIVATE.sign(b"") == SIGNED_NOTHING


def test_the_example_of_signed_notes() -> None:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(NEUMANN_PRIVATE)[1:])
    assert notes.verifier_key("PeterNeumann", notes.public_bytes(private)) == NEUMANN
    assert notes.signed_note("PeterNeumann", NEUMANN_TEXT, private) == NEUMANN_NOTE


def test_the_example_of_checkpoints() -> None:
    stated = notes.read_checkpoint(C2SP)
    assert (stated.origin, stated.size) == ("example.com/behind-the-sofa", 20852163)
    assert stated.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")


def test_what_is_signed_is_read_back() -> None:
    assert NOTE.startswith(
        "ban-giam-khao/tieng-goi-muon-phuong\n187\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— "
    )
    assert notes.check_checkpoint(NOTE, PUBLIC) == notes.Checkpoint(ORIGIN, 187, ROOT)


def _spare_bits(line: str) -> str:
    """The same bytes in other base64: the last sextet before "=" has two bits, before "==" four, that say nothing."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = line.rstrip("=")
    return text[:-1] + digits[digits.index(text[-1]) + 1] + line[len(text) :]


SIGNATURE = NOTE.rstrip("\n").rpartition(" ")[2]
ROOT_TEXT = NOTE.split("\n")[2]
WRITTEN_OTHERWISE = {
    "nothing": "",
    "no signature": NOTE.split("\n\n")[0] + "\n",
    "spare bits of the root": NOTE.replace(ROOT_TEXT, _spare_bits(ROOT_TEXT)),
    "spare bits of the signature": NOTE.replace(SIGNATURE, _spare_bits(SIGNATURE)),
    "a leading zero": NOTE.replace("\n187\n", "\n0187\n"),
    "a plus": NOTE.replace("\n187\n", "\n+187\n"),
    "Arabic digits": NOTE.replace("\n187\n", "\n١٨٧\n"),
    "an underscore": NOTE.replace("\n187\n", "\n18_7\n"),
    "carriage returns": NOTE.replace("\n", "\r\n"),
    "no last line feed": NOTE[:-1],
    "another line feed": NOTE + "\n",
    "another signature": NOTE + NOTE.split("\n\n")[1],
    "an extension line": NOTE.replace(ROOT_TEXT, ROOT_TEXT + "\nextension"),
    "a hyphen for the dash": NOTE.replace("—", "-"),
    "another name of the key": NOTE.replace("— ban", "— Ban"),
    "a short root": NOTE.replace(ROOT_TEXT, base64.b64encode(ROOT[:31]).decode()),
    "a short signature": NOTE.replace(SIGNATURE, base64.b64encode(base64.b64decode(SIGNATURE)[:-1]).decode()),
    "an unpadded root": NOTE.replace(ROOT_TEXT, ROOT_TEXT.rstrip("=")),
}


@pytest.mark.parametrize("name", WRITTEN_OTHERWISE)
def test_another_form_is_refused(name: str) -> None:
    text = WRITTEN_OTHERWISE[name]
    assert text != NOTE
    with pytest.raises(notes.BadNote) as refused:
        notes.check_checkpoint(text, PUBLIC)
    assert type(refused.value) is notes.BadNote
    with pytest.raises(notes.BadNote):
        notes.read_checkpoint(text)


def test_another_key_is_not_a_wrong_signature() -> None:
    other = notes.public_bytes(Ed25519PrivateKey.generate())
    with pytest.raises(notes.OtherKey):
        notes.check_checkpoint(NOTE, other)


def test_a_wrong_key_id_over_a_right_signature() -> None:
    raw = bytearray(base64.b64decode(SIGNATURE))
    raw[0] ^= 1
    with pytest.raises(notes.OtherKey):
        notes.check_checkpoint(NOTE.replace(SIGNATURE, base64.b64encode(raw).decode()), PUBLIC)


@pytest.mark.parametrize(
    "text",
    [
        NOTE.replace("\n187\n", "\n188\n"),
        NOTE.replace(ROOT_TEXT, base64.b64encode(bytes(32)).decode()),
        NOTE.replace(SIGNATURE, base64.b64encode(base64.b64decode(SIGNATURE)[:4] + bytes(64)).decode()),
    ],
)
def test_a_changed_statement_is_not_signed(text: str) -> None:
    with pytest.raises(notes.WrongSignature):
        notes.check_checkpoint(text, PUBLIC)


def test_a_key_of_another_contest_has_another_id() -> None:
    assert notes.key_id(ORIGIN, PUBLIC) != notes.key_id(notes.origin_of("other"), PUBLIC)


def test_a_flipped_bit_anywhere_is_found() -> None:
    whole = NOTE.encode()
    for at in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << bit
            text = flipped.decode(errors="surrogateescape")
            with pytest.raises(notes.BadNote):
                notes.check_checkpoint(text, PUBLIC)


def test_the_library_checks_what_the_module_signs() -> None:
    body, _, line = NOTE.rpartition("\n— ")
    signature = base64.b64decode(line.split(" ")[1])[4:]
    Ed25519PublicKey.from_public_bytes(PUBLIC).verify(signature, body.encode())
