"""Field types of payloads (people, commitments, digests, counts), and the base class."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Person: TypeAlias = Annotated[str, Meta(pattern=r"^(GK|TK)[0-9]{2,9}$")]
Commitment: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", title="commitment")]  # to a personal text
Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]  # SHA-256 of something other than a personal text
PublicKey: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", title="Ed25519")]
Word: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z_]{1,30}$")]  # one of a fixed list
Session: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]  # the first 16 hex digits of a secret's hash
Count: TypeAlias = Annotated[int, Meta(ge=0)]


class Payload(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base class of all payloads: decoding refuses unknown fields; encoding omits fields that have their default."""
