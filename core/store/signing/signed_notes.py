"""Signed checkpoints of a hash chain, as text (docs/evidence.md, Checkpoints).

A checkpoint is a C2SP tlog-checkpoint: three lines with the origin, the number of rows and the Merkle root. It is signed
as a C2SP signed note with one Ed25519 key, whose name is the origin. Both texts have exactly one form.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.store.signing.merkle import inclusion_path, merkle_root

__all__ = [
    "BadNote",
    "Checkpoint",
    "OtherKey",
    "WrongSignature",
    "check_checkpoint",
    "inclusion_path",
    "key_id",
    "merkle_root",
    "origin_of",
    "public_bytes",
    "read_checkpoint",
    "signed_checkpoint",
    "signed_note",
    "verifier_key",
]

_ED25519 = b"\x01"  # the type of the signature in C2SP signed notes
_ORIGIN = "ban-giam-khao/"


class BadNote(ValueError):
    """A text that is not a signed checkpoint in the one form that the desk writes."""


class OtherKey(BadNote):
    """A signed checkpoint that names another key."""


class WrongSignature(BadNote):
    """A signed checkpoint whose signature is not one of the key over its text."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A statement about the first `size` rows of the chain of `origin`. `root`: their Merkle root, 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def origin_of(contest: str) -> str:
    """The origin of a contest's checkpoints, which is its key's name too, from the key in the contest file."""
    return _ORIGIN + contest


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """The public half of a key: 32 bytes (RFC 8032)."""
    return private.public_key().public_bytes_raw()


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature names its key. `public`: 32 bytes."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as it is given to verifiers: "name+hash+key"."""
    return f"{name}+{key_id(name, public).hex()}+{_base64(_ED25519 + public)}"


def signed_note(name: str, text: str, private: Ed25519PrivateKey) -> str:
    """`text`, which ends with a line feed, signed by the key of this name."""
    return _note(text, name, key_id(name, public_bytes(private)) + private.sign(text.encode()))


def signed_checkpoint(origin: str, size: int, root: bytes, private: Ed25519PrivateKey) -> str:
    """The signed note about the first `size` rows, whose Merkle root is `root` (32 bytes)."""
    return signed_note(origin, Checkpoint(origin, size, root).text, private)


def read_checkpoint(note: str) -> Checkpoint:
    """What a signed checkpoint states, without checking its signature. Raises BadNote."""
    return _parts(note)[0]


def check_checkpoint(note: str, public: bytes) -> Checkpoint:
    """What a checkpoint states that is signed by this key (32 bytes). Raises BadNote, OtherKey or WrongSignature."""
    stated, signed_by, signature = _parts(note)
    if signed_by != key_id(stated.origin, public):
        raise OtherKey(note)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, stated.text.encode())
    except InvalidSignature:
        raise WrongSignature(note) from None
    return stated


def _parts(note: str) -> tuple[Checkpoint, bytes, bytes]:
    """The statement, the key's id, and the signature. Compares the whole text: base64 has spare bits."""
    try:
        origin, size, root, _, line, _ = note.split("\n")
        stated = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
        signed = base64.b64decode(line.rpartition(" ")[2], validate=True)
    except (ValueError, binascii.Error):
        raise BadNote(note) from None
    if len(stated.root) != 32 or len(signed) != 68 or note != _note(stated.text, origin, signed):
        raise BadNote(note)
    return stated, signed[:4], signed[4:]


def _note(text: str, name: str, signed: bytes) -> str:
    return f"{text}\n— {name} {_base64(signed)}\n"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
